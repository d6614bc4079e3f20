"""One world for all journeys: the product on the embedded AWS, between its sandbox systems."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from infra.local.world import World, world as running
from tests.journeys.stage import AT_ONCE, PLAYS, Stage


@pytest.fixture(scope="session")
def world() -> Iterator[World]:
    """The running world."""
    with running() as up:
        yield up


@pytest.fixture(scope="session")
def stage(world: World, request: pytest.FixtureRequest) -> Iterator[Stage]:
    """The stage, with every journey under way that a test of this run wants to see the end of."""
    wanted = {name for item in request.session.items for name in getattr(item, "fixturenames", []) if name in PLAYS}
    with ThreadPoolExecutor(AT_ONCE, thread_name_prefix="journey") as pool:
        made = Stage.of(world)
        made.play(pool, wanted)
        yield made
        pool.shutdown(cancel_futures=True)


@pytest.fixture(scope="session")
def quiet(stage: Stage) -> Stage:
    """The stage when every journey is over, and nobody changes anything any more."""
    stage.all_over()
    return stage
