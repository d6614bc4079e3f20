"""Do nothing: the infrastructure is tested without the product."""

from typing import Any


def handler(event: dict[str, Any], _context: object) -> dict[str, Any]:
    return {**event, "outcome": "done"}
