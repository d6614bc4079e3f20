"""The benchmark from the command line: `python -m tests.bench [--json]`, or `make bench`.

Beside each number stands what the last run on this machine measured and the ratio to it: run it on both versions of a
change, one after the other. Counts compare as they are; times are processor time, and those of two machines do not
compare. Nothing here passes or fails.
"""

import argparse
import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from pathlib import Path

from rich.console import Console
from rich.table import Column, Table

from tests.bench.booking import booking
from tests.bench.measure import Measure
from tests.bench.parts import parts
from tests.bench.starts import starts
from tests.bench.sweep import sweeps

LAST = Path(__file__).parents[2] / ".local" / "bench.json"
GROUPS = {"one booking": booking, "a sweep": sweeps, "parts": parts, "import of a function": starts}


def main() -> None:
    """Measure, print, and keep what was measured for the next run."""
    asked = argparse.ArgumentParser(prog="make bench", description="Count and time what the product does.")
    asked.add_argument("--json", action="store_true", help="print JSON instead of tables")
    options = asked.parse_args()
    before: dict[str, float] = json.loads(LAST.read_text()) if LAST.exists() else {}
    measured = {group: list(measure()) for group, measure in GROUPS.items()}
    LAST.parent.mkdir(exist_ok=True)
    LAST.write_text(json.dumps({it.name: it.value for group in measured.values() for it in group}))
    if options.json:
        print(json.dumps({group: [asdict(it) for it in found] for group, found in measured.items()}, indent=2))  # noqa: T201  a command prints
        return
    console = Console()
    for group, found in measured.items():
        console.print(_table(group, found, before))


def _table(group: str, measured: Iterable[Measure], before: Mapping[str, float]) -> Table:
    right = [Column(name, justify="right") for name in ("now", "before", "ratio")]
    table = Table(Column(group, min_width=34), *right, Column("", min_width=3))
    for it in measured:
        last = before.get(it.name)
        ratio = f"{it.value / last:.2f}" if last else ""
        table.add_row(it.name, _said(it.value), "" if last is None else _said(last), ratio, it.unit)
    return table


def _said(value: float) -> str:
    return f"{value:.1f}" if value % 1 else f"{value:.0f}"


if __name__ == "__main__":
    main()
