"""Verify traces: one execution, a tenant's day, or an export without any store at hand."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from followthrough.errors import Missing
from followthrough.ledger.agreement import Recorded
from followthrough.ledger.dynamodb.ledger import DynamoLedger
from followthrough.ledger.queries import Query
from followthrough.ledger.seals import KeptSeal, Seals
from followthrough.ledger.verification import Sealed, Verdict, read_seals, verify
from infra.cli import export

Proof = dict[str, Any]


def of_execution(ledger: DynamoLedger, tenant: str, execution: str, sealed: Sealed | None) -> Verdict:
    """Verify one execution: its chain, its seals, and its records."""
    try:
        context = ledger.load(tenant, execution)
    except Missing:
        context = None
    # Records before the trace: what is written in between is in the trace by then.
    recorded = Recorded(context, ledger.effects(tenant, execution), ledger.obligations(tenant, execution))
    return verify(execution, ledger.trace(tenant, execution), sealed, recorded)


def of_day(ledger: DynamoLedger, tenant: str, day: date) -> Iterator[str]:
    """Yield the executions that were opened on a UTC day, as the index lists them."""
    after: str | None = None
    while True:
        page = ledger.find(tenant, Query(day=day, limit=1000, after=after))
        yield from (it.execution for it in page.executions)
        after = page.next
        if after is None:
            return


def sealed_on(kept: Sequence[KeptSeal], tenant: str, day: date) -> list[str]:
    """Return the executions that the seals of a UTC day name: also those that are no longer listed."""
    hours = (f"{day.isoformat()}T", f"{(day + timedelta(days=1)).isoformat()}T00")
    return list(read_seals(tenant, [one for one in kept if one.hour.startswith(hours)]).heads)


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


def seals_of(seals: Seals, tenant: str, since: str = "") -> tuple[Sealed, Sequence[KeptSeal]]:
    """Read a tenant's seals from an hour on."""
    kept = seals.read(tenant, since)
    return read_seals(tenant, kept), kept


def seals_in(folder: Path, tenant: str) -> Sealed:
    """Read seals that were copied from their bucket into a folder."""
    return read_seals(tenant, [KeptSeal(it.stem, it.read_text()) for it in sorted(folder.glob("*.json"))])


def as_json(verdicts: Sequence[Verdict], sealed: Sealed | None, problems: Sequence[str]) -> Proof:
    """Put verdicts together; `verified` only when nothing at all is wrong."""
    wrong = [*(sealed.problems if sealed else []), *problems]
    return {
        "verified": not wrong and all(it.fault is None for it in verdicts),
        "executions": [asdict(it) for it in verdicts],
        "sealed_until": sealed.last if sealed else None,
        "problems": wrong,
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
    return lines + [f"PROBLEM: {one}" for one in proof["problems"]]
