"""Contexts in DynamoDB: `context` is the head, `context#<kind>.<name>` a value, `context#interaction` what opened it.

They stand together, so that one query finds them all. A query is no transaction: who meets a save half way sees that
head and values do not fit, and asks again.
"""

from collections.abc import Iterable, Iterator
from typing import Any

from followthrough.clock import Clock
from followthrough.errors import Conflict, Missing
from followthrough.ledger.chain import Head
from followthrough.ledger.codec import Codec, Stored
from followthrough.ledger.contexts import Revision, decoded, encoded, head_record
from followthrough.ledger.dynamodb import references
from followthrough.ledger.dynamodb.indexes import BY_DUE
from followthrough.ledger.dynamodb.listing import index_keys
from followthrough.ledger.dynamodb.references import context_pk
from followthrough.ledger.dynamodb.statements import Statement, insertion, update
from followthrough.ledger.dynamodb.table import Table
from followthrough.ledger.jitter import tries
from followthrough.ledger.models import ExecutionContext

_HEAD = "context"
_VALUE = f"{_HEAD}#"
_INTERACTION = f"{_VALUE}interaction"

_AT_EVERY_SAVE = {BY_DUE.sort}
"""What others may have changed since: it is written whether or not it is new."""

_READ_AGAIN = 20
"""How often a context is read that is being saved all the time."""


class Contexts:
    """Reads contexts, and makes the statements that write them."""

    def __init__(self, table: Table, codec: Codec, clock: Clock) -> None:
        self._table = table
        self._codec = codec
        self._clock = clock

    def load(self, tenant: str, execution: str, items: Iterable[Stored] | None = None) -> ExecutionContext:
        """Return a context, from the items of its partition where they are at hand. Raises Missing, Conflict."""
        pk = context_pk(tenant, execution)
        for attempt in tries():
            found = {one["sk"]: one for one in (items or self._table.query(pk, _HEAD))}
            stored = found.pop(_HEAD, None)
            if stored is None:
                raise Missing(f"no execution {execution}")
            opened_by = found.pop(_INTERACTION, None)
            values = {sk.removeprefix(_VALUE): one for sk, one in found.items() if sk.startswith(_VALUE)}
            context = decoded(self._codec, stored, values, opened_by)
            if context is not None:
                return context
            items = None
            if attempt >= _READ_AGAIN:
                break
        raise Conflict(f"execution {execution} was being saved all the time")

    def opening(self, new: Revision, end: Head | None) -> list[Statement]:
        """Return what creates a context, with the way to it by our own reference."""
        context, name = new.context, self._table.name
        keys = index_keys(context, self._clock())
        item = {**_key(context), **head_record(context), **keys, **_end(end)}
        statements = [insertion(name, item), *self._values(None, new)]
        if context.opened_by is not None:
            said = {**_key(context, _INTERACTION), **self._codec.encode(context.opened_by)}
            statements.append(insertion(name, said))
        return [*statements, insertion(name, references.ours(context), dispensable=True)]

    def saving(self, before: ExecutionContext, new: Revision, end: Head | None) -> list[Statement]:
        """Return what replaces a context that is still in the version in which it was read."""
        now, had, has = self._clock(), head_record(before), head_record(new.context)
        keys, had_keys = index_keys(new.context, now), index_keys(before, now)
        changes: dict[str, Any] = {name: value for name, value in has.items() if had.get(name) != value}
        changes |= {name: key for name, key in keys.items() if name in _AT_EVERY_SAVE or had_keys.get(name) != key}
        saved = update(self._table.name, _key(new.context), changes | _end(end), expected={"version": before.version})
        return [saved, *self._values(before, new)]

    def following(self, context: ExecutionContext, end: Head) -> Statement:
        """Return what tells a context that its trace has grown. Nothing hangs on it: the next append would find out."""
        return update(self._table.name, _key(context), _end(end), dispensable=True)

    def _values(self, before: ExecutionContext | None, new: Revision) -> Iterator[Statement]:
        name, known = self._table.name, before.written if before else {}
        for value in new.values:
            stored = encoded(self._codec, new.context, value)
            key = _key(new.context, f"{_VALUE}{value.name}")
            if value.name in known:
                yield update(name, key, stored)
            else:
                yield insertion(name, {**key, **stored})


def _key(context: ExecutionContext, sk: str = _HEAD) -> dict[str, str]:
    return {"pk": context_pk(context.tenant, context.execution), "sk": sk}


def _end(end: Head | None) -> Stored:
    return {} if end is None else {"entries": end.sequence, "last_hash": end.hash}
