"""Whether the records of an execution say what its trace says: a trace cannot be edited, but a record beside it can.

Where the trace contradicts a record, the record was changed. Where the trace says nothing of it, the record was put
there by hand: the product writes both at once.
"""

from collections.abc import Iterator, Sequence
from itertools import chain as one_after_another
from typing import Any, NamedTuple

from followthrough.ledger.chain import Fault, Flaw
from followthrough.ledger.models import (
    Effect,
    EffectStatus,
    ExecutionContext,
    Fact,
    Obligation,
    ObligationStatus,
    TraceEntry,
)

_ORDER = list(ObligationStatus)
_ADD_A_VALUE = {
    *(("retrieved", "done"), ("decided", "decided"), ("decided", "chosen"), ("effect", "done")),
    # The customer's choice is told without the offer that it was.
    ("answered", "done"),
}
_OF_AN_EFFECT = ("system", "adapter", "operation", "undoes")
_MAY_GO_ON = {EffectStatus.UNKNOWN.value, EffectStatus.NOT_DONE.value, ObligationStatus.SENT.value}
_TRIED_AGAIN = {EffectStatus.UNKNOWN.value, EffectStatus.NOT_DONE.value}
"""After which of an effect's entries the next call may be intended: what is done is never called again."""


class Recorded(NamedTuple):
    """What table `executions` holds of one execution; `context` is None when it is gone."""

    context: ExecutionContext | None
    effects: Sequence[Effect]
    obligations: Sequence[Obligation]


def disagreement(recorded: Recorded, entries: Sequence[TraceEntry]) -> Fault | None:
    """Return the first record that its trace contradicts or does not know, None when all agree.

    What the trace does not know yet is held against closed executions only: others may have moved on
    between the two reads.
    """
    faults = one_after_another(
        _of_context(recorded, entries),
        _of_effects(recorded, entries),
        _of_undoings(recorded, entries),
        _of_obligations(recorded, entries),
    )
    return next((fault for fault in faults if _is_over(recorded) or fault.flaw is not Flaw.UNTRACED), None)


def _is_over(recorded: Recorded) -> bool:
    return recorded.context is None or recorded.context.closed_at is not None


def _of_context(recorded: Recorded, entries: Sequence[TraceEntry]) -> Iterator[Fault]:
    context = recorded.context
    if context is None:
        if entries:
            yield _contradicted(entries[0], "the execution's context is gone")
        return
    accepted, closed = _last(entries, "accepted"), _last(entries, "closed")
    if accepted is not None:
        for name in ("release", "interaction"):
            said, stands = accepted.fact.facts.get(name), getattr(context, name)
            if said is not None and said != stands:
                yield _contradicted(accepted, f"the {name} of the context is {stands}, and was {said}")
    if closed is not None and (context.closed_at is None or context.status.value != closed.fact.outcome):
        stands = context.status.value if context.closed_at else "not closed"
        yield _contradicted(closed, f"the context is {stands}, but the execution closed as {closed.fact.outcome}")
    if closed is None and context.closed_at is not None:
        yield _untraced(f"the context is closed as {context.status.value}")
    for step, value in context.variables.items():
        told = _value_told(entries, step)
        if told is not None and told.fact.personal["result"] != value:
            yield _contradicted(told, f"what the context knows as {step} is something else")


def _value_told(entries: Sequence[TraceEntry], step: str) -> TraceEntry | None:
    """Return the entry that tells what a step added to the context; None where no entry can be read that does."""
    own = [it for it in entries if it.fact.step == step and (it.fact.kind, it.fact.outcome) in _ADD_A_VALUE]
    return own[-1] if own and "result" in own[-1].fact.personal else None


def _of_effects(recorded: Recorded, entries: Sequence[TraceEntry]) -> Iterator[Fault]:
    told = {entry.fact.facts["effect"]: entry for entry in entries if entry.fact.kind == "effect"}
    undone = _undone(entries)
    kept = {effect.id: effect for effect in recorded.effects}
    for id_, last in told.items():
        if id_ not in kept:
            yield _contradicted(last, f"the record of effect {id_} ({last.fact.step}) is gone")
    for effect in recorded.effects:
        what = f"effect {effect.id} ({effect.step}) is recorded as {effect.status.value}"
        entry = told.get(effect.id)
        if effect.status is EffectStatus.UNDONE and effect.id not in undone:
            yield _untraced(f"{what}, and nothing undid it")
        if entry is None:
            if effect.status is not EffectStatus.INTENDED:
                yield _untraced(what)
            continue
        if not _follows(effect.status, entry.fact.outcome):
            yield _differs(entry, what)
            continue
        evidence = effect.evidence.model_dump(mode="json") if effect.evidence else None
        if effect.status is not EffectStatus.INTENDED and evidence != entry.fact.facts.get("evidence"):
            yield _contradicted(entry, f"the evidence of effect {effect.id} ({effect.step}) is not the provider's own")
        for name in _differing(effect, entry.fact):
            yield _contradicted(entry, f"the {name} of effect {effect.id} ({effect.step}) is another one")


