"""Undo what a chain did, newest first (compensation of a saga)."""

from followthrough.engine.alerts import owe_alert
from followthrough.engine.case import Case
from followthrough.engine.effects import UNSETTLED, Deed, perform, undone
from followthrough.ledger.models import Effect, EffectStatus, Fact
from followthrough.tenant.models import ActStep

LEFT = "left to people"
"""The failure of an effect that could not be undone: the operators were told so, and it stays so."""

_NOTHING_STANDS = {EffectStatus.NOT_DONE, EffectStatus.UNDONE}


def undo_all(case: Case) -> float | None:
    """Undo every effect that stands and can be undone; return the seconds to wait where that cannot be done now.

    An undo that fails is owed to every operator as an alert; the others are still undone. But what came before an act
    that cannot be undone, and may have been done, is left for people to put right: undoing it could take away the only
    thing that stands (the new booking, after a cancellation of the old one of which nobody knows).
    """
    for effect in reversed(case.effects()):
        if _irreversible(case, effect) and effect.status in {EffectStatus.INTENDED, EffectStatus.UNKNOWN}:
            _leave(case, effect, effect.step, UNSETTLED)
            return None
        if effect.undo is None or effect.status in _NOTHING_STANDS or effect.failure == LEFT:
            continue
        seconds = _undo(case, effect)
        if seconds is not None:
            return seconds
    return None


def _irreversible(case: Case, effect: Effect) -> bool:
    """Tell whether this is an act of the chain that its author declared irreversible."""
    steps = case.service.steps if case.context.service else []
    return any(isinstance(step, ActStep) and step.name == effect.step and step.irreversible for step in steps)


def _undo(case: Case, effect: Effect) -> float | None:
    """Undo one effect; return the seconds to wait where it cannot be done now."""
    if effect.status is not EffectStatus.DONE:
        settled = perform(case, _deed(case, effect))
        if settled.outcome == "later":
            return settled.seconds
        if settled.code == "lapses" or (settled.effect and settled.effect.status is EffectStatus.NOT_DONE):
            return None
        if settled.outcome != "done" or settled.effect is None:
            _leave(case, settled.effect or effect, f"undo {effect.step}", settled.code)
            return None
        effect = settled.effect
    assert effect.undo is not None
    adapter = case.ports.systems.adapter(case.tenant, effect.system)
    takes = adapter.operations[effect.undo].takes
    known = {**effect.request, **(effect.result or {})}
    request = takes.model_validate({name: known[name] for name in takes.model_fields if name in known})
    performed = perform(case, Deed(f"undo {effect.step}", effect.system, effect.undo, request, undoes=effect.id))
    if performed.outcome == "later":
        return performed.seconds
    if performed.outcome != "done":
        _leave(case, effect, f"undo {effect.step}", performed.code)
        return None
    undone(case, effect, case.ports.clock())
    return None


def _deed(case: Case, effect: Effect) -> Deed:
    takes = case.ports.systems.adapter(case.tenant, effect.system).operations[effect.operation].takes
    request = takes.model_validate(effect.request)
    # What turns out not to have been done is not done now, only to be undone.
    return Deed(
        effect.step,
        effect.system,
        effect.operation,
        request,
        undo=effect.undo,
        effect=effect.id,
        found_out_only=True,
    )


def _leave(case: Case, effect: Effect, step: str, code: str) -> None:
    """Hand what could not be undone, or is not known, to the operators: from then on it is theirs."""
    for operator in case.tenant.operators:
        owe_alert(case, operator, step, code)
    reason = f"{code}: it may still stand, and the operators are told"
    fact = Fact(kind="undo", step=effect.step, outcome="failed", reason=reason, facts={"effect": effect.id})
    case.settle(effect.model_copy(update={"failure": LEFT}), fact)
