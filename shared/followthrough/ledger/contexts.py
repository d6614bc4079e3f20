"""How a context is stored: a small head, its values beside it, and the interaction that opened it.

The head holds nothing personal; what is personal is in the values and the interaction, encrypted.
"""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from followthrough.contracts.interaction import Interaction
from followthrough.ledger import values
from followthrough.ledger.chain import Head, genesis
from followthrough.ledger.codec import Codec, Stored, masked
from followthrough.ledger.encryption import Place
from followthrough.ledger.entries import Link
from followthrough.ledger.models import ExecutionContext
from followthrough.ledger.values import Value

_BESIDE = {*values.KINDS, "opened_by"}


class Revision(NamedTuple):
    """The next version of a context, masked, and the values that are new in it."""

    context: ExecutionContext
    values: list[Value]


def revised(before: ExecutionContext | None, now: ExecutionContext) -> Revision:
    """Return what is to be written where `before` stands; nothing stands there before a context is opened."""
    version = now.version if before is None else before.version + 1
    new = [masked(it) for it in values.changed(before, now, version)]
    fields = {kind: dict(getattr(now, kind)) for kind in values.KINDS}
    for one in new:
        kind, _, name = one.name.partition(".")
        fields[kind][name] = values.content(one)
    changes = {**fields, "version": version, "written": values.written(before, now, version)}
    if before is not None:
        # Where the trace has come to is known to who read the context last, and changes with an append alone.
        changes |= {"entries": before.entries, "last_hash": before.last_hash}
    elif now.opened_by is not None:
        changes["opened_by"] = masked(now.opened_by)
    return Revision(now.model_copy(update=changes), new)


def head_of(context: ExecutionContext) -> Head:
    """Return where the execution's trace was known to end when its context was read."""
    if not context.entries:
        return genesis(context.tenant, context.execution)
    return Head(context.entries, context.last_hash)


def moved_on(added: Sequence[Link]) -> dict[str, Any]:
    """Return what a context says of its trace once these entries were added to it."""
    return {"entries": added[-1].sequence, "last_hash": added[-1].hash} if added else {}


def head_record(context: ExecutionContext) -> Stored:
    """Return the stored form of a context's head."""
    return context.model_dump(mode="json", exclude=_BESIDE)


def encoded(codec: Codec, context: ExecutionContext, value: Value) -> Stored:
    """Return the stored form of a value of a context, which opens nowhere but under its own name. Its key tells the
    name, and whose it is.
    """
    stored = codec.encode(value, _place(context.tenant, context.subject, context.execution, value.name))
    return {part: stored[part] for part in ("version", "content")}


def decoded(
    codec: Codec, stored: Stored, found: Mapping[str, Stored], opened_by: Stored | None
) -> ExecutionContext | None:
    """Return a context, from its head, its values by name and what opened it; None where the head and the values are
    not of one version. Raises Unreadable.
    """
    expected: dict[str, int] = stored.get("written", {})
    if not values.complete(expected, {name: one["version"] for name, one in found.items()}):
        return None
    tenant, subject, execution = stored["tenant"], stored["subject"], stored["execution"]
    opened = [
        codec.decode({"name": name, **one}, Value, _place(tenant, subject, execution, name))
        for name, one in found.items()
        if expected.get(name) != values.GONE
    ]
    interaction = None if opened_by is None else codec.decode(opened_by, Interaction)
    return ExecutionContext.model_validate(
        {**stored, **values.gathered(expected, opened), "opened_by": interaction},
    )


def _place(tenant: str, subject: str, execution: str, name: str) -> Place:
    return Place(tenant, subject, f"{execution}#{name}")
