"""The emulator's PartiQL transactions, at a price that does not grow with the table.

Before each one it copies every item of the tables concerned, value by value, to be able to put them back: with a few
hundred executions that takes a tenth of a second. It never changes an item in place, so that copying the maps that
hold the items is enough.
"""

import copy
from types import SimpleNamespace
from typing import Any

from ministack.services import dynamodb


def quick() -> None:
    """Correct the emulator in this process, before it serves."""
    module: Any = dynamodb
    module.copy = SimpleNamespace(copy=copy.copy, deepcopy=_deepcopy)


def _deepcopy(value: Any) -> Any:
    if _is_table(value):
        return {partition: dict(items) for partition, items in value.items()}
    return copy.deepcopy(value)


def _is_table(value: Any) -> bool:
    """Tell whether this is a map of partitions to maps of items: what has an item with a key two levels down."""
    item = value
    for _ in range(2):
        if not isinstance(item, dict) or not item:
            return False
        item = next(iter(item.values()))
    return isinstance(item, dict) and "pk" in item
