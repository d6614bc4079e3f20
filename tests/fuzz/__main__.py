"""Hostile input at every edge, from the command line: `python -m tests.fuzz [--share 1.0] [--seed 7]`, or `make fuzz`.

Prints what came of it, and ends with 1 where anything broke. The suite does the same with a small share.
"""

import argparse
import resource
import secrets
import sys

from rich.console import Console
from rich.table import Column, Table

from tests.fuzz import answers, commands, files, posts
from tests.fuzz.tally import Tally

EDGES = (posts, answers, files, commands)


def main() -> None:
    """Try everything, print, and tell by the status whether it held."""
    asked = argparse.ArgumentParser(prog="make fuzz", description="Hostile input at every edge.")
    asked.add_argument("--share", type=float, default=1.0, help="how much of all that there is to try")
    asked.add_argument("--seed", type=int, default=secrets.randbelow(10**6), help="which share")
    options = asked.parse_args()
    console = Console()
    console.print(f"seed {options.seed}")
    tallies = [edge.fuzz(options.share, options.seed) for edge in EDGES]
    console.print(_table(tallies))
    broken = [f"{tally.edge}: {it}" for tally in tallies for it in tally.broken]
    for one in broken[:50]:
        console.print(one, markup=False)
    sys.exit(1 if broken else 0)


def _table(tallies: list[Tally]) -> Table:
    right = [Column(name, justify="right") for name in ("tried", "broke", "slowest")]
    table = Table(Column("edge"), *right, Column("outcomes"))
    for it in tallies:
        outcomes = ", ".join(f"{name} {count}" for name, count in it.outcomes.most_common())
        table.add_row(it.edge, str(it.outcomes.total()), str(len(it.broken)), f"{it.slowest:.1f} s", outcomes)
    table.caption = f"{resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024} MB at most"
    return table


if __name__ == "__main__":
    main()
