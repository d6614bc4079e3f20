"""Find out which service is wanted, and what of its inputs was said already."""

from followthrough.engine.case import Case
from followthrough.engine.consent import end, ends
from followthrough.engine.inbox import fresh, read, said, so_far
from followthrough.engine.inputs import understood, vague
from followthrough.engine.ports import Ports
from followthrough.engine.work import RESUMED, Outcome, Work
from followthrough.ledger.models import Fact, Message, Status
from followthrough.understanding.language import language_of
from followthrough.understanding.services import Identification, identify

QUESTION = "service"

_ENDINGS = {Status.COMPLETED: "confirm", **dict.fromkeys((Status.REFUSED, Status.FAILED, Status.EXPIRED), "undo")}
"""Where a chain goes on that has ended but may not have told everybody."""


def run(work: Work, ports: Ports) -> Outcome:
    """Identify the service. Outcomes: `done` with the service, `ask` when unsure, `refused` after too many
    questions.
    """
    case = Case.load(work, ports)
    messages = fresh(case)
    before = _before(case)
    if before is not None:
        return before
    why = ends(messages)
    if why is not None:
        return end(case, messages, why)
    text = "\n".join(message.text for message in messages)
    everything = f"{so_far(case)}\n{text}"
    language = language_of(everything, case.tenant.languages, case.context.language, case.tenant.words.telling)
    found = identify(text, case.tenant.services)
    if found.service is None:
        return _unsure(case, found, messages, language)
    service = case.tenant.services[found.service]
    inputs = understood(case, service, everything, language)
    case.save(
        _fact("done", found, {"service": found.service, "inputs": sorted(inputs)}),
        service=found.service,
        language=language,
        inputs=inputs,
        vague=vague(case, service, everything, language),
        read=read(case, messages),
    )
    case.take(messages)
    return case.outcome("done")


def _before(case: Case) -> Outcome | None:
    """Return what an earlier run of this very invocation decided, if it got that far."""
    if case.work.outcome == RESUMED:
        at = _ENDINGS.get(case.context.status, case.context.at)
        if at:
            return case.outcome("resume", at=at)
    if case.context.service is not None:
        return case.outcome("done")
    if case.context.status is not Status.OPEN:
        return case.outcome(case.context.status.value)
    weighed = case.context.answers.get(QUESTION, [])
    return case.outcome("ask") if len(weighed) > case.work.asked else None


def _unsure(case: Case, found: Identification, messages: list[Message], language: str) -> Outcome:
    """Ask, or give up: the message that gives up tells the customer who will help instead."""
    weighed = [*case.context.answers.get(QUESTION, []), "again"]
    give_up = len(weighed) > case.tenant.not_understood.tries
    changes = {
        "answers": {**case.context.answers, QUESTION: weighed},
        "language": language,
        "read": read(case, messages),
        "said": said(case, messages),
    }
    if give_up:
        changes |= {"status": Status.REFUSED, "outcome_message": case.tenant.not_understood.give_up}
    case.save(_fact("refused" if give_up else "ask", found, {}), **changes)
    case.take(messages)
    return case.outcome("refused" if give_up else "ask")


def _fact(outcome: str, found: Identification, facts: dict[str, object]) -> Fact:
    return Fact(
        kind="identified",
        step="identify",
        outcome=outcome,
        reason=found.reason,
        facts={**facts, "scores": {name: round(score, 3) for name, score in found.scores.items()}},
    )
