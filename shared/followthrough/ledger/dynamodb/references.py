"""By what people and providers call it: `<tenant>#reference#<reference>` with `<opened at>#<execution>`.

Whatever a provider called a thing that was done leads to the executions that did it, and so does our own reference.
"""

from followthrough.contracts.evidence import Evidence
from followthrough.ledger.codec import Stored, position
from followthrough.ledger.models import ExecutionContext
from followthrough.ledger.queries import reference_key


def ours(context: ExecutionContext) -> Stored:
    """Return the item of our own reference, to be written with a new context."""
    return _item(context, context.reference)


def theirs(context: ExecutionContext, evidence: Evidence) -> Stored:
    """Return the item of what a provider called something that was done, to be written with its evidence."""
    return _item(context, evidence.id)


def context_pk(tenant: str, execution: str) -> str:
    """Return the partition of an execution's own items."""
    return f"{tenant}#execution#{execution}"


def conversation_pk(tenant: str, subject: str) -> str:
    """Return the partition of a conversation's own items."""
    return f"{tenant}#conversation#{subject}"


def reference_pk(tenant: str, reference: str) -> str:
    """Return the partition of the executions that a reference leads to."""
    return f"{tenant}#reference#{reference_key(reference)}"


def _item(context: ExecutionContext, reference: str) -> Stored:
    return {
        "pk": reference_pk(context.tenant, reference),
        "sk": position(context),
        "execution": context.execution,
    }
