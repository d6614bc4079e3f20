"""Tell what a function sees of its surroundings, and log it."""

import importlib
import os
import sys
from typing import Any


def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    sys.stderr.write(f"deciding for {event['execution']}\n")
    found = {name: _origin(name) for name in ("followthrough", "stripe", "pytest")}
    return {
        **event,
        "outcome": "done",
        "found": found,
        "stage": os.environ["STAGE"],
        "arn": context.invoked_function_arn,
    }


def _origin(name: str) -> str:
    try:
        return str(importlib.import_module(name).__file__)
    except ImportError:
        return ""
