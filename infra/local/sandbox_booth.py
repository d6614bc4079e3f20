"""One sandbox system with its faults, its visitors' book and its back door; no sockets here.

The back door is under `/_sandbox/`: GET state and requests, POST seed, faults and reset, DELETE faults.
"""

from collections import deque
from copy import deepcopy
from dataclasses import asdict, dataclass, field
from threading import Event, Lock

from simulation.exchange import Request, Response, SandboxSystem
from simulation.faults import Fault, Rule, Switchboard, answered

BACK_DOOR = "/_sandbox/"
REMEMBERED = 10_000


@dataclass(frozen=True)
class Seen:
    """A request that came in; `status` is 0 where the connection was closed without an answer."""

    method: str
    path: str
    status: int


@dataclass
class Booth:
    """A system with all that surrounds it. Whoever touches `system` or `faults` holds `lock`."""

    system: SandboxSystem
    pristine: SandboxSystem
    faults: Switchboard = field(default_factory=Switchboard)
    seen: deque[Seen] = field(default_factory=lambda: deque(maxlen=REMEMBERED))
    lock: Lock = field(default_factory=Lock)
    closing: Event = field(default_factory=Event)

    @classmethod
    def of(cls, system: SandboxSystem) -> "Booth":
        """Surround a system, and remember how it was."""
        return cls(system, _copy(system))

    def serve(self, request: Request) -> Response | None:
        """Let the system answer, or a fault befall the request; None closes the connection."""
        with self.lock:
            rule = self.faults.draw(self.system.name, request)
        if rule is not None and rule.fault is Fault.DELAY:
            # Outside the lock: only this request is late. Closing does not wait for it.
            self.closing.wait(rule.seconds)
        with self.lock:
            response = answered(rule, self.system, request)
            self.seen.append(Seen(request.method, request.path, response.status if response else 0))
            return response

    def back_door(self, request: Request) -> Response:
        """Look at the system, or change it. Raises ValueError and KeyError when the request makes no sense."""
        with self.lock:
            match request.method, request.path.removeprefix(BACK_DOOR):
                case "GET", "state":
                    return Response(200, self.system.snapshot())
                case "GET", "requests":
                    return Response(200, [asdict(one) for one in self.seen])
                case "POST", "seed":
                    self.system.seed(request.json())
                case "POST", "faults":
                    self.faults.add(Rule.read(self.system.name, request.json()))
                case "DELETE", "faults":
                    self.faults.clear(self.system.name)
                case "POST", "reset":
                    self.system = _copy(self.pristine)
                    self.faults.clear(self.system.name)
                    self.seen.clear()
                case _:
                    return Response(404, {"message": "no such door"})
            return Response(204)


def _copy(system: SandboxSystem) -> SandboxSystem:
    """Copy a system with all it holds; both go by the same clock."""
    shared = {id(value): value for value in vars(system).values() if callable(value)}
    return deepcopy(system, shared)
