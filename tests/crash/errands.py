"""What a worker process has done for it by the one that outlives it: the clock, the machines, mail and notices."""

import json
import socket
from collections.abc import Mapping
from datetime import datetime
from typing import Any, ClassVar

from pydantic import BaseModel

from followthrough.contracts.adapter import Adapter
from followthrough.contracts.call import Answer, Call
from followthrough.contracts.evidence import Evidence
from followthrough.contracts.manifest import Operation
from followthrough.contracts.messaging import Sent
from followthrough.integration.ses.adapter import Ses
from followthrough.integration.sns.adapter import Sns


class Wire:
    """Lines of JSON over a socket, either way."""

    def __init__(self, connection: socket.socket) -> None:
        self._connection = connection
        self._lines = connection.makefile("r", encoding="utf-8")

    def send(self, message: Mapping[str, Any]) -> None:
        """Send one message."""
        self._connection.sendall(json.dumps(message).encode() + b"\n")

    def receive(self) -> dict[str, Any] | None:
        """Return the next message; None when the other side is gone."""
        try:
            line = self._lines.readline()
        except ConnectionError:
            return None
        return json.loads(line) if line.endswith("\n") else None

    def close(self) -> None:
        """Hang up."""
        self._lines.close()
        self._connection.close()


class Errands:
    """Sends errands over the wire of the process that it is in."""

    wire: Wire

    def run(self, errand: str, *arguments: Any) -> Any:
        """Have something done."""
        self.wire.send({"errand": errand, "arguments": arguments})
        answer = self.wire.receive()
        assert answer is not None, "who runs the errands outlives this process"
        return answer["answer"]


class FarClock:
    """The clock that everything goes by."""

    def __init__(self, errands: Errands) -> None:
        self._errands = errands

    def __call__(self) -> datetime:
        """Return now, aware, in UTC."""
        return datetime.fromisoformat(self._errands.run("now"))


class FarMachines:
    """Where state machines run."""

    def __init__(self, errands: Errands) -> None:
        self._errands = errands

    def start(self, tenant: str, release: str, execution: str, number: int = 1) -> None:
        """Start a machine."""
        self._errands.run("start", tenant, release, execution, number)

    def runs(self, tenant: str, release: str, execution: str, number: int) -> bool:
        """Tell whether it still runs."""
        return bool(self._errands.run("runs", tenant, release, execution, number))

    def running(self, tenant: str, release: str) -> list[str]:
        """Return the names of the starts that run."""
        return list(self._errands.run("running", tenant, release))

    def resume(self, token: str) -> bool:
        """End a wait."""
        return bool(self._errands.run("resume", token))


class FarPostbox:
    """Mail or notices; what was sent stays sent, whatever becomes of who sent it."""

    name: ClassVar[str] = ""
    operations: ClassVar[Mapping[str, Operation]] = {}
    Settings: ClassVar[type[BaseModel]] = BaseModel
    Secret: ClassVar[type[BaseModel]] = BaseModel

    def __init__(self, errands: Any, secret: object = None, endpoint: str | None = None) -> None:
        self._errands: Errands = errands

    def run(self, operation: str, request: BaseModel, call: Call) -> Answer:
        """Send it."""
        identity = self._errands.run("send", self.name, call.reference, call.execution)
        return Answer(Sent(id=identity, status="accepted"), Evidence(id=identity, status="accepted", at=call.now))

    def read_back(self, operation: str, request: BaseModel, call: Call) -> Answer | None:
        """Nothing can be looked up, as in the real ones."""
        raise ValueError(f"{self.name}: {operation} is not settled by reading back")


class FarMail(FarPostbox):
    """Mail."""

    name: ClassVar[str] = "ses"
    operations: ClassVar[Mapping[str, Operation]] = Ses.operations


class FarNotices(FarPostbox):
    """Notices."""

    name: ClassVar[str] = "sns"
    operations: ClassVar[Mapping[str, Operation]] = Sns.operations


def postboxes(errands: Errands) -> dict[str, Adapter]:
    """Return mail and notices, by adapter."""
    return {"ses": FarMail(errands), "sns": FarNotices(errands)}
