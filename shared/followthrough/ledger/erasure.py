"""Erase a person: destroy the key that what is personal of theirs is encrypted under, and the way from their address.

What was done stays on record without saying for whom, and every chain verifies as before. A tombstone outside the
tables lets a restored backup be erased again.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

import phonenumbers
from pydantic import AwareDatetime, BaseModel, ConfigDict

from followthrough.clock import Clock
from followthrough.errors import Missing, StillOpen
from followthrough.ledger.changes import Changes
from followthrough.ledger.models import EffectStatus, Fact, Note, Status, Summary
from followthrough.ledger.queries import Query
from followthrough.ledger.stores import Conversations, KeyService, Ledger

_TAKEN_BY = "erasure"
"""In place of an execution: a message that will never open one."""

_SUBJECT = re.compile("[0-9a-f]{32}")  # what ledger/addresses.py makes
_HOW_TO_SAY = "write the number as +13125550142, or a subject's id"


class Tombstone(BaseModel):
    """That a subject was erased, and when; nothing that leads back to the person."""

    model_config = ConfigDict(frozen=True)

    tenant: str
    subject: str
    erased_at: AwareDatetime


class People(Protocol):
    """The mapping from addresses to subjects, as an erasure needs it."""

    def known(self, tenant: str, address: str) -> str | None:
        """Return the subject of this address; None when there is none, and none is made."""

    def has(self, tenant: str, subject: str) -> bool:
        """Tell whether this id is somebody's of the tenant, or was before an erasure."""

    def forget(self, tenant: str, subject: str) -> None:
        """Remove the way from the address to this subject; doing it again changes nothing."""


class Tombstones(Protocol):
    """Where tombstones are kept: not in the tables, which may be restored to a day before the erasure."""

    def keep(self, tombstone: Tombstone) -> None:
        """Keep a tombstone; the first one of a subject stays."""

    def all(self) -> Iterator[Tombstone]:
        """Yield every tombstone of every tenant."""


class Stops(Protocol):
    """Where machines are stopped."""

    def stop(self, tenant: str, release: str, execution: str, starts: int) -> None:
        """Stop whatever machine of this execution still runs."""


@dataclass(frozen=True)
class Erasing:
    """All that an erasure uses."""

    ledger: Ledger
    conversations: Conversations
    keys: KeyService
    people: People
    tombstones: Tombstones
    machines: Stops
    clock: Clock


@dataclass(frozen=True)
class Erased:
    """Who was erased, in which executions, which of these were ended for it, and which effects of those still stand."""

    subject: str
    executions: list[str]
    ended: list[str]
    stands: list[dict[str, str]]


def subject_of(people: People, ledger: Ledger, tenant: str, who: str) -> str:
    """Return the subject that is meant by a phone number, a mail address or a subject's id. Raises Missing.

    An id is one only if it has an id's form and something is on record of it: a number with a slip in it is neither
    found nor taken for an id. No message repeats it.
    """
    who = who.strip()
    if _SUBJECT.fullmatch(who):
        # After a restore of the subjects alone, the executions are all that knows of somebody.
        if not people.has(tenant, who) and not ledger.find(tenant, Query(party=who, limit=1)).executions:
            raise Missing(f"{tenant} has no such subject: {_HOW_TO_SAY}")
        return who
    subject = people.known(tenant, who if "@" in who else _number(who))
    if subject is None:
        raise Missing(f"nobody of {tenant} is known by this address")
    return subject


def erase(erasing: Erasing, tenant: str, who: str, *, force: bool = False) -> Erased:
    """Erase the person behind an address or a subject's id; erasing again changes nothing.

    While somebody is being served, their words are needed: StillOpen is raised, unless `force` ends these executions.
    Then nothing more is done, undone or told in them; what stands is returned, for a person to see to.
    """
    subject = subject_of(erasing.people, erasing.ledger, tenant, who)
    theirs = list(_executions(erasing.ledger, tenant, subject))
    unclosed = [it.execution for it in theirs if it.closed_at is None]
    unread = erasing.conversations.unread(tenant, subject)
    if (unclosed or unread) and not force:
        raise StillOpen(tenant, unclosed, len(unread))
    now = erasing.clock()
    erasing.tombstones.keep(Tombstone(tenant=tenant, subject=subject, erased_at=now))
    for message in unread:
        erasing.conversations.take(tenant, subject, message.interaction, _TAKEN_BY)
    stands = [stand for execution in unclosed for stand in _end(erasing, tenant, execution, now)]
    erasing.keys.erase(tenant, subject)
    for it in theirs:
        _tell(erasing.ledger, it, now)
    # Last: who runs this again after it broke off finds the person by the number until everything else is done.
    erasing.people.forget(tenant, subject)
    return Erased(subject, [it.execution for it in theirs], unclosed, stands)


def replay(erasing: Erasing) -> int:
    """Erase again everybody who has a tombstone, after a backup of the tables was restored; return how many."""
    count = 0
    for count, one in enumerate(erasing.tombstones.all(), 1):  # noqa: B007  the last number is the answer
        # Unasked whether anything is on record of them: the backup may be from before they came.
        erasing.keys.erase(one.tenant, one.subject)
        erasing.people.forget(one.tenant, one.subject)
    return count


_ERASED = Fact(
    kind="erased",
    step="erase",
    outcome="erased",
    reason="the person's key was destroyed on request: what was personal can no longer be read",
)


def _number(text: str) -> str:
    """Return a number as ingress notes it, in E.164, however it is spaced. Raises Missing."""
    try:
        number = phonenumbers.parse(text)
    except phonenumbers.NumberParseException:
        raise Missing(f"this is no number with its country: {_HOW_TO_SAY}") from None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def _tell(ledger: Ledger, execution: Summary, now: datetime) -> None:
    """Put the erasure on an execution's trace, once."""
    trace = ledger.trace(execution.tenant, execution.execution)
    if not any(entry.fact.kind == _ERASED.kind for entry in trace):
        context = ledger.load(execution.tenant, execution.execution)
        ledger.write(context, Changes(note=Note(now, [_ERASED])))


def _executions(ledger: Ledger, tenant: str, subject: str) -> Iterator[Summary]:
    after: str | None = None
    while True:
        page = ledger.find(tenant, Query(party=subject, limit=1000, after=after))
        yield from page.executions
        after = page.next
        if after is None:
            return


def _end(erasing: Erasing, tenant: str, execution: str, now: datetime) -> list[dict[str, str]]:
    """End an execution where it stands, and return what was done in it and not undone."""
    context = erasing.ledger.load(tenant, execution)
    erasing.machines.stop(tenant, context.release, execution, context.starts)
    context, effects, owed = erasing.ledger.load_everything(tenant, execution)
    stands = [
        {
            "execution": execution,
            "step": it.step,
            "system": it.system,
            "status": it.status.value,
            "evidence": it.evidence.id if it.evidence else "",
        }
        for it in effects
        if it.undo is not None and it.status in {EffectStatus.DONE, EffectStatus.UNKNOWN, EffectStatus.INTENDED}
    ]
    status = Status.FAILED if context.status is Status.OPEN else context.status
    fact = Fact(
        kind="closed",
        step="erase",
        outcome=status.value,
        reason="ended by an erasure: nothing more was done, undone or told",
        facts={"stands": stands, "obligations": {it.id: it.status.value for it in owed}},
    )
    closed = context.model_copy(update={"status": status, "closed_at": now})
    erasing.ledger.write(context, Changes(context=closed, note=Note(now, [fact])))
    erasing.conversations.leave(context.tenant, context.subject, context.execution)
    return stands
