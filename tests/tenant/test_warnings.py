"""Warnings: what may be meant so is told at its place, as mistakes are, and refuses nothing."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from followthrough.errors import Misconfigured, Problem
from followthrough.tenant.positions import read
from followthrough.tenant.shape import Report, shape
from infra.cli.main import app
from tests.tenant.adapters import warnings
from tests.tenant.test_mistakes import FINE


def _report(text: str) -> Report:
    document = read(text)
    report = Report(document.places, document.problems)
    assert shape(document.data, report) is not None
    return report


def test_a_warning_has_its_place_and_is_no_mistake() -> None:
    """A warning stands where its value, its key or the character in its text stands, once, and refuses nothing."""
    report = _report(FINE)
    for _ in range(2):
        report.warn(("currency",), "value")
        report.warn(("currency",), "key", key=True)
        report.warn_inside(("messages", "full", "en"), "Nothing free.", 8, "character")
    line = FINE[: FINE.index('full: {en: "Nothing')].count("\n") + 1
    column = FINE.split("\n")[line - 1].index("free") + 1
    assert [str(it) for it in report.warnings] == [
        "6:11 currency: value",
        "6:1 currency: key",
        f"{line}:{column} messages.full.en: character",
    ]
    assert report.problems == []


def test_a_warning_keeps_its_place_when_something_before_it_was_left_out() -> None:
    """Behind a step that could not be read, a step's warning still stands at that step."""
    report = _report(FINE.replace("- decide: welcome", "- guess: welcome", 1))
    report.warn(("services", "haircut", "steps", 1), "here")
    (warning,) = report.warnings
    assert FINE.split("\n")[warning.line - 1].strip() == "- retrieve: payer"
    assert warning.path == "services.haircut.steps[2]"


def test_a_fine_file_is_warned_of_nothing() -> None:
    """Where nothing is doubtful nothing is said."""
    assert warnings(FINE) == []


def test_what_is_refused_brings_its_warnings() -> None:
    """Mistakes and warnings of one file come together, each in the file's order."""
    first, second = Problem(2, 1, "a", "x"), Problem(1, 9, "b", "y")
    refused = Misconfigured([first, second], [first, second])
    assert (refused.problems, refused.warnings) == ([second, first], [second, first])


@pytest.mark.parametrize("wrong", [False, True])
def test_the_command_tells_warnings_apart(tmp_path: Path, *, wrong: bool) -> None:
    """`validate` says what is a mistake and what is a warning, and fails for mistakes alone."""
    path = tmp_path / "tenant.yaml"
    path.write_text(FINE.replace("currency: USD", "currency: UDS") if wrong else FINE)
    done = CliRunner().invoke(app, ["validate", str(path), "--json"])
    told = json.loads(done.output)
    assert (done.exit_code, told["valid"]) == (int(wrong), not wrong)
    (warning,) = told["warnings"]
    assert warning["path"] == "services.haircut.steps[7].wait"
    lines = CliRunner().invoke(app, ["validate", str(path)]).output.splitlines()
    said = f"{path}:{warning['line']}:{warning['column']} {warning['path']}: {warning['message']} (a warning)"
    assert said in lines
