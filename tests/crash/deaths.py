"""Ends of a worker process, by wrappers around its ports: the product knows nothing of them.

The process really ends (`os._exit`): no `finally`, no `except` and no buffer gets another word in.
"""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from followthrough.engine.ports import Ports
from followthrough.errors import Refused
from followthrough.ledger.changes import Changes
from followthrough.ledger.models import Effect, EffectStatus
from tests.workbench.watched import watched

POINTS = ("before the intent", "after the intent", "after the provider", "after the evidence", "before the return")
"""Where a process may end while it does one thing in one system, in their order."""

_INTENTS = {"ledger.begin", "ledger.intend"}

STATUS = 9


@dataclass(frozen=True)
class Doom:
    """When a process ends: at a point of one operation, or (`call` from 0 on) at whatever its `call`th point is.

    `step` may narrow an operation that a chain does several times.
    """

    point: str = ""
    adapter: str = ""
    operation: str = ""
    step: str = ""
    call: int = -1


class Reaper:
    """Told of every point that the process comes to; ends it at the one that it is doomed to."""

    def __init__(self, doom: Doom) -> None:
        self._doom = doom
        self._calls = 0
        self._begun: list[Effect] = []
        self._evident = False

    def __call__(self, point: str, argument: Any = None) -> None:
        """Go on, or never return."""
        if self._doom.call == self._calls or self._doom.point in self._reached(point, argument):
            os._exit(STATUS)
        self._calls += 1

    def _reached(self, point: str, argument: Any) -> Iterator[str]:
        """Name the points of the doomed operation that this one is."""
        when, _, call = point.partition(" ")
        if call in _INTENTS:
            self._begun = [argument] if isinstance(argument, Effect) else list(argument)
        begun = any(self._is_ours(effect) for effect in self._begun)
        if call in _INTENTS and begun:
            yield f"{when} the intent"
        if point == "after adapter.run" and begun and argument == f"{self._doom.adapter}.{self._doom.operation}":
            yield "after the provider"
        if point == "after ledger.write" and any(self._is_ours(it) for it in _done(argument)):
            self._evident = True
            yield "after the evidence"
        # Before it returns, the process may have gone on to other effects since.
        if point == "before return" and self._evident:
            yield "before the return"

    def _is_ours(self, effect: Effect) -> bool:
        doom = self._doom
        return (effect.adapter, effect.operation) == (doom.adapter, doom.operation) and doom.step in effect.step


def _done(changes: Changes) -> list[Effect]:
    return [effect for effect in changes.effects if effect.status is EffectStatus.DONE]


def mortal(ports: Ports, reaper: Reaper, refused: str = "") -> Ports:
    """Wrap every port through which something is written. An operation that is `refused` is never done."""

    def told(point: str, argument: Any) -> None:
        if point == "before adapter.run" and refused and argument.endswith(f".{refused}"):
            raise Refused("sandbox", "refused")
        reaper(point, argument)

    return watched(ports, told)
