"""What the customer said since an agent last looked."""

from collections.abc import Sequence

from followthrough.engine.work import Case
from followthrough.ledger.models import Message


def fresh(case: Case) -> list[Message]:
    """Return the messages that this execution has not weighed yet, oldest first.

    The context's `read` is the truth. A message that it names but that still lies in the inbox was left there by a
    crash, and is taken now.
    """
    context = case.context
    unread = case.ports.conversations.unread(context.tenant, context.subject)
    take(case, [message for message in unread if message.interaction in context.read])
    return [message for message in unread if message.interaction not in context.read]


def so_far(case: Case) -> str:
    """Return everything that this execution has read, as one text."""
    context = case.context
    taken = case.ports.conversations.taken(context.tenant, context.subject, context.execution)
    return "\n".join(message.text for message in taken)


def read(case: Case, messages: Sequence[Message]) -> list[str]:
    """Return the context's `read` with these messages."""
    return [*case.context.read, *(message.interaction for message in messages)]


def take(case: Case, messages: Sequence[Message]) -> None:
    """Take messages out of the inbox, once the context that weighed them is saved."""
    context = case.context
    for message in messages:
        case.ports.conversations.take(context.tenant, context.subject, message.interaction, context.execution)
