"""Read the customer's answer to the question that was asked last."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from itertools import takewhile
from typing import Any, Literal

from followthrough.engine.case import Case
from followthrough.engine.consent import end, ends
from followthrough.engine.inbox import fresh, read
from followthrough.engine.inputs import time_of, vague, value_of
from followthrough.engine.ports import Ports
from followthrough.engine.work import Outcome, Work
from followthrough.ledger.models import Fact, Message, Status
from followthrough.routing.bounds import MAX_QUESTIONS, MAX_WISHES
from followthrough.tenant.models import AskStep, ChooseStep
from followthrough.understanding.answers import wants_none, yes_or_no
from followthrough.understanding.choices import choice_of


@dataclass(frozen=True)
class Reading:
    """What an answer means: an outcome, its reason without the customer's words, and the changes to the context."""

    outcome: Literal["done", "again", "anew", "declined", "refused"]
    reason: str
    changes: Mapping[str, Any] = field(default_factory=dict)
    refusal: str | None = None


def run(work: Work, ports: Ports) -> Outcome:
    """Weigh the answer. Outcomes: `done`, `again` (not understood), `anew` (another wish: look again), `declined` (no
    offer will do), `refused`.
    """
    case = Case.load(work, ports)
    messages = fresh(case)
    weighed = case.context.answers.get(work.step, [])
    if case.context.status is not Status.OPEN:
        return case.outcome("refused")
    if len(weighed) > work.asked:
        return case.outcome(weighed[-1])
    why = ends(messages)
    if why is not None:
        return end(case, messages, why)
    reading = _read("\n".join(message.text for message in messages), case)
    if too_often := _too_often(reading, weighed):
        reading = Reading("refused", too_often, refusal=case.tenant.not_understood.give_up)
    _save(case, reading, [*weighed, reading.outcome], messages)
    return case.outcome(reading.outcome)


def _too_often(reading: Reading, weighed: list[str]) -> str | None:
    """Say why nothing more is asked; None where it may be."""
    if reading.outcome == "again" and _in_vain(weighed) + 1 >= MAX_QUESTIONS:
        return "it was asked as often as is polite"
    if reading.outcome == "anew" and weighed.count("anew") >= MAX_WISHES:
        return "as many other wishes were looked up as may be"
    return None


def _in_vain(weighed: list[str]) -> int:
    """Count the last answers in a row that were not understood."""
    return len(list(takewhile("again".__eq__, reversed(weighed))))


def _read(text: str, case: Case) -> Reading:
    name = case.work.step
    if name.startswith("inputs."):
        return _input(case, name.removeprefix("inputs."), text)
    step = case.step(name)
    if isinstance(step, AskStep):
        return _agreement(case, step, text)
    assert isinstance(step, ChooseStep)
    return _choice(case, step, text)


def _input(case: Case, name: str, text: str) -> Reading:
    value = value_of(case, case.service.inputs[name], text, case.context.language)
    if value is None:
        return Reading("again", f"the answer does not say {name}")
    changes = {
        "inputs": {**case.context.inputs, name: value},
        "vague": vague(case, case.service, text, case.context.language),
    }
    return Reading("done", f"the customer said {name}", changes)


def _agreement(case: Case, step: AskStep, text: str) -> Reading:
    agreed = yes_or_no(text, case.context.language)
    if agreed is None:
        return Reading("again", "the answer is neither yes nor no")
    if not agreed:
        return Reading("refused", "the customer said no", refusal=step.if_no.refuse)
    return Reading("done", "the customer said yes", {"variables": case.with_variable(step.ask, value=True)})


def _choice(case: Case, step: ChooseStep, text: str) -> Reading:
    """An answer may name one of the offers, or another time: then the search starts anew around that."""
    offers = case.context.offers[step.choose]
    now, zone, language = case.ports.clock(), case.tenant.time_zone, case.context.language
    starts = [datetime.fromisoformat(offer["start"]) for offer in offers]
    chosen = choice_of(text, len(offers), starts, zone, case.formats().dialect, now, case.tenant.words.counted)
    if chosen is not None:
        variables = case.with_variable(step.choose, offers[chosen])
        return Reading("done", f"the customer chose offer {chosen + 1} of {len(offers)}", {"variables": variables})
    wish, _, name = step.nearest.removeprefix("=").strip().partition(".")
    found = time_of(case, text, language)
    if found is not None and wish == "inputs" and name in case.service.inputs:
        inputs = {**case.context.inputs, name: found.at.isoformat()}
        changes = {"inputs": inputs, "vague": [] if found.has_time else [name]}
        return Reading("anew", "the customer wishes another time", changes)
    if wants_none(text):
        # That there was nothing to offer is another end, and would be untrue.
        return Reading("declined", "the customer wants none of the offers", refusal=case.service.said_to_no(step))
    return Reading("again", "the answer names none of the offers")


def _save(case: Case, reading: Reading, weighed: list[str], messages: list[Message]) -> None:
    changes = {
        **reading.changes,
        "answers": {**case.context.answers, case.work.step: weighed},
        "read": read(case, messages),
    }
    if reading.outcome in {"declined", "refused"}:
        changes |= {"status": Status.REFUSED, "outcome_message": reading.refusal, "failed_step": case.work.step}
    personal = {"text": "\n".join(message.text for message in messages)}
    fact = Fact(kind="answered", step=case.work.step, outcome=reading.outcome, reason=reading.reason, personal=personal)
    case.save(fact, **changes)
    case.take(messages)
