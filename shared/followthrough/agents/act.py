"""Do one thing in one of the tenant's systems."""

from followthrough.agents.effects import Deed, Performed, perform
from followthrough.agents.words import fill, holds, words
from followthrough.agents.work import Case, Outcome, Ports, Work
from followthrough.confirmation.obligations import owe_alert
from followthrough.ledger.models import EffectStatus, Fact, Status
from followthrough.tenant.models import ActStep, Refuse

MAX_ROUNDS = 5
"""How often a chain goes back because somebody else was faster, before it gives up."""


def run(work: Work, ports: Ports) -> Outcome:
    """Act. Outcomes: `done`, `later`, `taken` (go back and choose again), `failed`."""
    case = Case.load(work, ports)
    step = case.step(work.step)
    assert isinstance(step, ActStep)
    if step.only_if is not None and not holds(case, step.only_if):
        case.record(_fact(case, "skipped", "its condition does not hold"))
        return case.outcome("done")
    system, name = step.using.split(".")
    takes = ports.systems.adapter(case.tenant, system).operations[name].takes
    said = words(case, step.say, language=case.tenant.languages[0]) if step.say else None
    undo = step.undo.split(".")[1] if step.undo else None
    performed = perform(case, Deed(step.act, system, name, fill(case, takes, step.with_, said), undo=undo))
    match performed.outcome:
        case "done":
            case.save(variables=case.with_variable(step.act, performed.result))
            return case.outcome("done")
        case "later":
            return case.later(performed.seconds)
        case "taken" if step.if_taken and _rounds(case) < MAX_ROUNDS:
            case.record(_fact(case, "taken", f"somebody else was faster, so the chain goes back to {step.if_taken}"))
            return case.outcome("taken")
    return _failed(case, step, performed)


def _rounds(case: Case) -> int:
    effects = case.ports.ledger.effects(case.context.tenant, case.context.execution)
    return sum(effect.step == case.work.step and effect.status is not EffectStatus.DONE for effect in effects)


def _failed(case: Case, step: ActStep, performed: Performed) -> Outcome:
    operator = step.told_of_failure
    if operator is not None:
        owe_alert(case, operator, step.act, performed.code)
        case.record(_fact(case, "failed", f"{performed.code}: the chain goes on and {operator} is told"))
        return case.outcome("done")
    message = step.if_it_fails.refuse if isinstance(step.if_it_fails, Refuse) else None
    return case.end(Status.FAILED, message, _fact(case, "failed", f"{performed.code}: the chain cannot go on"))


def _fact(case: Case, outcome: str, reason: str) -> Fact:
    return Fact(kind="acted", step=case.work.step, outcome=outcome, reason=reason)
