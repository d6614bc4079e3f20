"""The command that auditors use, on executions that the deployed product made."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from infra.cli import trace
from infra.cli.installation import Installation
from infra.cli.main import app
from tests.journeys.conversation import Ended, over
from tests.journeys.people import said, weekday
from tests.journeys.stage import PRACTICE, Stage, journey

WANTED = weekday(10, 10)
Run = Callable[..., dict[str, Any]]


@journey
def audited(stage: Stage) -> Ended:
    talk = stage.conversation(stage.town.customer("Perpetua Lindqvist", tier="gold"))
    talk.ask(f"I'd like a cleaning on {said(WANTED)}")
    talk.ask("yes please")
    return over(talk)


@pytest.fixture
def run(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run `followthrough trace ... --json` against the stage's world, and return what it prints; `code` is expected."""
    there = Installation(stage.world.standin.client, stage.world.standin.outputs)
    monkeypatch.setattr(trace, "installation", lambda _stage: there)

    def command(*words: str, code: int = 0) -> dict[str, Any]:
        done = CliRunner().invoke(app, ["trace", *words, "--json"])
        assert done.exit_code == code, done.output
        printed: dict[str, Any] = json.loads(done.stdout) if done.stdout else {"said": done.stderr}
        return printed

    return command


@pytest.mark.parametrize("by", ["day", "party", "service", "status", "reference", "payment"])
def test_an_execution_is_listed_by_what_one_knows_of_it(audited: Ended, run: Run, by: str) -> None:
    """By its day, the customer's number, the service, how it ended, our reference or a provider's id."""
    opened = audited.report["timeline"][0]["at"][:10]
    asked = {
        "day": ["--day", opened],
        "party": ["--party", audited.customer.phone],
        "service": ["--service", "cleaning"],
        "status": ["--status", "completed"],
        "reference": ["--reference", audited.report["reference"]],
        "payment": ["--reference", audited.effect("payment")["evidence"]["id"]],
    }[by]
    found = run("list", "--tenant", PRACTICE, "--limit", "1000", *asked)
    listed = [it["execution"] for it in found["executions"]]
    assert audited.execution in listed
    if by in {"party", "reference", "payment"}:
        assert listed == [audited.execution]


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["--party", "+19999999999"], "nobody of brightsmile is known by this address"),
        (["--service", "cleaning", "--status", "completed"], "ask by one of"),
        (["--day", "yesterday"], "is no day"),
    ],
)
def test_what_cannot_be_listed_says_why(run: Run, words: list[str], says: str) -> None:
    """A stranger, two criteria at once and an unknown day each get a sentence, and exit code 1."""
    assert says in run("list", "--tenant", PRACTICE, *words, code=1)["said"].replace("\n", " ")


def test_an_execution_verifies(audited: Ended, run: Run) -> None:
    """Chain, seals and records agree, without a right to anything personal."""
    found = run("verify", audited.execution, "--tenant", PRACTICE)
    [verdict] = found["executions"]
    assert (found["verified"], verdict["execution"], verdict["fault"]) == (True, audited.execution, None)


def test_a_decision_is_explained(audited: Ended, run: Run) -> None:
    """Why this price: the row, the values and the rows that did not apply."""
    told = run("why", audited.execution, "price", "--tenant", PRACTICE)["explanation"]
    assert "row 1 of cleaning_price: Gold member. What was looked at: tier is gold" in told
    assert "The result: amount is $90.00" in told


def test_an_unknown_step_names_the_steps(audited: Ended, run: Run) -> None:
    """A wrong step is no traceback."""
    told = run("why", audited.execution, "prize", "--tenant", PRACTICE, code=1)["said"]
    assert "nothing was decided at 'prize'" in told


def test_an_export_verifies_offline_and_an_edit_of_it_does_not(audited: Ended, run: Run, tmp_path: Path) -> None:
    """The file is all that is needed; a changed line is named with its execution."""
    file = tmp_path / "traces.jsonl"
    done = run("export", str(file), "--tenant", PRACTICE, "--execution", audited.execution)
    assert done == {"file": str(file), "executions": 1, "entries": len(audited.report["timeline"])}
    assert run("verify", "--file", str(file))["verified"]
    assert audited.customer.name.split()[0] not in file.read_text()
    file.write_text(file.read_text().replace("Gold member", "Old member", 1))
    found = run("verify", "--file", str(file), code=1)
    [verdict] = found["executions"]
    assert (verdict["execution"], verdict["fault"]["flaw"]) == (audited.execution, "edited")


def test_a_missing_file_says_so(run: Run, tmp_path: Path) -> None:
    """No export is no proof."""
    assert "cannot be read" in run("verify", "--file", str(tmp_path / "none"), code=1)["said"]


def test_an_erasure_of_a_stranger_is_refused(run: Run) -> None:
    """Who is not known cannot be erased, and the number is not repeated."""
    told = run("erase", "+19999999999", "--tenant", PRACTICE, "--yes", code=1)["said"]
    assert "nobody" in told
    assert "9999" not in told
