"""Do one thing in one of the tenant's systems."""

from typing import assert_never

from followthrough.engine.alerts import owe_alert
from followthrough.engine.case import Case
from followthrough.engine.effects import UNSETTLED, Deed, Performed, perform
from followthrough.engine.ports import Ports
from followthrough.engine.variables import fill, holds, worded
from followthrough.engine.work import Outcome, Work
from followthrough.interaction.speaking import later
from followthrough.ledger.models import Fact, Status
from followthrough.routing.bounds import MAX_ROUNDS
from followthrough.tenant.models import ActStep, Refuse

BROKEN = "broken"
"""The outcome in the record when this step broke, in every retry, and the chain may go on without it."""


def run(work: Work, ports: Ports) -> Outcome:
    """Act. Outcomes: `done`, `later`, `taken` (go back and choose again), `failed`."""
    case = Case.load(work, ports)
    ended = case.ended()
    if ended is not None:
        return ended
    step = case.step(work.step)
    assert isinstance(step, ActStep)
    if work.outcome == BROKEN and step.told_of_failure is not None:
        return _failed(case, step, Performed("failed", code=BROKEN))
    return _act(case, step)


def _act(case: Case, step: ActStep) -> Outcome:
    if step.only_if is not None and not holds(case, step.only_if):
        case.record(_fact(case, "skipped", "its condition does not hold"))
        return case.outcome("done")
    system, name = step.using.split(".")
    takes = case.ports.systems.adapter(case.tenant, system).operations[name].takes
    said = worded(case, step.say, language=case.tenant.languages[0]) if step.say else None
    undo = step.undo.split(".")[1] if step.undo else None
    rounds = case.context.answers.get(step.act, [])
    request = fill(case, takes, step.with_, said)
    performed = perform(case, Deed(step.act, system, name, request, undo=undo, iteration=len(rounds)))
    match performed.outcome:
        case "done":
            case.save(variables=case.with_variable(step.act, performed.result))
            return case.outcome("done")
        case "later":
            return later(case, performed.seconds)
        case "taken" if step.if_taken and len(rounds) < MAX_ROUNDS:
            # Noted, so that the next round is an effect of its own even where it wants the very same.
            fact = _fact(case, "taken", f"somebody else was faster, so the chain goes back to {step.if_taken}")
            case.save(fact, answers={**case.context.answers, step.act: [*rounds, "taken"]})
            return case.outcome("taken")
        case "taken" | "failed":
            return _failed(case, step, performed)
        case _:
            assert_never(performed.outcome)


def _failed(case: Case, step: ActStep, performed: Performed) -> Outcome:
    operator = step.told_of_failure
    if operator is not None:
        owe_alert(case, operator, step.act, performed.code)
        case.record(_fact(case, "failed", f"{performed.code}: the chain goes on and {operator} is told"))
        return case.outcome("done")
    # Where nobody knows what became of it, the step's own words would claim too much.
    known = performed.code != UNSETTLED
    message = step.if_it_fails.refuse if known and isinstance(step.if_it_fails, Refuse) else None
    return case.end(Status.FAILED, message, _fact(case, "failed", f"{performed.code}: the chain cannot go on"))


def _fact(case: Case, outcome: str, reason: str) -> Fact:
    return Fact(kind="acted", step=case.work.step, outcome=outcome, reason=reason)
