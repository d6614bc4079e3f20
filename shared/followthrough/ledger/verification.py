"""Verify executions: each chain by itself, against its seals, and against the records beside it."""

import hashlib
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from pydantic import ValidationError

from followthrough.ledger import chain
from followthrough.ledger.agreement import Recorded, disagreement
from followthrough.ledger.chain import Fault, Flaw, Head
from followthrough.ledger.models import TraceEntry
from followthrough.ledger.seals import KeptSeal, Seal, SealedChain, hour_after


@dataclass(frozen=True)
class Sealed:
    """What a tenant's seals say: how far each chain had come whenever it was sealed, and what is wrong with the seals
    themselves, by hour. `begun` tells in which hours (first and last) a chain was first sealed, where known.
    """

    heads: Mapping[str, Sequence[Head]]
    problems: Sequence[str]
    last: str | None
    begun: Mapping[str, tuple[str, str]] = field(default_factory=dict)


@dataclass(frozen=True)
class Verdict:
    """What came of verifying one execution; `sealed` is the last of its entries that a seal vouches for, 0 for none."""

    execution: str
    entries: int
    sealed: int
    fault: Fault | None


def read_seals(tenant: str, kept: Sequence[KeptSeal]) -> Sealed:
    """Check that each seal follows from the one before it, and collect the heads. The first may follow from any."""
    heads: dict[str, list[Head]] = defaultdict(list)
    problems: list[str] = []
    begun: dict[str, tuple[str, str]] = {}
    before: Seal | None = None
    for one in kept:
        if one.touched:
            problems.append(one.touched)
        try:
            seal = Seal.model_validate_json(one.text)
        except ValidationError:
            problems.append(f"the seal of {one.hour} cannot be read")
            continue
        problems += _flaws(tenant, one, seal, before)
        for it in seal.chains:
            problems += _takes_back(one.hour, it, heads.get(it.execution, ()))
            if it.execution not in heads and (before or not seal.previous):
                begun[it.execution] = (seal.since, seal.hour)
            heads[it.execution].append(Head(it.sequence, it.hash))
        before = seal
    return Sealed(heads, problems, before.hour if before else None, begun)


def verify(
    execution: str, entries: Sequence[TraceEntry], sealed: Sealed | None = None, recorded: Recorded | None = None
) -> Verdict:
    """Verify one execution with what is at hand."""
    heads = sealed.heads.get(execution, ()) if sealed else ()
    fault = chain.verify(entries, *heads) or _unreadable(entries)
    if fault is None and recorded is not None:
        fault = disagreement(recorded, entries)
    vouched = max((head.sequence for head in heads), default=0)
    return Verdict(execution, len(entries), vouched, fault)


def covers(one: KeptSeal, first: str, last: str) -> bool:
    """Tell whether a seal is of any of these hours: a late one is named by the last hour, and covers those before."""
    try:
        return Seal.model_validate_json(one.text).since <= last and one.hour >= first
    except ValidationError:
        return False


def _unreadable(entries: Sequence[TraceEntry]) -> Fault | None:
    """Name the first entry that cannot be read although its hash is right: it was never written like that by us."""
    own = (entry.sequence for entry in entries if entry.fact.kind == "unreadable")
    return next((Fault(it, Flaw.UNREADABLE, f"entry {it} does not open or is no entry of ours") for it in own), None)


def _takes_back(hour: str, it: SealedChain, earlier: Sequence[Head]) -> list[str]:
    """Say where a seal contradicts an earlier one: a chain only grows, so it was rewritten in between."""
    if any(head.sequence == it.sequence and head.hash != it.hash for head in earlier):
        return [f"the seal of {hour} has another entry {it.sequence} of {it.execution} than an earlier seal"]
    furthest = max((head.sequence for head in earlier), default=0)
    if it.sequence < furthest:
        return [f"the seal of {hour} ends {it.execution} at entry {it.sequence}: entry {furthest} was sealed before"]
    return []


def _flaws(tenant: str, one: KeptSeal, seal: Seal, before: Seal | None) -> list[str]:
    flaws = []
    if seal.text() != one.text or (seal.tenant, seal.hour) != (tenant, one.hour):
        flaws.append(f"the seal of {one.hour} was written for another place or by other hands")
    if before is None:
        return flaws
    if seal.previous != hashlib.sha256(before.text().encode()).hexdigest():
        flaws.append(f"the seal of {one.hour} does not follow from the seal of {before.hour}: one is forged or missing")
    elif seal.since != hour_after(before.hour):
        flaws.append(f"the seal of {one.hour} leaves out hours after {before.hour}")
    return flaws
