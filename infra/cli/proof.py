"""Verify traces: one execution, a tenant's day, or an export without any store at hand."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from followthrough.errors import Missing
from followthrough.ledger.agreement import Recorded
from followthrough.ledger.chain import Fault, Flaw
from followthrough.ledger.dynamodb.indexes import BY_DAY
from followthrough.ledger.dynamodb.ledger import DynamoLedger
from followthrough.ledger.dynamodb.references import context_pk
from followthrough.ledger.encryption import Unreadable
from followthrough.ledger.models import ExecutionContext
from followthrough.ledger.seals import KeptSeal, Seals
from followthrough.ledger.verification import Sealed, Verdict, covers, read_seals, verify
from infra.cli import export
from infra.cli.installation import Installation

Proof = dict[str, Any]

_MALFORMED = (Unreadable, ValueError, KeyError, TypeError, AttributeError)
"""What reading raises where a record or an entry is not of the form that the product writes."""


def of_execution(ledger: DynamoLedger, tenant: str, execution: str, sealed: Sealed | None) -> Verdict:
    """Verify one execution: its chain, its seals, and its records. Raises Missing where nothing of it is there or was
    sealed.
    """
    recorded, verdict = _read(ledger, tenant, execution, sealed)
    if isinstance(recorded, Fault):
        return verdict
    if not (any(recorded) or verdict.entries or verdict.sealed):
        raise Missing(f"no execution {execution} of {tenant}")
    if verdict.fault is not None and recorded.context is not None and recorded.context.closed_at is None:
        # What is written between the two reads looks like a contradiction, but not twice.
        return _read(ledger, tenant, execution, sealed)[1]
    return verdict


def is_known(ledger: DynamoLedger, tenant: str, execution: str) -> bool:
    """Tell whether a trace or a record of it is there: one that is gone must not hide the other."""
    recorded = _recorded(ledger, tenant, execution)
    return isinstance(recorded, Fault) or any(recorded) or bool(ledger.trace(tenant, execution))


def of_day(where: Installation, tenant: str, day: date) -> Iterator[str]:
    """Yield the executions that were opened on a UTC day, newest first, as the index's keys list them: a context that
    cannot be read is among them.
    """
    pages = (
        where.client("dynamodb")
        .get_paginator("query")
        .paginate(
            TableName=where.outputs["ExecutionsTable"],
            IndexName=BY_DAY.name,
            KeyConditionExpression=f"{BY_DAY.partition} = :day",
            ExpressionAttributeValues={":day": {"S": f"{tenant}#{day.isoformat()}"}},
            ProjectionExpression="pk",
            ScanIndexForward=False,
        )
    )
    for page in pages:
        yield from (item["pk"]["S"].removeprefix(context_pk(tenant, "")) for item in page["Items"])


def sealed_on(kept: Sequence[KeptSeal], tenant: str, day: date) -> list[str]:
    """Return the executions that the seals of a UTC day name: also those that are no longer listed."""
    first, last = f"{day.isoformat()}T00", f"{(day + timedelta(days=1)).isoformat()}T00"
    return list(read_seals(tenant, [one for one in kept if covers(one, first, last)]).heads)


def of_file(lines: Iterable[str], sealed: Sealed | None) -> tuple[list[Verdict], list[str]]:
    """Verify an export; the second part names lines that are no entries. With seals, also what it leaves out."""
    chains, unreadable, misquoted = export.read(lines)
    verdicts = []
    for key, entries in chains.items():
        verdict = verify(key[1], entries, sealed)
        if verdict.fault is None and key in misquoted:
            verdict = Verdict(verdict.execution, verdict.entries, verdict.sealed, misquoted[key])
        verdicts.append(verdict)
    return verdicts, unreadable


def left_out(verdicts: Sequence[Verdict], sealed: Sealed, day: date | None) -> tuple[list[str], list[str]]:
    """Return what makes an export incomplete by its seals, and what is only to be noted. An export of one execution
    need not hold others; one of a day those alone that were first sealed in the hours of that day.
    """
    held = {it.execution for it in verdicts}
    lacks = [it for it in sealed.heads if it not in held]
    due = [] if len(held) == 1 else [it for it in lacks if day is None or _began_on(sealed, it, day)]
    notes = [f"{len(lacks) - len(due)} sealed executions are not in this file"] if len(lacks) > len(due) else []
    return [f"the file is incomplete: it lacks {it}, which is sealed" for it in due], notes


def seals_of(seals: Seals, tenant: str, since: str = "") -> tuple[Sealed, Sequence[KeptSeal]]:
    """Read a tenant's seals from an hour on."""
    kept = seals.read(tenant, since)
    return read_seals(tenant, kept), kept


