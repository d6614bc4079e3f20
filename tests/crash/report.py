"""What came out, as tables for people."""

from collections.abc import Mapping, Sequence

from rich.table import Column, Table

from tests.crash.crowd import Crowd
from tests.crash.matrix import COLUMNS, Cell


def matrix_table(results: Mapping[Cell, list[str]]) -> Table:
    """Return a line per write, a column per point at which the process ended."""
    first = Column("write", no_wrap=True, min_width=26)
    table = Table(first, *COLUMNS, title="What is there after a death, and after it was taken up")
    for write in dict.fromkeys(write for write, _ in results):
        table.add_row(str(write), *(_said(results[write, column]) for column in COLUMNS))
    return table


def crowds_table(crowds: Sequence[Crowd]) -> Table:
    """Return a line per crowd."""
    table = Table("seed", "jobs", "processes that died", "booked", "misses", title="Deaths at random, 16 jobs at once")
    for it in crowds:
        table.add_row(it.seed, str(it.jobs), str(it.deaths), str(it.booked), _said(it.wrong))
    return table


def misses(results: Mapping[Cell, list[str]], crowds: Sequence[Crowd]) -> list[str]:
    """Return every miss with where it was."""
    named = [f"{write}, {column}: {it}" for (write, column), wrong in results.items() for it in wrong]
    return named + [f"seed {it.seed}: {miss}" for it in crowds for miss in it.wrong]


def _said(wrong: Sequence[str]) -> str:
    return "; ".join(wrong) if wrong else "ok"
