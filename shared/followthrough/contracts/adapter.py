"""What the engine and an adapter say to one another: on whose behalf a call is made, and what came of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar, Protocol

from pydantic import BaseModel

from followthrough.contracts.evidence import Evidence
from followthrough.contracts.manifest import Operation


@dataclass(frozen=True)
class Call:
    """On whose behalf a call is made.

    `reference` is our own mark (the effect's id, 32 hex digits), which adapters place in the provider's record where it
    has room; `key` the idempotency key; `began` when the first attempt was made; `now` the time of this one (aware
    UTC). `time_zone` (IANA), `currency` (ISO 4217) and `language` are the tenant's or the customer's.
    """

    tenant: str
    execution: str
    reference: str
    key: str
    began: datetime
    now: datetime
    time_zone: str
    currency: str
    language: str


@dataclass(frozen=True)
class Answer:
    """What an operation gave: one model, a list of them, or None; writes also bring the provider's evidence."""

    result: BaseModel | Sequence[BaseModel] | None
    evidence: Evidence | None = None


class Adapter(Protocol):
    """A connected system. Failures are raised as `SystemFailure`s; nobody else sees the vendor's own errors."""

    name: ClassVar[str]
    Settings: ClassVar[type[BaseModel]]
    Secret: ClassVar[type[BaseModel]]
    operations: ClassVar[Mapping[str, Operation]]

    def __init__(self, settings: Any, secret: Any, endpoint: str | None) -> None:
        """Connect with the tenant's settings and secret; `endpoint` replaces the provider's public base URL."""

    def run(self, operation: str, request: BaseModel, call: Call) -> Answer:
        """Do it. Raises SystemFailure."""

    def read_back(self, operation: str, request: BaseModel, call: Call) -> Answer | None:
        """Look for what an earlier call of a `ByReadBack` operation did; None when it is not there.

        Raises Declined where it is there and failed; any other SystemFailure is about the look alone.
        """
