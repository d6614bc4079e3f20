"""How the tests are shared out among processes."""

from pathlib import Path
from typing import Any

import pytest
from xdist.scheduler import LoadScopeScheduling

_HERE = Path(__file__).parent
_TOGETHER = ("journeys", "infra")
"""Folders whose tests share something that takes long to start, and so run in one process each."""


class Together(LoadScopeScheduling):  # type: ignore[misc]  # xdist carries no type information
    """Keeps the tests of a file together, and those of some folders.

    xdist has marks for groups, which nothing heeds since pytest 9.2: each process would start everything.
    """

    def _split_scope(self, nodeid: str) -> str:
        file = nodeid.partition("::")[0]
        folder = file.split("/")[1]
        return folder if folder in _TOGETHER else file


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Together:
    """Share them out so, whatever `--dist` says."""
    return Together(config, log)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with what takes longest."""
    items.sort(key=lambda item: item.path.relative_to(_HERE).parts[0] not in _TOGETHER)
