"""Whole files with several mistakes, and the exact report that an operator gets.

To accept a new wording of the reports: `GOLDEN=write pytest tests/tenant/test_golden.py`, then read the difference.
"""

import os
from pathlib import Path

import pytest

from followthrough.errors import Misconfigured
from tests.tenant.adapters import loaded

GOLDEN = Path(__file__).parent / "golden"
INPUTS = sorted((GOLDEN / "input").glob("*.yaml"))


@pytest.mark.parametrize("path", INPUTS, ids=lambda path: path.stem)
def test_report(path: Path) -> None:
    """Every mistake of the file is reported at its place, in the words that were agreed."""
    with pytest.raises(Misconfigured) as caught:
        loaded(path.read_text())
    report = f"{caught.value}\n"
    expected = GOLDEN / "output" / f"error_{path.stem}.txt"
    if os.environ.get("GOLDEN") == "write":
        expected.parent.mkdir(exist_ok=True)
        expected.write_text(report)
    assert report == expected.read_text()


def test_there_are_inputs() -> None:
    """An empty folder would make the test above pass without looking at anything."""
    assert len(INPUTS) >= 10
