"""A decision is explained by what it looked at, what fired, and what did not and why."""

import pytest

from followthrough.errors import Missing
from infra.cli.why import explain
from tests.workbench.bench import MAYA, OMAR, RAY, Bench
from tests.workbench.world import TENANT

CLEANING = "I'd like a cleaning next Wednesday at 3 pm"


def why(bench: Bench, step: str) -> str:
    return str(explain(bench.trace(), step)["explanation"])


def test_a_refusal_names_the_rule_and_the_value(bench: Bench) -> None:
    """Who was refused can be told by which rule, on which value, and which rules were not reached."""
    bench.text(RAY, CLEANING)
    said = why(bench, "eligible")
    assert "came out as “refused”: rule 1 holds: patient.status ==" in said
    assert "patient.status is blocked" in said


def test_an_allowance_names_what_did_not_hold(bench: Bench) -> None:
    """Rules that did not fire are told with the values that they looked at."""
    bench.text(MAYA, CLEANING)
    found = explain(bench.trace(), "eligible")
    assert found["outcome"] == "allowed"
    assert all(it.startswith("rule") and "does not hold" in it for it in found["not_fired"])
    assert "patient.status" in found["inputs"]


def test_a_price_names_the_row_and_those_before_it(bench: Bench) -> None:
    """A table's row is told with the columns that it looked at, and with why earlier rows did not hold."""
    bench.text(OMAR, CLEANING)
    found = explain(bench.trace(), "price")
    assert "tier is not gold" in " ".join(found["not_fired"])
    assert "The result: amount is $120.00" in found["explanation"]
    assert found["release"] == bench.context().release
    assert f"rules of release {found['release']}" in found["explanation"]


def test_a_price_names_the_rows_that_were_not_reached(bench: Bench) -> None:
    """After the row that held nothing was looked at."""
    bench.text(MAYA, CLEANING)
    assert "row 2 was not reached" in explain(bench.trace(), "price")["not_fired"]


def test_a_choice_tells_how_many_there_were(bench: Bench) -> None:
    """What was wanted and how much there was to choose from is on record."""
    bench.text(MAYA, CLEANING)
    inputs = explain(bench.trace(), "slot")["inputs"]
    assert inputs["openings"] > 0
    assert "T" in inputs["inputs.when"]


def test_reasons_hold_nothing_personal(bench: Bench) -> None:
    """Values are kept under the person's key: what stays after an erasure says only which rule."""
    bench.text(RAY, CLEANING)
    bench.keys.erase(TENANT, bench.context().subject)
    found = explain(bench.trace(), "eligible")
    assert "What was looked at was personal and has been erased." in found["explanation"]
    assert (found["fired"], found["inputs"]) == ("rule 1", None)


def test_an_unknown_step_names_those_there_are(bench: Bench) -> None:
    """Whoever mistypes a step is told the steps."""
    bench.text(RAY, CLEANING)
    with pytest.raises(Missing, match=r"there are: .*eligible"):
        explain(bench.trace(), "eligibility")
