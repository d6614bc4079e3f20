"""End what a customer asked for who does not want to be written to any more."""

from collections.abc import Sequence

from followthrough.engine.case import Case
from followthrough.engine.inbox import read
from followthrough.engine.work import Outcome
from followthrough.ledger.models import Fact, Message, Status

MESSAGE = "opted_out"
"""The words that say so, where the tenant has them: whoever is told by another way hears why."""


def opted_out(case: Case, messages: Sequence[Message]) -> Outcome:
    """End the execution: what it did is undone, and desk and record are told. That nobody texts any more is on record
    since the message came in.
    """
    personal = {"text": "\n".join(message.text for message in messages)}
    reason = "the customer does not want to be written to any more"
    case.save(
        Fact(kind="answered", step=case.work.step or "identify", outcome="opted out", reason=reason, personal=personal),
        status=Status.REFUSED,
        outcome_message=MESSAGE,
        failed_step=case.work.step,
        read=read(case, messages),
    )
    case.take(messages)
    return case.outcome("refused")
