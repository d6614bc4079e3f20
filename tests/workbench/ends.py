"""Whether a drawn chain ended as its file says: what it did or undid, and what its customer was told about that."""

from collections.abc import Iterator

from followthrough.contracts.manifest import Lapses
from followthrough.ledger.models import Effect, EffectStatus, ExecutionContext, Status
from followthrough.tenant.models import ActStep
from tests.workbench.agreement import OPEN
from tests.workbench.bench import Bench
from tests.workbench.wordings import claimed, listed, reason
from tests.workbench.world import TENANT


def abandoned(bench: Bench, context: ExecutionContext) -> list[str]:
    """Name what an execution left standing without a reason, or left out, or undid in the wrong order."""
    effects = bench.ledger.effects(TENANT, context.execution)
    facts = [entry.fact for entry in bench.ledger.trace(TENANT, context.execution)]
    if context.status is Status.COMPLETED:
        excused = {fact.step for fact in facts if fact.kind == "acted" and fact.outcome in {"skipped", "failed"}}
        done = {it.step for it in effects if it.status is EffectStatus.DONE}
        return [f"{act.name} was left out" for act in _acts(bench, context) if act.name not in done | excused]
    left = {fact.facts["effect"] for fact in facts if fact.kind == "undo" and fact.outcome == "failed"}
    people_decide = [place for place, it in enumerate(effects) if it.id in left and it.status in OPEN and not it.undo]
    standing = [
        f"{it.step} still stands"
        for place, it in enumerate(effects)
        if it.undo and it.status is EffectStatus.DONE and it.id not in left
        if place >= max(people_decide, default=0)
    ]
    return standing or ([] if left else list(_disorder(effects)))


def untrue(bench: Bench, context: ExecutionContext, heard: str) -> str | None:
    """Name what is wrong in the words with which a drawn tenant told its customer of the end."""
    if context.status is Status.COMPLETED:
        claims, evidence = claimed(heard), _evidence(bench, context)
        return None if claims == evidence else f"the customer was told of {claims}, the ledger has {evidence}"
    stand = _stand(bench, context)
    if listed(heard) != stand:
        return f"the customer was told of {listed(heard)}, the ledger says {stand}"
    why = context.outcome_message or context.status.value
    if why in {"failed", "unsettled"}:
        why = "unsettled" if stand["unknown"] else "failed"
    return None if reason(heard) == why else f"the customer was told {reason(heard)} and not {why}"


def _disorder(effects: list[Effect]) -> Iterator[str]:
    """Where every undo worked, the newest act was undone first."""
    order = {it.id: place for place, it in enumerate(effects)}
    undoing = sorted((it for it in effects if it.undoes), key=lambda it: it.intended_at)
    places = [order[it.undoes] for it in undoing if it.undoes]
    if places != sorted(places, reverse=True):
        yield f"undone in the order {[it.step for it in undoing]}"


def _acts(bench: Bench, context: ExecutionContext) -> list[ActStep]:
    tenant = bench.releases.release(TENANT, context.release).tenant
    steps = tenant.services[context.service].steps if context.service else []
    return [step for step in steps if isinstance(step, ActStep)]


def _evidence(bench: Bench, context: ExecutionContext) -> dict[str, str]:
    """Return the provider's id of what each act did."""
    acts = {act.name for act in _acts(bench, context)}
    effects = bench.ledger.effects(TENANT, context.execution)
    return {
        it.step: it.evidence.id for it in effects if it.step in acts and it.status is EffectStatus.DONE and it.evidence
    }


def _stand(bench: Bench, context: ExecutionContext) -> dict[str, list[str]]:
    """Return which acts stand, were undone or are unknown. A note is no matter; a hold in doubt lapses by itself."""
    found: dict[str, set[str]] = {"stands": set(), "undone": set(), "unknown": set()}
    effects = bench.ledger.effects(TENANT, context.execution)
    doubted = {it.undoes for it in effects if it.undoes and it.status in OPEN}
    acts = {act.name for act in _acts(bench, context)}
    for it in effects:
        operation = bench.systems.operations()[it.adapter][it.operation]
        if it.step not in acts or operation.harmless or it.status is EffectStatus.NOT_DONE:
            continue
        if it.status is EffectStatus.UNDONE:
            found["undone"].add(it.step)
        elif it.status in OPEN or it.id in doubted:
            found["unknown"] |= set() if isinstance(operation.settle, Lapses) else {it.step}
        else:
            found["stands"].add(it.step)
    return {name: sorted(steps) for name, steps in found.items()}
