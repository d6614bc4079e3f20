"""The outside world on this machine: the sandbox systems, served over HTTP.

with Sandbox.start(all_systems(utc_now)) as sandbox:
    sandbox.seed("stripe", {"customers": [...]})
    sandbox.fault("stripe", "drop after commit", path="/v1/payment_intents")
    ... sandbox.endpoints["stripe"] ...
"""

from collections.abc import Iterable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Self

from infra.local.sandbox_booth import BACK_DOOR, Booth, Seen
from infra.local.sandbox_courier import Courier, Delivery
from infra.local.sandbox_server import SandboxServer
from simulation.exchange import Callback, Request, Response, SandboxSystem
from simulation.faults import Fault, Rule

CALLBACK_SECONDS = 0.1


@dataclass
class Sandbox:
    """The served systems by name."""

    _servers: Mapping[str, SandboxServer]
    _courier: Courier

    @classmethod
    def start(
        cls,
        systems: Iterable[SandboxSystem],
        *,
        ports: Mapping[str, int] | None = None,
        callback_base: Mapping[str, str] | None = None,
        callback_seconds: float = CALLBACK_SECONDS,
    ) -> Self:
        """Serve each system on a port of its own: the one that `ports` names for it, else any free one.

        `callback_base` maps a public URL prefix to where it is really served, for callbacks; `redirect` adds to it
        later. Every `callback_seconds` one more thing happens to a message on its way.
        """
        with ExitStack() as started:
            servers: dict[str, SandboxServer] = {}
            for system in systems:
                server = SandboxServer(Booth.of(system), (ports or {}).get(system.name, 0))
                started.callback(server.close)
                servers[system.name] = server
            courier = Courier(lambda: _due(servers.values()), callback_seconds, callback_base or {})
            started.pop_all()
        return cls(servers, courier)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Stop everything; nothing is left running."""
        for server in self._servers.values():
            server.close()
        self._courier.close()

    @property
    def endpoints(self) -> dict[str, str]:
        """Base URLs by system."""
        return {name: server.endpoint for name, server in self._servers.items()}

    @property
    def deliveries(self) -> list[Delivery]:
        """The callbacks that were posted, in order."""
        return list(self._courier.deliveries)

    def redirect(self, public: str, actual: str) -> None:
        """Post callbacks for URLs that begin with `public` to `actual` instead; they stay signed over the former."""
        self._courier.bases = {**self._courier.bases, public: actual}

    def seed(self, system: str, data: dict[str, Any]) -> None:
        """Add records to a system as if they had always been there."""
        with self._booth(system).lock:
            self._booth(system).system.seed(data)

    def snapshot(self, system: str) -> dict[str, Any]:
        """The state of a system, as JSON values."""
        with self._booth(system).lock:
            return self._booth(system).system.snapshot()

    def fault(
        self,
        system: str,
        fault: Fault | str,
        *,
        method: str | None = None,
        path: str = "",
        times: int = 1,
        seconds: float = 1.0,
        body: str = "",
    ) -> None:
        """Let the next `times` requests to a system that fit meet a fault; see Rule."""
        rule = Rule(system, Fault(fault), method, path, times, seconds, body)
        with self._booth(system).lock:
            self._booth(system).faults.add(rule)

    def lift(self, system: str) -> None:
        """Lift all faults of a system."""
        self._door(system, "DELETE", "faults")

    def requests(self, system: str) -> list[Seen]:
        """What a system was asked, in order."""
        with self._booth(system).lock:
            return list(self._booth(system).seen)

    def reset(self, system: str) -> None:
        """Bring a system back to how it was when it was started, without faults."""
        self._door(system, "POST", "reset")

    def _booth(self, system: str) -> Booth:
        return self._servers[system].booth

    def _door(self, system: str, method: str, door: str) -> Response:
        return self._booth(system).back_door(Request(method, f"{BACK_DOOR}{door}"))


def _due(servers: Iterable[SandboxServer]) -> list[Callback]:
    """Gather what the systems that have callbacks want to be posted."""
    gathered: list[Callback] = []
    for server in servers:
        with server.booth.lock:
            due = getattr(server.booth.system, "due_callbacks", None)
            gathered += due() if due else []
    return gathered
