"""On whose behalf a system is called, and what came of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from pydantic import BaseModel

from followthrough.contracts.evidence import Evidence


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
    """What an operation gave: one model, a list of them, or None; writes also bring the provider's evidence.

    `reference` is our own mark as the provider's record shows it; None where the record has no room for it.
    """

    result: BaseModel | Sequence[BaseModel] | None
    evidence: Evidence | None = None
    reference: str | None = None
