"""A small share of `make fuzz`: nothing breaks, whatever comes in."""

import pytest

from tests.fuzz import commands, files, posts
from tests.fuzz.tally import Tally


def held(tally: Tally) -> bool:
    """Tell that there was something to hold against, and that it held."""
    assert tally.outcomes.total() > 50
    return not tally.broken


def test_posts() -> None:
    """Every webhook takes or refuses what is posted, with a status, and does nothing else."""
    tally = posts.fuzz(share=1, seed=7)
    assert held(tally), tally.broken
    assert {"200", "400", "403", "404", "413"} <= set(tally.outcomes)


def test_files() -> None:
    """A tenant's file is loaded, or refused with its mistakes."""
    tally = files.fuzz(share=0.02, seed=7)
    assert held(tally), tally.broken
    assert set(tally.outcomes) == {"loaded", "refused"}


@pytest.mark.usefixtures("capsys")
def test_commands() -> None:
    """Whatever is typed ends with a status."""
    tally = commands.fuzz(share=0.01, seed=7)
    assert held(tally), tally.broken
