"""A system that does what its script says: for what no real adapter can be made to do on demand."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, ClassVar

from pydantic import BaseModel

from followthrough.contracts.adapter import Adapter
from followthrough.contracts.call import Answer, Call
from followthrough.contracts.crm import Activity, NewActivity
from followthrough.contracts.evidence import Evidence
from followthrough.contracts.manifest import ByKey, ByReadBack, ByRepeating, Lapses, Operation, Settlement, Unsettled
from followthrough.errors import Refused, SystemFailure, Unreachable
from followthrough.integration.cal_com.adapter import CalCom

if TYPE_CHECKING:
    from followthrough.errors import SystemFailure

LAG = timedelta(seconds=30)
KEPT = timedelta(hours=24)
KINDS: Mapping[str, Settlement] = {
    "by_key": ByKey(KEPT),
    "by_key_then_read": ByKey(KEPT, afterwards=ByReadBack(LAG)),
    "by_read_back": ByReadBack(LAG),
    "by_repeating": ByRepeating(),
    "lapses": Lapses(timedelta(minutes=15)),
    "unsettled": Unsettled(repeat=False),
    "unsettled_repeated": Unsettled(repeat=True),
}


class NoSettings(BaseModel):
    """Nothing to set up."""


class OddJob:
    """Each call takes the next line of `script`: True does it, a failure is raised; what was done is in `done`.

    A pair (True, failure) does it and then loses the answer. `found_after` is how far its own search lags behind.
    """

    name: ClassVar[str] = "oddjob"
    Settings: ClassVar[type[BaseModel]] = NoSettings
    Secret: ClassVar[type[BaseModel]] = NoSettings
    operations: ClassVar[Mapping[str, Operation]] = {
        kind: Operation("write", NewActivity, Activity, settle=settle) for kind, settle in KINDS.items()
    }

    def __init__(self, settings: object = None, secret: object = None, endpoint: str | None = None) -> None:
        self.script: list[bool | SystemFailure | tuple[bool, BaseException]] = []
        self.looks: list[SystemFailure] = []
        self.done: list[tuple[str, datetime]] = []
        self.calls: list[Call] = []
        self.found_after = timedelta(0)

    def run(self, operation: str, request: BaseModel, call: Call) -> Answer:
        """Follow the script; without a line, do it. An idempotency key that was seen does nothing new."""
        self.calls.append(call)
        line = self.script.pop(0) if self.script else True
        does, failure = line if isinstance(line, tuple) else (line is True, line if line is not True else None)
        replayed = operation.startswith("by_key") and any(key == call.key for key, _ in self.done)
        if does and not replayed:
            self.done.append((call.key, call.now))
        if isinstance(failure, BaseException):
            raise failure
        return self._answer(call)

    def read_back(self, operation: str, request: BaseModel, call: Call) -> Answer | None:
        """Look, by a search that may lag."""
        if self.looks:
            raise self.looks.pop(0)
        found = [at for key, at in self.done if key == call.key and at + self.found_after <= call.now]
        return self._answer(call) if found else None

    def _answer(self, call: Call) -> Answer:
        identity = f"job-{call.key[:6]}"
        return Answer(Activity(id=identity), Evidence(id=identity, status="done", at=call.now))


class AwayCalendar(OddJob):
    """A calendar that is away; `visits` counts how often it was tried."""

    name: ClassVar[str] = "cal_com"
    operations: ClassVar[Mapping[str, Operation]] = CalCom.operations

    def __init__(self) -> None:
        super().__init__()
        self.visits = 0

    def run(self, operation: str, request: BaseModel, call: Call) -> Answer:
        """Be away."""
        self.visits += 1
        raise Unreachable(self.name, "connect_error")


class RefusesOnce:
    """An adapter in front of another one: it refuses the first call of one operation, and hands all others on."""

    name: ClassVar[str] = "cal_com"
    Settings: ClassVar[type[BaseModel]] = NoSettings
    Secret: ClassVar[type[BaseModel]] = NoSettings
    operations: ClassVar[Mapping[str, Operation]] = CalCom.operations

    def __init__(self, settings: Adapter, secret: str, endpoint: str | None = None) -> None:
        self.behind, self.refused = settings, secret

    def run(self, operation: str, request: BaseModel, call: Call) -> Answer:
        """Refuse, or hand it on."""
        if operation == self.refused:
            self.refused = ""
            raise Refused(self.name, "closed")
        return self.behind.run(operation, request, call)

    def read_back(self, operation: str, request: BaseModel, call: Call) -> Answer | None:
        """Hand it on."""
        return self.behind.read_back(operation, request, call)
