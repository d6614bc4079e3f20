"""By what people and providers call it: `<tenant>#reference#<reference>` with `<opened at>#<execution>`.

Whatever a provider called a thing that was done leads to the executions that did it, and so does our own reference.
"""

from followthrough.ledger.codec import Stored, position
from followthrough.ledger.dynamodb.table import Table
from followthrough.ledger.models import Effect, ExecutionContext
from followthrough.ledger.queries import reference_key

_MOST_REMEMBERED = 1000


class References:
    """Makes the items that lead to executions; `seen` spares reading the context that an effect belongs to."""

    def __init__(self, table: Table) -> None:
        self._table = table
        self._positions: dict[str, str] = {}

    def seen(self, context: ExecutionContext) -> None:
        """Remember where an execution stands in lists: that never changes."""
        if len(self._positions) >= _MOST_REMEMBERED:
            self._positions.clear()
        self._positions[context_pk(context.tenant, context.execution)] = position(context)

    def ours(self, context: ExecutionContext) -> Stored:
        """Return the item of our own reference, to be written with a new context."""
        return _item(context.tenant, context.reference, position(context), context.execution)

    def theirs(self, effect: Effect) -> Stored | None:
        """Return the item of what a provider called this effect, to be written with its evidence.

        None without evidence, or without the execution.
        """
        if effect.evidence is None:
            return None
        pk = context_pk(effect.tenant, effect.execution)
        place = self._positions.get(pk)
        if place is None:
            context = self._table.get(pk, "context")
            if context is None:
                return None
            place = str(context["day_sort"])
        return _item(effect.tenant, effect.evidence.id, place, effect.execution)


def context_pk(tenant: str, execution: str) -> str:
    """Return the partition of an execution's own items."""
    return f"{tenant}#execution#{execution}"


def reference_pk(tenant: str, reference: str) -> str:
    """Return the partition of the executions that a reference leads to."""
    return f"{tenant}#reference#{reference_key(reference)}"


def _item(tenant: str, reference: str, place: str, execution: str) -> Stored:
    return {"pk": reference_pk(tenant, reference), "sk": place, "execution": execution}
