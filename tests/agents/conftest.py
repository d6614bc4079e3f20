"""The sandbox systems, served once for all tests of this folder."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from hypothesis import settings

from followthrough.contracts.crm import NewActivity
from followthrough.engine.effects import Deed, Performed, perform
from tests.agents.visits import Do
from tests.workbench.bench import MAYA, Bench
from tests.workbench.oddjob import OddJob
from tests.workbench.world import World, world

LONG = "long"
"""The profile for those who have the time: pytest --hypothesis-profile long tests/agents/test_any_chain.py"""

settings.register_profile(LONG)


@pytest.fixture(scope="session")
def here() -> Iterator[World]:
    """The outside world; every bench brings it back to its beginning."""
    with world() as served:
        yield served


@pytest.fixture
def bench(here: World) -> Bench:
    """A bench that nothing befalls."""
    return Bench(here)


@pytest.fixture
def job(bench: Bench) -> OddJob:
    """An odd job in the calendar's place, and an execution that may do it."""
    bench.text(MAYA, "a cleaning", settle=False)
    bench.systems.instead["calendar"] = job = OddJob()
    return job


@pytest.fixture
def do(bench: Bench, job: OddJob) -> Do:
    """Visit the odd job once, as an agent's invocation does."""

    def visit(kind: str, **more: object) -> Performed:
        deed = Deed("odd", "calendar", kind, NewActivity(text="sweep"), **more)  # type: ignore[arg-type]
        case = bench.case()
        performed = perform(case, deed)
        case.commit()
        written = {effect.id: effect for effect in case.effects()}
        return replace(performed, effect=written[performed.effect.id]) if performed.effect else performed

    return visit
