"""Ask the tenant's systems for what the rules need to know."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pydantic import BaseModel

from followthrough.contracts.manifest import Operation
from followthrough.engine.case import Case
from followthrough.engine.effects import Deed, Exchange, as_json, perform
from followthrough.engine.ports import Ports
from followthrough.engine.variables import fill
from followthrough.engine.work import Outcome, Work
from followthrough.errors import Refused, Throttled, Unreachable
from followthrough.ledger.models import EffectStatus, Fact, Status
from followthrough.routing.bounds import MAX_TRIES
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
    asking = Asking(case, system, name, request, case.ports.clock())
    try:
        adapter = case.ports.systems.adapter(case.tenant, system)
        answer = adapter.run(name, request, case.call(case.context.execution, asking.began))
    except (Throttled, Unreachable) as away:
        if case.work.tries < MAX_TRIES:
            case.record(asking.fact("later", f"{system} could not answer yet: {away.code}"))
            return case.later(away.seconds if isinstance(away, Throttled) else 2**case.work.tries)
        return _failed(case, asking, away.code)
    except Refused as refused:
        return _failed(case, asking, refused.code)
    if answer.result is not None:
        value = as_json(answer.result)
        found = f"{len(value)} found" if operation.many else "found"
        fact = asking.fact("done", f"{system} was asked by {name}: {found}", {"result": value})
        case.save(fact, variables={**case.forgetting(step.retrieve), step.retrieve: value})
        return case.outcome("done")
    if isinstance(step.if_none, Refuse):
        fact = asking.fact("refused", f"{system} has none, and the tenant's answer to that is a refusal")
        return case.end(Status.REFUSED, step.if_none.refuse, fact)
    assert operation.creates is not None, "the checker lets `if none: create` pass only where something can be created"
    case.record(asking.fact("none", f"{system} was asked by {name} and has none"))
    return _create(case, step, system, operation.creates)


@dataclass(frozen=True)
class Asking:
    """What a system is asked, and since when."""

    case: Case
    system: str
    operation: str
    request: BaseModel
    began: datetime

    def fact(self, outcome: str, reason: str, personal: Mapping[str, Any] | None = None) -> Fact:
        """Put on record what was asked and what came of it."""
        exchange = Exchange("call", self.began).took(self.case.ports.clock())
        return Fact(
            kind="retrieved",
            step=self.case.work.step,
            outcome=outcome,
            reason=reason,
            facts={
                "system": self.system,
                "operation": self.operation,
                "attempt": self.case.work.tries + 1,
                **exchange,
            },
            personal={"request": self.request.model_dump(mode="json"), **(personal or {})},
        )


def _creating(case: Case, step: RetrieveStep) -> bool:
    """Tell whether an earlier visit began to create it, and nobody knows yet what became of that."""
    unknown = {EffectStatus.INTENDED, EffectStatus.UNKNOWN}
    return any(effect.step == step.retrieve and effect.status in unknown for effect in case.effects())


def _create(case: Case, step: RetrieveStep, system: str, creates: str) -> Outcome:
    takes = case.ports.systems.adapter(case.tenant, system).operations[creates].takes
    performed = perform(case, Deed(step.retrieve, system, creates, fill(case, takes, step.with_)))
    if performed.outcome == "later":
        return case.later(performed.seconds)
    facts = {"system": system, "operation": creates}
    if performed.outcome != "done":
        reason = f"{system} could not create it: {performed.code}"
        fact = Fact(kind="retrieved", step=step.retrieve, outcome="failed", reason=reason, facts=facts)
        return case.end(Status.FAILED, None, fact)
    reason = f"{system} had none, so one was created"
    fact = Fact(kind="retrieved", step=step.retrieve, outcome="done", reason=reason, facts=facts)
    case.save(fact, variables={**case.forgetting(step.retrieve), step.retrieve: performed.result})
    return case.outcome("done")


def _failed(case: Case, asking: Asking, code: str) -> Outcome:
    return case.end(Status.FAILED, None, asking.fact("failed", f"{asking.system} could not answer: {code}"))
