"""The crash harness from the command line: `python -m tests.crash [--long] [--seed SEED]`, or `make crash [LONG=1]`.

Short: every write at every point, and one crowd of 20. Long: and 20 crowds of 100. Exits with 1 on any miss.
"""

import argparse
import secrets
import sys
import time
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from infra.local.emulator import emulator
from tests.crash.crowd import Crowd, crowd
from tests.crash.matrix import COLUMNS, WRITES, Cell, matrix
from tests.crash.report import crowds_table, matrix_table, misses

SHORT, LONG = (1, 20), (20, 100)
"""Runs, and jobs in each."""


def main() -> int:
    """Run, print what came out, and return the exit status."""
    asked = argparse.ArgumentParser(prog="make crash", description="End worker processes anywhere and look for harm.")
    asked.add_argument("--long", action="store_true", help="20 crowds of 100 instead of one of 20")
    asked.add_argument("--seed", default=secrets.token_hex(4), help="repeat the deaths of an earlier run")
    options = asked.parse_args()
    console, began = Console(), time.monotonic()
    runs, jobs = LONG if options.long else SHORT
    console.print(f"seed {options.seed}")
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console) as bars, emulator(Path(sys.executable)) as aws:
        cells = bars.add_task("every write at every point", total=len(WRITES) * len(COLUMNS))
        results = matrix(aws.gateway, tell=lambda done: bars.update(cells, completed=done))
        crowds = [_crowd(bars, aws.gateway, f"{options.seed}-{run}", jobs) for run in range(1, runs + 1)]
    return _report(console, results, crowds, time.monotonic() - began)


def _crowd(bars: Progress, gateway: str, seed: str, jobs: int) -> Crowd:
    bar = bars.add_task(f"crowd {seed}", total=jobs)
    result = crowd(gateway, seed, jobs, lambda done: bars.update(bar, completed=done))
    bars.update(bar, completed=jobs)
    told = [f"{result.deaths} deaths", f"{result.booked} booked", *(result.wrong or ["no miss"])]
    bars.console.print(f"crowd {seed}: {'; '.join(told)}", markup=False)
    return result


def _report(console: Console, results: dict[Cell, list[str]], crowds: list[Crowd], seconds: float) -> int:
    console.print(matrix_table(results), crowds_table(crowds))
    missed = misses(results, crowds)
    for miss in missed:
        console.print(miss, style="red", highlight=False, markup=False)
    jobs, deaths = sum(it.jobs for it in crowds), sum(it.deaths for it in crowds)
    console.print(
        f"{len(results)} deaths at named points, {deaths} at random ones among {jobs} jobs, "
        f"{len(missed)} misses, {seconds:.0f} s"
    )
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
