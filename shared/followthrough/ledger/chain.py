"""The hash chain of an execution's trace: each entry's hash covers its stored text and the hash before it.

Nothing here needs a key: hashes are over ciphertext, so the chain of an erased subject verifies as before.
"""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from followthrough.ledger.models import TraceEntry


class Flaw(StrEnum):
    """What can be wrong with a chain."""

    MISSING = "missing"
    DUPLICATED = "duplicated"
    OUT_OF_ORDER = "out of order"
    FOREIGN = "foreign"
    WRONG_GENESIS = "wrong genesis"
    RELINKED = "relinked"
    EDITED = "edited"
    MISPLACED = "misplaced"
    TRUNCATED = "truncated"
    RECOMPUTED = "recomputed"
    CONTRADICTED = "contradicted"
    UNTRACED = "untraced"
    UNREADABLE = "unreadable"


@dataclass(frozen=True)
class Fault:
    """The first bad entry of a chain: its sequence, what is wrong, and that in a sentence."""

    sequence: int
    flaw: Flaw
    explanation: str


@dataclass(frozen=True)
class Head:
    """How far a chain had come when somebody noted it: the last entry's sequence (0: none yet) and hash."""

    sequence: int
    hash: str


def canonical(value: Any) -> str:
    """Write JSON in the one way that is hashed: keys sorted, no spaces, ASCII only, no NaN."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=True, allow_nan=False)


def genesis(tenant: str, execution: str) -> Head:
    """Return the head of an empty chain, to which the first entry is linked."""
    return Head(0, hashlib.sha256(f"{tenant}#{execution}".encode()).hexdigest())


def link(previous: str, body: str) -> str:
    """Return the hash (SHA-256, hex) of an entry with this body after the entry with the hash `previous`."""
    return hashlib.sha256((previous + body).encode()).hexdigest()


def verify(entries: Sequence[TraceEntry], *heads: Head) -> Fault | None:
    """Check a whole chain, in the order in which it was read or exported; None when nothing is wrong.

    With `heads`, noted earlier (the oldest first) and kept elsewhere, a chain that was cut off or computed anew shows
    as well; entries beyond them may have been added since. Without any, an editor who recomputes all later hashes goes
    unseen.
    """
    sealed: dict[int, str] = {}
    for head in heads:
        # The oldest word on an entry counts: a chain that was computed anew since is sealed like any other.
        sealed.setdefault(head.sequence, head.hash)
    if not entries:
        return _cut_off(0, heads)
    last = genesis(entries[0].tenant, entries[0].execution)
    held = 0
    for place, entry in enumerate(entries):
        fault = _entry_fault(entries, place, last)
        if fault is not None:
            return fault
        if entry.sequence in sealed:
            if sealed[entry.sequence] != entry.hash:
                return _recomputed(held, entry.sequence)
            held = entry.sequence
        last = Head(entry.sequence, entry.hash)
    return _cut_off(last.sequence, heads)


def _entry_fault(entries: Sequence[TraceEntry], place: int, last: Head) -> Fault | None:
    entry = entries[place]
    number = entry.sequence
    if (entry.tenant, entry.execution) != (entries[0].tenant, entries[0].execution):
        return Fault(number, Flaw.FOREIGN, f"entry {number} belongs to another execution")
    if number != last.sequence + 1:
        return _miscounted(entries, place, last)
    if entry.previous != last.hash:
        return _unlinked(number)
    if entry.hash != link(entry.previous, entry.body):
        return Fault(number, Flaw.EDITED, f"the text of entry {number} does not match its hash")
    if not _says_where_it_is(entry):
        return Fault(number, Flaw.MISPLACED, f"the text of entry {number} was written for another place")
    return None


def _miscounted(entries: Sequence[TraceEntry], place: int, last: Head) -> Fault:
    number, expected = entries[place].sequence, last.sequence + 1
    if number < 1:
        return Fault(expected, Flaw.UNREADABLE, f"what stands after entry {last.sequence} is numbered as no entry is")
    if number < expected:
        return Fault(number, Flaw.DUPLICATED, f"entry {number} appears again after entry {last.sequence}")
    if any(later.sequence == expected for later in entries[place:]):
        return Fault(number, Flaw.OUT_OF_ORDER, f"entry {number} stands where entry {expected} belongs")
    return Fault(expected, Flaw.MISSING, f"entry {expected} is missing before entry {number}")


def _unlinked(number: int) -> Fault:
    if number == 1:
        return Fault(1, Flaw.WRONG_GENESIS, "entry 1 does not begin this execution's chain")
    return Fault(
        number, Flaw.RELINKED, f"entry {number} does not follow from entry {number - 1}: one of them was rewritten"
    )


def _says_where_it_is(entry: TraceEntry) -> bool:
    try:
        body = json.loads(entry.body)
        written_for = (body["tenant"], body["execution"], body["sequence"])
    except (ValueError, KeyError, TypeError):
        return False
    return bool(written_for == (entry.tenant, entry.execution, entry.sequence))


def _cut_off(last: int, heads: Sequence[Head]) -> Fault | None:
    sealed = max((head.sequence for head in heads), default=0)
    if sealed <= last:
        return None
    return Fault(last + 1, Flaw.TRUNCATED, f"the chain ends after entry {last}, but entry {sealed} was sealed")


def _recomputed(held: int, sealed: int) -> Fault:
    among = f"entry {sealed} was" if held + 1 == sealed else f"one of the entries {held + 1} to {sealed} was"
    return Fault(
        sealed,
        Flaw.RECOMPUTED,
        f"entry {sealed} is not the one that was sealed: {among} rewritten and all later hashes were computed anew",
    )
