"""What an execution's acts left in the tenant's systems, by the ledger: what the words about its end are made of."""

from dataclasses import asdict, dataclass, field
from typing import Any, assert_never

from followthrough.contracts.manifest import Lapses
from followthrough.engine.case import Case
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
    effects = case.effects()
    undoing = {it.undoes: it for it in effects if it.undoes is not None}
    steps = case.service.steps if case.context.service is not None else []
    operations = case.ports.systems.operations()
    acts = {step.name for step in steps if isinstance(step, ActStep)}
    for effect in effects:
        operation = operations.get(effect.adapter, {}).get(effect.operation)
        if effect.step not in acts or (operation and operation.harmless):
            continue
        lapses = operation is not None and isinstance(operation.settle, Lapses)
        names = _list(found, effect, undoing.get(effect.id), lapses=lapses)
        if effect.step not in names:
            names.append(effect.step)
    return found


def _list(found: Standing, effect: Effect, undoing: Effect | None, *, lapses: bool) -> list[str]:
    """Return the list that an effect belongs into. Doubts about a hold are none: it lapses by itself."""
    doubts: list[str] = [] if lapses else found.unknown
    match effect.status:
        case EffectStatus.UNDONE:
            return found.undone
        case EffectStatus.DONE:
            return doubts if undoing is not None and undoing.status in _OPEN else found.stands
        case EffectStatus.INTENDED | EffectStatus.UNKNOWN:
            return doubts
        case EffectStatus.NOT_DONE:
            return []
        case _:
            assert_never(effect.status)
