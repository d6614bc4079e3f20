"""What became of an execution, read from the ledger alone: the same words for people, machines and checks."""

from collections.abc import Iterable, Sequence
from typing import Any

from followthrough.errors import Missing
from followthrough.ledger import chain
from followthrough.ledger.models import Effect, Obligation, ObligationStatus, TraceEntry
from followthrough.ledger.stores import Ledger

DECISIONS = ("identified", "retrieved", "decided", "answered", "ended")
"""The kinds of trace entries that decide where a chain goes."""

_ORDER = list(ObligationStatus)
Report = dict[str, Any]


def report(ledger: Ledger, tenant: str, execution: str) -> Report:
    """Return an execution as JSON values. Raises Missing."""
    context = ledger.load(tenant, execution)
    entries = ledger.trace(tenant, execution)
    fault = chain.verify(entries)
    return {
        "execution": execution,
        "reference": context.reference,
        "tenant": tenant,
        "service": context.service,
        "status": context.status.value,
        "closed": context.closed_at is not None,
        "release": context.release,
        "language": context.language,
        "decisions": [_decision(entry) for entry in entries if entry.fact.kind in DECISIONS],
        "effects": [_effect(effect) for effect in ledger.effects(tenant, execution)],
        "confirmations": _confirmations(ledger.obligations(tenant, execution)),
        "timeline": [_line(entry) for entry in entries],
        "trace": {
            "entries": len(entries),
            "verified": bool(entries) and fault is None,
            "fault": fault.explanation if fault else None,
            "head": entries[-1].hash if entries else None,
        },
    }


def find(ledger: Ledger, tenants: Iterable[str], execution: str) -> Report:
    """Return the report of an execution of one of these tenants. Raises Missing."""
    for tenant in tenants:
        try:
            return report(ledger, tenant, execution)
        except Missing:
            continue
    raise Missing(f"no tenant here has an execution {execution}")


def lacks(found: Report, systems: Iterable[str]) -> list[str]:
    """Name what keeps an execution from being proven: every system acted on, every party told, an unbroken chain."""
    done = {effect["adapter"] for effect in found["effects"] if effect["outcome"] == "done" and effect["evidence"]}
    missing = [f"no evidence of {system}" for system in systems if system not in done]
    missing += [f"the {party} was not told" for party in ("customer", "operator", "record") if not _told(found, party)]
    missing += [f"a decision without a reason: {it['step']}" for it in found["decisions"] if not it["reason"]]
    missing += [] if found["status"] == "completed" else [f"the execution is {found['status']}"]
    missing += [] if found["closed"] else ["the execution is not closed"]
    missing += [] if found["trace"]["verified"] else [f"the trace does not verify: {found['trace']['fault']}"]
    return missing


def _told(found: Report, party: str) -> bool:
    confirmation = found["confirmations"].get(party)
    return confirmation is not None and confirmation["status"] in {ObligationStatus.SENT, ObligationStatus.DELIVERED}


def _decision(entry: TraceEntry) -> Report:
    fact = entry.fact
    return {"step": fact.step, "kind": fact.kind, "outcome": fact.outcome, "reason": fact.reason, "at": _at(entry)}


def _effect(effect: Effect) -> Report:
    evidence = effect.evidence
    return {
        "id": effect.id,
        "step": effect.step,
        "system": effect.system,
        "adapter": effect.adapter,
        "operation": effect.operation,
        "outcome": effect.status.value,
        "attempt": effect.attempt,
        "failure": effect.failure,
        "evidence": evidence.model_dump(mode="json") if evidence else None,
    }


def _confirmations(obligations: Sequence[Obligation]) -> Report:
    """Group by party; a party is as far as its slowest confirmation."""
    parties: Report = {}
    for party in ("customer", "operator", "record"):
        own = [it for it in obligations if it.party == party]
        if own:
            status = min((it.status for it in own), key=_ORDER.index)
            parties[party] = {"status": status.value, "receipts": [_receipt(it) for it in own]}
    return parties


def _receipt(obligation: Obligation) -> Report:
    receipt = obligation.receipt
    return {
        "to": obligation.name,
        "way": obligation.way,
        "status": obligation.status.value,
        "receipt": receipt.model_dump(mode="json") if receipt else None,
        "words": obligation.words,
    }


def _line(entry: TraceEntry) -> Report:
    fact = entry.fact
    return {
        "sequence": entry.sequence,
        "at": _at(entry),
        "kind": fact.kind,
        "step": fact.step,
        "outcome": fact.outcome,
        "reason": fact.reason,
        "facts": fact.facts,
        "hash": entry.hash,
    }


def _at(entry: TraceEntry) -> str:
    return entry.at.isoformat()
