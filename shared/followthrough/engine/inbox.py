"""What the customer said since an agent last looked."""

from collections.abc import Sequence

from followthrough.engine.case import Case
from followthrough.ledger.models import Message


def fresh(case: Case) -> list[Message]:
    """Return the messages that this execution has not weighed yet, oldest first.

    The context's `read` is the truth: a message that it names but that still lies in the inbox is taken now.
    """
    context = case.context
    unread = case.ports.conversations.unread(context.tenant, context.subject)
    case.take([message for message in unread if message.interaction in context.read])
    return [message for message in unread if message.interaction not in context.read]


def so_far(case: Case) -> str:
    """Return everything that this execution read before its service was known, as one text."""
    return "\n".join(case.context.said.values())


def said(case: Case, messages: Sequence[Message]) -> dict[str, str]:
    """Return the context's `said` with these messages."""
    return {**case.context.said, **{message.interaction: message.text for message in messages}}


def read(case: Case, messages: Sequence[Message]) -> list[str]:
    """Return the context's `read` with these messages."""
    return [*case.context.read, *(message.interaction for message in messages)]