def seals_in(folder: Path, tenant: str) -> Sealed:
    """Read seals that were copied from their bucket into a folder."""
    return read_seals(tenant, [KeptSeal(it.stem, it.read_text()) for it in sorted(folder.glob("*.json"))])


def as_json(
    verdicts: Sequence[Verdict], sealed: Sealed | None, problems: Sequence[str], notes: Sequence[str] = ()
) -> Proof:
    """Put verdicts together; `verified` only when nothing at all is wrong."""
    wrong = [*(sealed.problems if sealed else []), *problems]
    return {
        "verified": not wrong and all(it.fault is None for it in verdicts),
        "executions": [asdict(it) for it in verdicts],
        "sealed_until": sealed.last if sealed else None,
        "problems": wrong,
        "notes": list(notes),
    }


def in_words(proof: Proof) -> list[str]:
    """Say it line by line."""
    lines = []
    for it in proof["executions"]:
        vouched = f"the first {it['sealed']} sealed" if it["sealed"] else "none sealed yet"
        if it["fault"]:
            lines.append(f"{it['execution']}: {it['fault']['flaw'].upper()}: {it['fault']['explanation']}")
        else:
            lines.append(f"{it['execution']}: {it['entries']} entries, {vouched}: the chain verifies")
    return [*lines, *(f"PROBLEM: {one}" for one in proof["problems"]), *(f"NOTE: {one}" for one in proof["notes"])]


def _read(ledger: DynamoLedger, tenant: str, execution: str, sealed: Sealed | None) -> tuple[Recorded | Fault, Verdict]:
    """Read and verify once. Records before the trace: what is written in between is in the trace by then."""
    recorded = _recorded(ledger, tenant, execution)
    entries = ledger.trace(tenant, execution)
    if isinstance(recorded, Recorded):
        try:
            return recorded, verify(execution, entries, sealed, recorded)
        except _MALFORMED as error:
            recorded = Fault(0, Flaw.UNREADABLE, f"its entries cannot be compared with its records: {_why(error)}")
    verdict = verify(execution, entries, sealed)
    return recorded, replace(verdict, fault=verdict.fault or recorded)


def _recorded(ledger: DynamoLedger, tenant: str, execution: str) -> Recorded | Fault:
    """Read the records; those of one execution that cannot be read must not end a whole day's verification."""
    reading: dict[str, Callable[[], Any]] = {
        "context": lambda: _context(ledger, tenant, execution),
        "effects": lambda: ledger.effects(tenant, execution),
        "obligations": lambda: ledger.obligations(tenant, execution),
    }
    found: dict[str, Any] = {}
    for what, read in reading.items():
        try:
            found[what] = read()
        except _MALFORMED as error:
            return Fault(0, Flaw.UNREADABLE, f"its {what} cannot be read: {_why(error)}")
    return Recorded(**found)


def _context(ledger: DynamoLedger, tenant: str, execution: str) -> ExecutionContext | None:
    try:
        return ledger.load(tenant, execution)
    except Missing:
        return None


def _why(error: Exception) -> str:
    """Say what is wrong with a record without repeating what it holds, which may be personal."""
    if isinstance(error, ValidationError):
        return ", ".join(".".join(map(str, it["loc"])) for it in error.errors()) + " is not as we write it"
    return str(error) if isinstance(error, Unreadable) else f"it is not as we write it ({type(error).__name__})"


def _began_on(sealed: Sealed, execution: str, day: date) -> bool:
    hours = sealed.begun.get(execution, ())
    return bool(hours) and all(hour.startswith(day.isoformat()) for hour in hours)
