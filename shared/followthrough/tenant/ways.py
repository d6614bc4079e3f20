"""How a system reaches people: which of its operations sends words, and of what kind."""

from collections.abc import Mapping
from typing import Final, Literal

from pydantic import BaseModel

from followthrough.contracts.manifest import Operation
from followthrough.contracts.messaging import NewMail, NewNotice, NewText

Kind = Literal["text", "mail", "notice"]

_KINDS: Final[Mapping[type[BaseModel], Kind]] = {NewText: "text", NewMail: "mail", NewNotice: "notice"}


def way(operations: Mapping[str, Operation]) -> tuple[str, Kind] | None:
    """Return the operation that sends words and its kind; None when there is none."""
    for name, operation in operations.items():
        for takes, kind in _KINDS.items():
            if operation.kind == "write" and issubclass(operation.takes, takes):
                return name, kind
    return None
