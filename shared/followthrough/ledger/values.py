"""The values of a context: each input, variable, offer and word is a record of its own beside the context's head, which
is small and rewritten at every save, while a value is written only when it changed.

The head says in which version each value was written (`written`), so that a reader who met a save half way (a query is
no transaction) sees it and reads again. A value that was taken back has `GONE` there: what is stored stays, unread.
"""

from collections.abc import Mapping
from typing import Any, Final

from pydantic import BaseModel

from followthrough.ledger.models import ExecutionContext
from followthrough.personal import PersonalFacts

KINDS: Final = ("inputs", "variables", "offers", "said")
"""The fields of a context whose entries are values."""

GONE: Final = -1

_IS: Final = "is"


class Value(BaseModel):
    """One value, called `<kind>.<name>`; `content` holds it under `is`, and reads as empty once it was erased."""

    name: str
    version: int
    content: PersonalFacts


def changed(before: ExecutionContext | None, now: ExecutionContext, version: int) -> list[Value]:
    """Return the values that are to be written with this version of the context."""
    had = _flat(before) if before else {}
    return [
        Value(name=name, version=version, content={_IS: value})
        for name, value in _flat(now).items()
        if name not in had or (had[name] is not value and had[name] != value)
    ]


def written(before: ExecutionContext | None, now: ExecutionContext, version: int) -> dict[str, int]:
    """Return in which version each value was written, once this one is."""
    known = before.written if before else {}
    gone = {name: GONE for name in known if name not in _flat(now)}
    return {**known, **gone, **dict.fromkeys((it.name for it in changed(before, now, version)), version)}


def content(value: Value) -> Any:
    """Return what a value holds, which was not erased."""
    return value.content[_IS]


def complete(expected: Mapping[str, int], found: Mapping[str, int]) -> bool:
    """Tell whether the values that were found, by name and version, are those that the head speaks of."""
    current = {name: version for name, version in expected.items() if version != GONE}
    return current == {name: version for name, version in found.items() if expected.get(name) != GONE}


def gathered(expected: Mapping[str, int], values: list[Value]) -> dict[str, dict[str, Any]]:
    """Return the context's fields that values make up, without those that were taken back or erased."""
    fields: dict[str, dict[str, Any]] = {kind: {} for kind in KINDS}
    for value in values:
        kind, _, name = value.name.partition(".")
        if expected.get(value.name) != GONE and _IS in value.content:
            fields[kind][name] = value.content[_IS]
    return fields


def _flat(context: ExecutionContext) -> dict[str, Any]:
    return {f"{kind}.{name}": value for kind in KINDS for name, value in getattr(context, kind).items()}
