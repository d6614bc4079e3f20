"""Ask the tenant's systems for what the rules need to know."""

from followthrough.agents.effects import MAX_TRIES, Deed, Performed, as_json, perform
from followthrough.agents.words import fill
from followthrough.agents.work import Case, Outcome, Ports, Work
from followthrough.errors import Refused, Throttled, Unreachable
from followthrough.integration.manifest import Operation
from followthrough.ledger.models import EffectStatus, Fact, Status
from followthrough.tenant.models import Refuse, RetrieveStep


def run(work: Work, ports: Ports) -> Outcome:
    """Retrieve one thing. Outcomes: `done`, `later`, `refused` (there is none, and the tenant says so), `failed`."""
    case = Case.load(work, ports)
    ended = case.ended()
    if ended is not None:
        return ended
    step = case.step(work.step)
    assert isinstance(step, RetrieveStep)
    system, name = step.using.split(".")
    operation = ports.systems.adapter(case.tenant, system).operations[name]
    if operation.creates is not None and _creating(case, step):
        return _create(case, step, system, operation.creates)
    return _look(case, step, operation)


def _look(case: Case, step: RetrieveStep, operation: Operation) -> Outcome:
    system, name = step.using.split(".")
    request = fill(case, operation.takes, step.with_)
    try:
        adapter = case.ports.systems.adapter(case.tenant, system)
        answer = adapter.run(name, request, case.call(case.context.execution, case.ports.clock()))
    except (Throttled, Unreachable) as away:
        if case.work.tries < MAX_TRIES:
            return case.later(away.seconds if isinstance(away, Throttled) else 2**case.work.tries)
        return _failed(case, system, away.code)
    except Refused as refused:
        return _failed(case, system, refused.code)
    facts = {"system": system, "operation": name}
    if answer.result is not None:
        value = as_json(answer.result)
        found = f"{len(value)} found" if operation.many else "found"
        fact = _fact(case, "done", f"{system} was asked by {name}: {found}", facts, {"result": value})
        case.save(fact, variables={**case.forgetting(step.retrieve), step.retrieve: value})
        return case.outcome("done")
    if isinstance(step.if_none, Refuse):
        fact = _fact(case, "refused", f"{system} has none, and the tenant's answer to that is a refusal", facts)
        return case.end(Status.REFUSED, step.if_none.refuse, fact)
    assert operation.creates is not None, "the checker lets `if none: create` pass only where something can be created"
    return _create(case, step, system, operation.creates)


def _creating(case: Case, step: RetrieveStep) -> bool:
    """Tell whether an earlier visit began to create it, and nobody knows yet what became of that."""
    effects = case.ports.ledger.effects(case.context.tenant, case.context.execution)
    unknown = {EffectStatus.INTENDED, EffectStatus.UNKNOWN}
    return any(effect.step == step.retrieve and effect.status in unknown for effect in effects)


def _create(case: Case, step: RetrieveStep, system: str, creates: str) -> Outcome:
    takes = case.ports.systems.adapter(case.tenant, system).operations[creates].takes
    performed = perform(case, Deed(step.retrieve, system, creates, fill(case, takes, step.with_)))
    if performed.outcome == "done":
        fact = _fact(case, "done", f"{system} had none, so one was created", {"system": system, "operation": creates})
        case.save(fact, variables={**case.forgetting(step.retrieve), step.retrieve: performed.result})
        return case.outcome("done")
    return _other(case, system, performed)


def _other(case: Case, system: str, performed: Performed) -> Outcome:
    if performed.outcome == "later":
        return case.later(performed.seconds)
    return _failed(case, system, performed.code)


def _failed(case: Case, system: str, code: str) -> Outcome:
    return case.end(
        Status.FAILED, None, _fact(case, "failed", f"{system} could not answer: {code}", {"system": system})
    )


def _fact(
    case: Case, outcome: str, reason: str, facts: dict[str, str], personal: dict[str, object] | None = None
) -> Fact:
    return Fact(
        kind="retrieved", step=case.work.step, outcome=outcome, reason=reason, facts=facts, personal=personal or {}
    )