def _of_undoings(recorded: Recorded, entries: Sequence[TraceEntry]) -> Iterator[Fault]:
    """Name what is said to stand although it was undone. While the execution is open that may be so for a moment: the
    undoing is on record before the effect is noted as undone.
    """
    undone = _undone(entries) if _is_over(recorded) else {}
    for effect in recorded.effects:
        if effect.status is EffectStatus.DONE and effect.id in undone:
            what = f"effect {effect.id} ({effect.step}) is recorded as done, and was undone"
            yield _contradicted(undone[effect.id], what)


def _undone(entries: Sequence[TraceEntry]) -> dict[str, TraceEntry]:
    """Return the entries that tell of an undoing, by the effect that was undone."""
    own = [entry for entry in entries if entry.fact.kind == "effect" and entry.fact.outcome == "done"]
    return {entry.fact.facts["undoes"]: entry for entry in own if entry.fact.facts.get("undoes")}


def _follows(status: EffectStatus, told: str) -> bool:
    """Tell whether a record may stand like this behind the last entry of its effect."""
    if status is EffectStatus.INTENDED:
        return told in _TRIED_AGAIN
    # That it was undone is told by the undoing effect's entry.
    return status is EffectStatus.UNDONE or status.value == told


def _differing(effect: Effect, fact: Fact) -> Iterator[str]:
    """Name what an effect's record says of the deed itself otherwise than its entry. What was erased says nothing."""
    if effect.step != fact.step:
        yield "step"
    yield from (name for name in _OF_AN_EFFECT if getattr(effect, name) != fact.facts.get(name))
    asked, gave = fact.personal.get("request"), fact.personal.get("result")
    if fact.personal and effect.request != asked:
        yield "request"
    if fact.personal and effect.status is not EffectStatus.INTENDED and effect.result != gave:
        yield "result"


def _of_obligations(recorded: Recorded, entries: Sequence[TraceEntry]) -> Iterator[Fault]:
    told = [entry for entry in entries if entry.fact.kind == "told"]
    last = {entry.fact.facts["obligation"]: entry for entry in told}
    receipts = {entry.fact.facts["obligation"]: entry for entry in told if _receipt(entry)}
    closed = _last(entries, "closed")
    owed: dict[str, str] = closed.fact.facts.get("obligations", {}) if closed else {}
    kept = {obligation.id: obligation for obligation in recorded.obligations}
    for id_, entry in {**dict.fromkeys(owed, closed), **last}.items():
        if id_ not in kept and entry is not None:
            yield _contradicted(entry, f"the record of obligation {id_} is gone")
    for obligation in recorded.obligations:
        what = f"obligation {obligation.id} (tell {obligation.name}) is recorded as {obligation.status.value}"
        entry = last.get(obligation.id)
        if entry is not None and entry.fact.outcome != obligation.status.value:
            yield _differs(entry, what)
        if entry is None and obligation.status is not ObligationStatus.OWED:
            yield _untraced(what)
        if closed and obligation.id in owed and _is_before(obligation.status, owed[obligation.id]):
            yield _contradicted(closed, f"{what}, but was {owed[obligation.id]} when the execution closed")
        handed_over = receipts.get(obligation.id)
        proof = obligation.receipt.model_dump(mode="json") if obligation.receipt else None
        if handed_over is not None and proof != _receipt(handed_over):
            yield _contradicted(handed_over, f"the receipt of obligation {obligation.id} is not the provider's own")


def _last(entries: Sequence[TraceEntry], kind: str) -> TraceEntry | None:
    return next((entry for entry in reversed(entries) if entry.fact.kind == kind), None)


def _receipt(entry: TraceEntry) -> Any:
    """The provider's evidence, where the entry tells of the handing over and not of a later word on it."""
    receipt = entry.fact.facts.get("receipt")
    return receipt if isinstance(receipt, dict) else None


def _is_before(status: ObligationStatus, other: str) -> bool:
    return _ORDER.index(status) < _ORDER.index(ObligationStatus(other))


def _differs(entry: TraceEntry, what: str) -> Fault:
    """What was not settled by then may have come to an end since; what was is contradicted."""
    if entry.fact.outcome in _MAY_GO_ON:
        return _untraced(f"{what}: the last entry of it says {entry.fact.outcome}")
    return _contradicted(entry, f"{what}, but was {entry.fact.outcome}")


def _contradicted(entry: TraceEntry, what: str) -> Fault:
    return Fault(entry.sequence, Flaw.CONTRADICTED, f"entry {entry.sequence} contradicts the record: {what}")


def _untraced(what: str) -> Fault:
    return Fault(0, Flaw.UNTRACED, f"no entry of the trace tells that {what}")
