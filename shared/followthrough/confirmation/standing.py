"""What an execution's acts left in the tenant's systems, by the ledger: what the words about its end are made of."""

from dataclasses import asdict, dataclass, field
from typing import Any

from followthrough.agents.work import Case
from followthrough.ledger.models import Effect, EffectStatus
from followthrough.tenant.models import ActStep

_OPEN = {EffectStatus.INTENDED, EffectStatus.UNKNOWN}


@dataclass
class Standing:
    """The steps whose effects stand, were undone, and of which nobody knows whether they stand. Notes do not count."""

    stands: list[str] = field(default_factory=list)
    undone: list[str] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)

    def variables(self) -> dict[str, Any]:
        """Return it as messages see it."""
        return asdict(self)


def standing(case: Case) -> Standing:
    """Read from the ledger how the acts of a case's service stand, in the order in which they were done."""
    found = Standing()
    effects = case.ports.ledger.effects(case.context.tenant, case.context.execution)
    undoing = {it.undoes: it for it in effects if it.undoes is not None}
    for effect in effects:
        names = _list(found, effect, undoing.get(effect.id))
        if names is not None and effect.step not in names and _leaves_something(case, effect):
            names.append(effect.step)
    return found


def _leaves_something(case: Case, effect: Effect) -> bool:
    """Tell whether it is the effect of an act, and more than a note."""
    steps = case.service.steps if case.context.service is not None else []
    operation = case.ports.systems.operations()[effect.adapter][effect.operation]
    return any(isinstance(it, ActStep) and it.act == effect.step for it in steps) and not operation.harmless


def _list(found: Standing, effect: Effect, undoing: Effect | None) -> list[str] | None:
    """Return the list that an effect belongs into. A hold that nobody can look up lapses by itself: into none."""
    if effect.status is EffectStatus.UNDONE:
        return found.undone
    if effect.status is EffectStatus.DONE:
        return found.unknown if undoing is not None and undoing.status in _OPEN else found.stands
    if effect.status in _OPEN and effect.failure != "lapses":
        return found.unknown
    return None
