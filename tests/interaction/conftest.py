"""The sandbox systems, served once for all tests of this folder."""

from collections.abc import Iterator

import pytest

from tests.workbench.bench import Bench
from tests.workbench.world import World, world


@pytest.fixture(scope="session")
def here() -> Iterator[World]:
    """The outside world; every bench brings it back to its beginning."""
    with world() as served:
        yield served


@pytest.fixture
def bench(here: World) -> Bench:
    """A bench that nothing befalls."""
    return Bench(here)
