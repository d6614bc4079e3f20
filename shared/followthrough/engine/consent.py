"""End what a customer asked for who does not want to be written to any more, or writes more than anybody answers."""

from collections.abc import Sequence

from followthrough.engine.case import Case
from followthrough.engine.inbox import read
from followthrough.engine.work import Outcome
from followthrough.ledger.models import Fact, Message, Status

MESSAGE = "opted_out"
"""The words that say so, where the tenant has them: whoever is told by another way hears why."""


ENDING = {"stop": "the customer does not want to be written to any more", "flood": "more was written than is answered"}
"""The signals that end an execution, and why."""


def ends(messages: Sequence[Message]) -> str | None:
    """Return why these messages end what is open, whatever they say of a service; None where they do not."""
    return next((ENDING[it.signal] for it in messages if it.signal in ENDING), None)


def end(case: Case, messages: Sequence[Message], reason: str) -> Outcome:
    """End the execution: what it did is undone, and desk and record are told. That nobody texts any more is on record
    since the message came in.
    """
    personal = {"text": "\n".join(message.text for message in messages)}
    case.save(
        Fact(kind="answered", step=case.work.step or "identify", outcome="opted out", reason=reason, personal=personal),
        status=Status.REFUSED,
        outcome_message=MESSAGE if any(it.signal == "stop" for it in messages) else None,
        failed_step=case.work.step,
        read=read(case, messages),
    )
    case.take(messages)
    return case.outcome("refused")
