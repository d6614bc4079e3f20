"""What a death between a record and its trace entry left out is put on record before an execution closes."""

from collections.abc import Iterable, Iterator, Sequence

from followthrough.agents.effects import fact as effect_fact
from followthrough.agents.work import Case
from followthrough.confirmation.obligations import fact as obligation_fact
from followthrough.ledger.models import Effect, EffectStatus, Fact, Obligation, ObligationStatus, TraceEntry

_LATE = "put on record when the execution closed: who did it died before it could"


def complete(case: Case, obligations: Sequence[Obligation]) -> list[TraceEntry]:
    """Append what the records say and the trace does not; return the trace as it was read."""
    context = case.context
    entries = case.ports.ledger.trace(context.tenant, context.execution)
    effects = case.ports.ledger.effects(context.tenant, context.execution)
    left_out = [*_effects(effects, entries), *_obligations(obligations, entries)]
    if left_out:
        case.record(*left_out)
    return entries


def _effects(effects: Iterable[Effect], entries: Sequence[TraceEntry]) -> Iterator[Fact]:
    told = {entry.fact.facts["effect"]: entry.fact.outcome for entry in entries if entry.fact.kind == "effect"}
    for effect in effects:
        # That an effect was undone is told by the one that undid it; before that it was done.
        was = EffectStatus.DONE if effect.status is EffectStatus.UNDONE else effect.status
        if was is not EffectStatus.INTENDED and told.get(effect.id) != was.value:
            yield effect_fact(effect.model_copy(update={"status": was}))


def _obligations(obligations: Iterable[Obligation], entries: Sequence[TraceEntry]) -> Iterator[Fact]:
    told = {entry.fact.facts["obligation"]: entry.fact.outcome for entry in entries if entry.fact.kind == "told"}
    for it in obligations:
        if it.status is not ObligationStatus.OWED and told.get(it.id) != it.status.value:
            receipt = it.receipt.model_dump(mode="json") if it.receipt else None
            yield obligation_fact(it, _LATE, {"receipt": receipt})
