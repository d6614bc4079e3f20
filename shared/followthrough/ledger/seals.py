"""Seals: every hour, how far each chain had come is written where nobody can change it afterwards.

A seal holds hashes only, and the hash of the seal before it. A chain alone cannot show that its end was cut off, or
that everything in it was computed anew; a chain and its seals can.
"""

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import NamedTuple, Protocol

from pydantic import BaseModel, ConfigDict

from followthrough.ledger.chain import Head, canonical

HOUR = timedelta(hours=1)
FIRST_LOOKS_BACK = timedelta(hours=48)
"""How far back a tenant's first seal looks for chains."""

_FORMAT = "%Y-%m-%dT%H"


class SealedChain(BaseModel):
    """How far one execution's chain had come."""

    model_config = ConfigDict(frozen=True)

    execution: str
    sequence: int
    hash: str


class Seal(BaseModel):
    """The chains of one tenant that got entries in the UTC hours `since` to `hour` (both `2026-11-22T15`).

    `previous` is the hash of the seal before this one, "" for a tenant's first.
    """

    model_config = ConfigDict(frozen=True)

    tenant: str
    since: str
    hour: str
    sealed_at: str
    previous: str
    chains: list[SealedChain]

    def text(self) -> str:
        """Return the exact text that is kept and hashed."""
        return canonical(self.model_dump(mode="json"))

    @property
    def hash(self) -> str:
        """SHA-256, in hex, of the text."""
        return hashlib.sha256(self.text().encode()).hexdigest()


class KeptSeal(NamedTuple):
    """A seal as it was found: its name (`2026-11-22T15`), its first version's text, and what happened to it since."""

    hour: str
    text: str
    touched: str | None = None


class Chains(Protocol):
    """What sealing needs of a ledger."""

    def changed(self, tenant: str, hour: str) -> Iterable[str]:
        """Return the executions whose chains got entries in that UTC hour; what was written last may be missing."""

    def head(self, tenant: str, execution: str) -> Head:
        """Return how far a chain has come, strongly consistent."""


class Seals(Protocol):
    """Where seals are kept; nothing that was written there can be changed."""

    def latest(self, tenant: str) -> Seal | None:
        """Return the tenant's newest seal; None when it has none yet."""

    def keep(self, seal: Seal) -> bool:
        """Write the seal; False when there is one of that hour already, which stays."""

    def read(self, tenant: str, since: str = "") -> Sequence[KeptSeal]:
        """Return the tenant's seals from that hour on, oldest first."""


def seal(chains: Chains, seals: Seals, tenant: str, now: datetime) -> Seal | None:
    """Seal every hour that is over and not sealed yet, in one seal; None when there is nothing to do.

    The hour before is looked at again, for an entry of its last moments may not have been listed when it was sealed.
    Heads are read as they are now: what a late run finds beyond its hour is sealed as well.
    """
    over = now.astimezone(UTC) - HOUR
    last = seals.latest(tenant)
    if last is not None and last.hour >= name(over):
        return None
    since = _moment(last.hour) + HOUR if last else over - FIRST_LOOKS_BACK
    changed = {execution for hour in _hours(since - HOUR, over) for execution in chains.changed(tenant, hour)}
    sealed = {one.execution: one for one in last.chains} if last else {}
    heads = [_sealed(it, chains.head(tenant, it)) for it in sorted(changed)]
    made = Seal(
        tenant=tenant,
        since=name(since),
        hour=name(over),
        sealed_at=now.astimezone(UTC).isoformat(),
        previous=last.hash if last else "",
        chains=[one for one in heads if sealed.get(one.execution) != one],
    )
    return made if seals.keep(made) else None


def _sealed(execution: str, head: Head) -> SealedChain:
    return SealedChain(execution=execution, sequence=head.sequence, hash=head.hash)


def hour_after(hour: str) -> str:
    """Return the name of the next hour."""
    return name(_moment(hour) + HOUR)


def hour_before(hour: str) -> str:
    """Return the name of the hour before."""
    return name(_moment(hour) - HOUR)


def name(moment: datetime) -> str:
    """Return the name of a moment's UTC hour."""
    return moment.astimezone(UTC).strftime(_FORMAT)


def _moment(hour: str) -> datetime:
    return datetime.strptime(hour, _FORMAT).replace(tzinfo=UTC)


def _hours(first: datetime, last: datetime) -> Iterator[str]:
    while name(first) <= name(last):
        yield name(first)
        first += HOUR
