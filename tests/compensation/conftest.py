"""The sandbox systems, served once for all rows."""

from collections.abc import Iterator

import pytest

from tests.workbench.world import World, world


@pytest.fixture(scope="session")
def here() -> Iterator[World]:
    """The outside world; every bench brings it back to its beginning."""
    with world() as served:
        yield served
