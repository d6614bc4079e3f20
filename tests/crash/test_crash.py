"""A small part of `make crash`, so that every run of the tests ends some processes for real."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from infra.local.emulator import emulator
from tests.crash.crowd import crowd
from tests.crash.matrix import PROMPT, WRITES, matrix
from tests.crash.report import misses

SAMPLE = [it for it in WRITES if it.operation == "charge"]


@pytest.fixture(scope="module")
def gateway() -> Iterator[str]:
    """The embedded AWS."""
    with emulator(Path(sys.executable)) as running:
        yield running.gateway


def test_a_death_at_any_point_leaves_each_deed_once(gateway: str) -> None:
    """Wherever the process ends: paid once, booked once, said once, closed, all told."""
    results = matrix(gateway, SAMPLE, [PROMPT])
    assert len(results) == len(SAMPLE) * len(PROMPT)
    assert misses(results, []) == []


def test_a_crowd_survives_deaths_at_random(gateway: str) -> None:
    """Three at once, with processes dying anywhere: nobody pays twice, nobody is lost, everybody is told."""
    result = crowd(gateway, "a seed for every day", 3)
    assert result.deaths > 3
    assert result.wrong == []
