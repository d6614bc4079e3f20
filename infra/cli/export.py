"""Traces as JSON Lines, one entry a line, and back.

`body`, `previous` and `hash` are what the store holds; the other columns repeat what the body says in the clear, so
that a table can be made of the file. Nothing in it is readable that the store does not show without a key.
"""

import json
from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from followthrough.ledger.chain import Fault, Flaw
from followthrough.ledger.models import Fact, TraceEntry

Chains = dict[tuple[str, str], list[TraceEntry]]
"""Entries by tenant and execution, in the file's order."""

_COLUMNS = ("kind", "step", "outcome", "reason", "facts")


def line(entry: TraceEntry) -> str:
    """Write an entry as one line."""
    clear = _clear(entry.body) or {}
    row = {
        "tenant": entry.tenant,
        "execution": entry.execution,
        "sequence": entry.sequence,
        **clear,
        "body": entry.body,
        "previous": entry.previous,
        "hash": entry.hash,
    }
    return json.dumps(row)


def read(lines: Iterable[str]) -> tuple[Chains, list[str], dict[tuple[str, str], Fault]]:
    """Read an export: its chains, what is wrong with lines that are no entries, and for each chain the first entry
    whose columns do not say what its body says.
    """
    chains: Chains = defaultdict(list)
    unreadable: list[str] = []
    misquoted: dict[tuple[str, str], Fault] = {}
    for number, text in enumerate(lines, 1):
        try:
            row = json.loads(text)
            entry = _entry(row)
        except (ValueError, KeyError, TypeError):
            unreadable.append(f"line {number} is no entry of a trace")
            continue
        key = (entry.tenant, entry.execution)
        chains[key].append(entry)
        clear = _clear(entry.body)
        if clear is not None and any(row.get(name) != value for name, value in clear.items()):
            explanation = f"the columns of entry {entry.sequence} do not say what its text says"
            misquoted.setdefault(key, Fault(entry.sequence, Flaw.EDITED, explanation))
    return chains, unreadable, misquoted


def _clear(body: str) -> dict[str, Any] | None:
    """Return what the body says in the clear; None when it cannot be read, which the chain's verification names."""
    try:
        content = json.loads(body)
        return {"at": content["at"], **{name: content["fact"][name] for name in _COLUMNS}}
    except (ValueError, KeyError, TypeError):
        return None


def _entry(row: dict[str, Any]) -> TraceEntry:
    texts = {name: str(row[name]) for name in ("tenant", "execution", "body", "previous", "hash")}
    clear = _clear(texts["body"])
    unread = Fact(kind="unreadable", step="", outcome="altered", reason="This entry is not as it was written.")
    return TraceEntry(
        **texts,
        sequence=int(row["sequence"]),
        at=datetime.fromisoformat(clear["at"] if clear else "1970-01-01T00:00:00+00:00"),
        fact=Fact(**{name: clear[name] for name in _COLUMNS}) if clear else unread,
    )
