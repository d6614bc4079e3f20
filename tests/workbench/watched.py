"""Ports with somebody watching every call: wrappers to put around them, so that a test can end the process anywhere.

Bench(here, wrap=lambda ports: watched(ports, watch))

`watch` is told `before ledger.begin`, `after adapter.run` and so on, and what the call is about: an effect, several,
what is written, which execution is loaded; of an adapter `<adapter>.<operation>`. What it raises leaves the call;
raising `Killed` ends the process there.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, cast

from followthrough.contracts.adapter import Adapter
from followthrough.engine.ports import Machines, Ports, Systems
from followthrough.tenant.models import Tenant
from followthrough.tenant.scopes import Operations
from tests.workbench.weather import Killed

if TYPE_CHECKING:
    from followthrough.ledger.stores import Agenda, Conversations, Ledger

Watch = Callable[[str, Any], None]


class Watched:
    """Any port or adapter, each of its calls told before and after."""

    def __init__(self, port: Any, name: str, watch: Watch) -> None:
        self._port, self._name, self._watch = port, name, watch

    def __getattr__(self, name: str) -> Any:
        value = getattr(self._port, name)
        if not callable(value):
            return value

        def call(*arguments: Any, **named: Any) -> Any:
            about = self._about(name, arguments)
            self._watch(f"before {self._name}.{name}", about)
            answer = value(*arguments, **named)
            self._watch(f"after {self._name}.{name}", about)
            return answer

        return call

    def _about(self, name: str, arguments: tuple[Any, ...]) -> Any:
        if self._name == "adapter":
            return f"{self._port.name}.{arguments[0]}"
        at = 1 if name in {"write", "load", "load_everything"} else 0
        return arguments[at] if len(arguments) > at else None


@dataclass(frozen=True)
class WatchedSystems:
    """Systems whose adapters are watched."""

    systems: Systems
    watch: Watch

    def adapter(self, tenant: Tenant, system: str) -> Adapter:
        """Return the adapter, watched."""
        return cast("Adapter", Watched(self.systems.adapter(tenant, system), "adapter", self.watch))

    def operations(self) -> Operations:
        """Return what every adapter can do."""
        return self.systems.operations()


def watched(ports: Ports, watch: Watch) -> Ports:
    """Wrap every port through which something is written."""
    return replace(
        ports,
        ledger=cast("Ledger", Watched(ports.ledger, "ledger", watch)),
        agenda=cast("Agenda", Watched(ports.agenda, "agenda", watch)),
        conversations=cast("Conversations", Watched(ports.conversations, "conversations", watch)),
        machines=cast("Machines", Watched(ports.machines, "machines", watch)),
        systems=WatchedSystems(ports.systems, watch),
    )


WRITES = (
    *("ledger.open", "ledger.begin", "ledger.intend", "ledger.write"),
    *("adapter.run", "machines.start", "machines.resume"),
    *(f"conversations.{name}" for name in ("accept", "enter", "leave", "take", "wait", "forget")),
)


@dataclass
class Reaper:
    """A watch that ends the process once, before the `at`th call of a kind in `of`; `points` lists those that came.

    To die after a call is to die before the next one: nothing is written in between.
    """

    at: int = -1
    of: tuple[str, ...] = WRITES
    points: list[str] = field(default_factory=list)

    def __call__(self, point: str, _argument: object) -> None:
        """Count, and strike."""
        when, _, name = point.partition(" ")
        if when != "before" or name not in self.of:
            return
        self.points.append(name)
        if len(self.points) - 1 == self.at:
            raise Killed
