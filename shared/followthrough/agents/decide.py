"""Decide by the tenant's rules and tables, and choose among options. Pure but for reading and saving the context."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, Final, Literal

from followthrough.engine.case import Case
from followthrough.engine.ports import Ports
from followthrough.engine.variables import evaluate, holds, scope, variables
from followthrough.engine.work import Outcome, Work
from followthrough.ledger.models import Decision, Fact, Status
from followthrough.tenant import tables
from followthrough.tenant.expressions import looked_at
from followthrough.tenant.models import ChooseStep, DecideStep
from followthrough.tenant.types import Plain, Scope, at

_Outcome = Literal["done", "ask", "refused"]
_GO_ON: Final = "done"


def run(work: Work, ports: Ports) -> Outcome:
    """Take one or more decisions in a row. Outcomes: `done`, `ask` (offer a choice), `refused`.

    Each knows what those before it have added: its variables are those of its own step, not of the visit's first.
    """
    case = Case.load(work, ports)
    ended = case.ended()
    if ended is not None:
        return ended
    for name in work.steps:
        step = case.step(name)
        assert isinstance(step, DecideStep | ChooseStep)
        outcome = _choose(case, step) if isinstance(step, ChooseStep) else _decide(case, step)
        if outcome != _GO_ON:
            return case.outcome(outcome)
    return case.outcome(_GO_ON)


def _decide(case: Case, step: DecideStep) -> _Outcome:
    return _table(case, step) if step.table else _rules(case, step)


def _rules(case: Case, step: DecideStep) -> _Outcome:
    rules = step.rules or []
    inputs: dict[str, Any] = {}
    known = scope(case, step.name)
    not_fired: list[str] = []
    for number, rule in enumerate(rules, 1):
        inputs |= looked_at(rule.when, known, variables(case), case.tenant.home)
        if not holds(case, rule.when, step.name):
            not_fired.append(f"rule {number} does not hold: {_bare(rule.when)}")
            continue
        later = enumerate(rules[number:], number + 1)
        decision = Decision(
            step=step.decide,
            outcome="refused",
            reason=f"rule {number} holds: {_bare(rule.when)}",
            fired=f"rule {number}",
            not_fired=[*not_fired, *(f"rule {it} was not reached: {_bare(other.when)}" for it, other in later)],
            inputs=inputs,
        )
        fact = _fact(case, decision, _money(inputs, known))
        case.save(fact, status=Status.REFUSED, outcome_message=rule.refuse, failed_step=decision.step)
        return "refused"
    reason = f"no rule that refuses holds: {'; '.join(_bare(rule.when) for rule in rules)}"
    decision = Decision(step=step.decide, outcome="allowed", reason=reason, not_fired=not_fired, inputs=inputs)
    case.save(_fact(case, decision, _money(inputs, known)))
    return _GO_ON


def _money(inputs: Iterable[str], known: Scope) -> list[str]:
    """Name the values that are money among those that were looked at."""
    return [name for name in inputs if at(known, name.split(".")) is Plain.MONEY]


def _table(case: Case, step: DecideStep) -> _Outcome:
    """The reason is the row's own, if it has one: other inputs and outputs may be personal, so they are told apart."""
    assert step.table is not None
    table = case.tenant.tables[step.table]
    verdict = tables.decide(table, scope(case, step.name), variables(case), case.tenant.home)
    fired = f"row {verdict.row + 1} of {step.table}"
    label = verdict.outputs.get("reason")
    decision = Decision(
        step=step.decide,
        outcome="decided",
        reason=f"{fired}: {label}" if label else f"{fired} is the first that holds",
        fired=fired,
        not_fired=[*verdict.why, *(f"row {it + 1} was not reached" for it in range(verdict.row + 1, len(table.rows)))],
        inputs=dict(verdict.inputs),
        result=dict(verdict.outputs),
    )
    money = [name for name, kind in table.outputs.items() if kind in {"money", "signed money"}]
    fact = _fact(case, decision, [*verdict.money, *money])
    case.save(fact, variables=case.with_variable(step.decide, dict(verdict.outputs)))
    return _GO_ON


def _choose(case: Case, step: ChooseStep) -> _Outcome:
    if step.choose in case.context.variables:
        # Chosen already, before this invocation was repeated.
        return _GO_ON
    options: list[dict[str, Any]] = evaluate(case, step.among, step.name)
    wanted = datetime.fromisoformat(str(evaluate(case, step.nearest, step.name)))
    inputs = {_bare(step.nearest): wanted.isoformat(), _bare(step.among): len(options)}
    if not options:
        reason = "there is nothing to choose from"
        decision = Decision(step=step.choose, outcome="none", reason=reason, inputs=inputs)
        ended = {"status": Status.REFUSED, "outcome_message": step.if_none.refuse, "failed_step": step.choose}
        case.save(_fact(case, decision), **ended)
        return "refused"
    near = sorted(options, key=lambda option: (abs(_start(option) - wanted), _start(option)))[: step.offer]
    if _start(near[0]) == wanted and step.nearest.removeprefix("=inputs.") not in case.context.vague:
        reason = f"the wanted time is one of {len(options)} that are free"
        decision = Decision(step=step.choose, outcome="chosen", reason=reason, inputs=inputs, result=near[0])
        case.save(_fact(case, decision), variables=case.with_variable(step.choose, near[0]))
        return _GO_ON
    offers = sorted(near, key=_start)
    reason = f"the wanted time is not free; the {len(offers)} nearest of {len(options)} are offered"
    result = {"offers": offers}
    decision = Decision(step=step.choose, outcome="offered", reason=reason, inputs=inputs, result=result)
    case.save(_fact(case, decision), offers={**case.context.offers, step.choose: offers})
    return "ask"


def _bare(expression: str) -> str:
    return expression.removeprefix("=").strip()


def _start(option: dict[str, Any]) -> datetime:
    return datetime.fromisoformat(str(option["start"]))


def _fact(case: Case, decision: Decision, money: Sequence[str] = ()) -> Fact:
    """Put a decision on record with the release whose rules it was taken by: its id is a hash of the configuration.

    `money` names what is minor units of the tenant's currency, of what was looked at and of the results.
    """
    amounts = {"money": list(money), "currency": case.tenant.currency} if money else {}
    return Fact(
        kind="decided",
        step=decision.step,
        outcome=decision.outcome,
        reason=decision.reason,
        facts={"fired": decision.fired, "not fired": decision.not_fired, "release": case.context.release, **amounts},
        personal={"inputs": decision.inputs, "result": decision.result},
    )
