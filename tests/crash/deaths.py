"""Ends of a worker process, by wrappers around its ports: the product knows nothing of them.

The process really ends (`os._exit`): no `finally`, no `except` and no buffer gets another word in.
"""

import os
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, cast

from followthrough.agents.work import Machines, Ports, Systems
from followthrough.errors import Refused
from followthrough.integration.manifest import Adapter
from followthrough.ledger.models import Effect, EffectStatus
from followthrough.tenant.models import Tenant
from followthrough.tenant.scopes import Operations

if TYPE_CHECKING:
    from followthrough.ledger.ports import Conversations, Ledger

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


class Mortal:
    """Any port or adapter, each of its calls told before and after with its first argument."""

    def __init__(self, port: Any, name: str, told: Callable[[str, Any], None]) -> None:
        self._port, self._name, self._told = port, name, told

    def __getattr__(self, name: str) -> Any:
        value = getattr(self._port, name)
        if not callable(value):
            return value

        def call(*arguments: Any, **named: Any) -> Any:
            first = arguments[0] if arguments else None
            self._told(f"before {self._name}.{name}", first)
            answer = value(*arguments, **named)
            self._told(f"after {self._name}.{name}", first)
            return answer

        return call


@dataclass(frozen=True)
class MortalSystems:
    """Systems at whose calls a process may end. An operation that is `refused` is never done."""

    systems: Systems
    told: Callable[[str, Any], None]
    refused: str = ""

    def adapter(self, tenant: Tenant, system: str) -> Adapter:
        """Return the adapter, wrapped."""
        return cast("Adapter", Mortal(self.systems.adapter(tenant, system), "adapter", self._before))

    def operations(self) -> Operations:
        """Return what every adapter can do."""
        return self.systems.operations()

    def _before(self, point: str, argument: Any) -> None:
        if point == "before adapter.run" and argument == self.refused:
            raise Refused("sandbox", "refused")
        self.told(point, argument)


def mortal(ports: Ports, reaper: Reaper, refused: str = "") -> Ports:
    """Wrap every port through which something is written."""
    return replace(
        ports,
        ledger=cast("Ledger", Mortal(ports.ledger, "ledger", reaper)),
        conversations=cast("Conversations", Mortal(ports.conversations, "conversations", reaper)),
        machines=cast("Machines", Mortal(ports.machines, "machines", reaper)),
        systems=MortalSystems(ports.systems, reaper, refused),
    )
