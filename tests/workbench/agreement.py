"""Whether what the systems hold is what the ledger says, and what the customer heard follows from it."""

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from followthrough.ledger.models import Effect, EffectStatus, ExecutionContext, Status
from followthrough.simulation.hubspot import HubSpot
from tests.workbench.bench import Bench
from tests.workbench.world import TENANT

STANDS = {EffectStatus.DONE}
PRESENT = {EffectStatus.DONE, EffectStatus.UNDONE}
"""Whose trace is in the system: a refunded payment and a cancelled booking are still there, as such."""


def disagreements(bench: Bench) -> list[str]:
    """Name whatever a system holds that the ledger does not say, or the other way round. Nothing may be pending."""
    effects = [effect for place in range(len(bench.contexts())) for effect in bench.effects(place)]
    held = _held(bench)
    said = {
        "payments": _ids(effects, "charge", PRESENT),
        "refunded": _asked(effects, "refund"),
        "refunds": _ids(effects, "refund", PRESENT),
        "bookings": _ids(effects, "book", PRESENT),
        "cancelled": _asked(effects, "cancel"),
        "notes": _ids(effects, "log_activity", PRESENT) + _ids(effects, "log_outcome", PRESENT),
        "texts": _ids(effects, "send", PRESENT, adapter="twilio"),
        "customers": _ids(effects, "create_payer", PRESENT),
        "contacts": _ids(effects, "create_person", PRESENT),
    }
    unknown = [f"{it.step} is {it.status}" for it in effects if _is_open(it)]
    return unknown + [
        f"{kind}: the ledger says {sorted((said[kind] - held[kind]).elements())}, "
        f"the system {sorted((held[kind] - said[kind]).elements())}"
        for kind in said
        if said[kind] != held[kind]
    ]


def unfit(bench: Bench, context: ExecutionContext, heard: Iterable[str]) -> str | None:
    """Name what is wrong with what a customer heard of a closed execution; None when it fits its status."""
    reference = f"Ref. {context.reference}"
    last = [words for words in heard if reference in words]
    if len(last) != 1:
        return f"{len(last)} texts speak of {context.reference}"
    done = any(word in last[0] for word in ("Booked:", "Reservado:", "is cancelled", "está cancelada", "has moved"))
    if done != (context.status is Status.COMPLETED):
        return f"{context.status}, but the customer heard: {last[0]}"
    return None


def settled(bench: Bench) -> list[str]:
    """Name every execution that is neither closed nor waiting for its customer."""
    left = []
    for context in bench.contexts():
        run = bench.machines.of(context.execution)
        conversation = bench.conversations.conversation(TENANT, context.subject)
        waiting = run.token is not None and conversation.execution == context.execution
        closed = context.closed_at is not None and run.status == "SUCCEEDED"
        if not waiting and not closed:
            left.append(f"{context.execution}: {context.status}, {run.status} at {run.state}")
    return left


def _held(bench: Bench) -> Mapping[str, Counter[str]]:
    """Count what the systems hold that was not there at first."""
    stripe, calendar = bench.sandbox.snapshot("stripe"), bench.sandbox.snapshot("cal_com")
    crm, twilio = bench.sandbox.snapshot("hubspot"), bench.sandbox.snapshot("twilio")
    before = bench.before
    paid = [it for it in stripe["payments"] if it["status"] == "succeeded"]
    booth = bench.sandbox._booth("hubspot")
    assert isinstance(booth.system, HubSpot)
    seeded = _all(before["cal_com"]["bookings"])
    return {
        "payments": _all(paid),
        "refunded": Counter(it["id"] for it in paid if it["refunded"]),
        "refunds": _all(stripe["refunds"]),
        "bookings": _all(calendar["bookings"]) - seeded,
        "cancelled": _all([it for it in calendar["bookings"] if it["status"] == "cancelled"]),
        "notes": Counter(list(booth.system.records["notes"])),
        "texts": _all(twilio["messages"]),
        "customers": _all(stripe["customers"]) - _all(before["stripe"]["customers"]),
        "contacts": _all(crm["contacts"]) - _all(before["hubspot"]["contacts"]),
    }


def _all(records: Iterable[Mapping[str, Any]]) -> Counter[str]:
    return Counter(str(it["id"]) for it in records)


def _ids(effects: list[Effect], operation: str, statuses: set[EffectStatus], adapter: str = "") -> Counter[str]:
    return Counter(
        it.evidence.id
        for it in effects
        if it.operation == operation and it.status in statuses and it.evidence and adapter in {"", it.adapter}
    )


def _asked(effects: list[Effect], operation: str) -> Counter[str]:
    """Count what was refunded or cancelled, by the id of the thing; twice is once."""
    return Counter({it.request["id"] for it in effects if it.operation == operation and it.status in STANDS})


def _is_open(effect: Effect) -> bool:
    """Tell whether nobody knows what became of an effect; a hold that lapses by itself may stay so."""
    return effect.status in {EffectStatus.INTENDED, EffectStatus.UNKNOWN} and effect.failure != "lapses"
