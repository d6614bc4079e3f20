"""One synthesis and one stand-in for all tests of the infrastructure, with handlers of their own."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from infra.local.standin import STAGE, Standin, standin
from infra.local.synth import assembly

HANDLERS = Path(__file__).with_name("handlers")


@pytest.fixture(scope="session")
def template() -> dict[str, Any]:
    """The template that the stand-in deploys."""
    text = (assembly(STAGE, HANDLERS) / f"{STAGE.prefix}.template.json").read_text()
    parsed: dict[str, Any] = json.loads(text)
    return parsed


@pytest.fixture(scope="session")
def here() -> Iterator[Standin]:
    """The stack, deployed with the handlers of this folder."""
    with standin(
        endpoints={"stripe": "http://127.0.0.1:1"}, public_url="https://texts.example", handlers=HANDLERS
    ) as up:
        yield up
