"""Ask the customer one question."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from math import ceil
from typing import Any

from followthrough.agents.identify import QUESTION
from followthrough.engine.case import Case
from followthrough.engine.consent import MESSAGE
from followthrough.engine.effects import OPTED_OUT
from followthrough.engine.ports import Ports
from followthrough.engine.variables import worded
from followthrough.engine.work import Outcome, Work
from followthrough.interaction.speaking import speak
from followthrough.ledger.models import Fact, Status
from followthrough.routing.bounds import INPUT_WAIT
from followthrough.tenant.formats import in_language
from followthrough.tenant.models import AskStep, ChooseStep

LEAST_SECONDS = 60
"""How long a question stays open that is taken up when its time is over: time enough to look into the inbox, where an
answer may lie that came in time.
"""


def run(work: Work, ports: Ports) -> Outcome:
    """Send the question. Outcomes: `done` (sent, and open for `seconds`), `known` (nothing to ask), `later`, `failed`
    (it cannot be sent).
    """
    case = Case.load(work, ports)
    ended = case.ended()
    if ended is not None:
        return ended
    kind, _, name = work.step.partition(".")
    if name in case.context.inputs if kind == "inputs" else work.step in case.context.variables:
        return case.outcome("known")
    asked = len(case.context.answers.get(work.step, []))
    text = _question(case)
    sent = _fact(case, "asked", f"question {asked + 1} was sent", {"text": text})
    performed = speak(case, f"ask {work.step}", text, sent, iteration=asked)
    if performed is None:
        return case.end(Status.FAILED, None, _fact(case, "failed", "the customer has no address any more"))
    if performed.outcome == "later":
        return case.later(performed.seconds)
    if performed.outcome != "done" or performed.effect is None:
        system = case.tenant.system_of(case.context.channel)
        message = MESSAGE if performed.code == OPTED_OUT else None
        return case.end(Status.FAILED, message, _fact(case, "failed", f"{system} could not send it: {performed.code}"))
    return case.outcome("done", asked=asked, seconds=_seconds_left(case, performed.effect.called_at))


def _seconds_left(case: Case, sent: datetime) -> int:
    """Return what is left of the customer's time, which began when the question was sent, whichever machine sent it."""
    left = sent + _wait(case) - case.ports.clock()
    return max(LEAST_SECONDS, ceil(left.total_seconds()))


def _wait(case: Case) -> timedelta:
    step = case.work.step
    if step == QUESTION:
        return case.tenant.not_understood.wait
    if step.startswith("inputs."):
        return INPUT_WAIT
    return _asking(case).wait


def _question(case: Case) -> str:
    step = case.work.step
    if step == QUESTION:
        return worded(case, case.tenant.not_understood.ask)
    if step.startswith("inputs."):
        return in_language(case.service.inputs[step.removeprefix("inputs.")].ask, case.formats())
    asking = _asking(case)
    offers = case.context.offers.get(step, [])
    return worded(case, asking.say, {"offers": offers} if isinstance(asking, ChooseStep) else None)


def _asking(case: Case) -> AskStep | ChooseStep:
    asking = case.step(case.work.step)
    assert isinstance(asking, AskStep | ChooseStep)
    return asking


def _fact(case: Case, outcome: str, reason: str, personal: Mapping[str, Any] | None = None) -> Fact:
    return Fact(kind="asked", step=case.work.step, outcome=outcome, reason=reason, personal=dict(personal or {}))
