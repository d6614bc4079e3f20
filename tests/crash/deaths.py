"""Ends of a worker process, by wrappers around its ports: the product knows nothing of them.

The process really ends (`os._exit`): no `finally`, no `except` and no buffer gets another word in.
"""

import os
from dataclasses import dataclass
from typing import Any

from followthrough.engine.ports import Ports
from followthrough.errors import Refused
from followthrough.ledger.models import Effect, EffectStatus
from tests.workbench.watched import watched

POINTS = {
    "before the intent": "before ledger.begin",
    "after the intent": "after ledger.begin",
    "after the provider": "after adapter.run",
    "after the evidence": "after ledger.settle",
    "before the return": "before return",
}
"""Where a process may end while it does one thing in one system, in their order."""

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
        self._effect: Effect | None = None
        self._evident = False

    def __call__(self, point: str, argument: Any = None) -> None:
        """Go on, or never return."""
        if isinstance(argument, Effect):
            self._effect = argument
        ours = self._ours()
        settled = point == "after ledger.settle" and isinstance(argument, Effect)
        done = settled and argument.status is EffectStatus.DONE
        self._evident = self._evident or (ours and done)
        # Before it returns, the process may have gone on to other effects since.
        due = self._evident if point == "before return" else ours and self._is_ours(point, done, argument)
        if self._doom.call == self._calls or (due and point == POINTS.get(self._doom.point)):
            os._exit(STATUS)
        self._calls += 1

    def _ours(self) -> bool:
        doom, effect = self._doom, self._effect
        if effect is None or (effect.adapter, effect.operation) != (doom.adapter, doom.operation):
            return False
        return doom.step in effect.step

    def _is_ours(self, point: str, done: bool, argument: Any) -> bool:  # noqa: FBT001
        """Tell whether the call itself is about our operation, not only the effect that the process is at."""
        match point:
            case "after ledger.settle":
                return done
            case "after adapter.run":
                return bool(argument == self._doom.operation)
        return True


def mortal(ports: Ports, reaper: Reaper, refused: str = "") -> Ports:
    """Wrap every port through which something is written. An operation that is `refused` is never done."""

    def told(point: str, argument: Any) -> None:
        if (point, argument) == ("before adapter.run", refused):
            raise Refused("sandbox", "refused")
        reaper(point, argument)

    return watched(ports, told)
