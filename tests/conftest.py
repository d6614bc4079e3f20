"""How the tests are shared out among processes."""

from pathlib import Path

import pytest

_HERE = Path(__file__).parent
_TOGETHER = ("journeys", "infra")
"""Folders whose tests share something that takes long to start, and so run in one process each."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Keep the tests of a file together, and those of some folders."""
    for item in items:
        path = item.path.relative_to(_HERE)
        group = path.parts[0] if path.parts[0] in _TOGETHER else str(path)
        item.add_marker(pytest.mark.xdist_group(group))
    # What takes longest begins first.
    items.sort(key=lambda item: item.path.relative_to(_HERE).parts[0] not in _TOGETHER)
