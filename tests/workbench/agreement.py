"""Whether what the systems hold is what the ledger says, and what the customer heard follows from it."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from followthrough.ledger.agreement import Recorded
from followthrough.ledger.models import Effect, EffectStatus, ExecutionContext, Status
from followthrough.ledger.verification import verify
from simulation.hubspot.server import HubSpot
from tests.workbench.bench import Bench
from tests.workbench.world import TENANT

OPEN = {EffectStatus.INTENDED, EffectStatus.UNKNOWN}
STANDS = {EffectStatus.DONE}
PRESENT = {EffectStatus.DONE, EffectStatus.UNDONE}
"""Whose trace is in the system: a refunded payment and a cancelled booking are still there, as such."""

BOOKED = ("Booked:", "Reservado:", "is cancelled", "está cancelada", "has moved")
"""How brightsmile's messages say that all was done."""

_MADE: Mapping[str, tuple[str, ...]] = {
    "payments": ("charge",),
    "refunds": ("refund",),
    "bookings": ("book",),
    "notes": ("log_activity", "log_outcome"),
    "texts": ("send",),
    "customers": ("create_payer",),
    "contacts": ("create_person",),
}
"""What each kind of record is made by; `send` is Twilio's here."""

_CHANGED: Mapping[str, str] = {"refunded": "refund", "cancelled": "cancel", "tiers": "change_person"}
"""What becomes of records, and by which operation."""


def disagreements(bench: Bench, *, doubts: bool = False) -> list[str]:
    """Name whatever a system holds that the ledger does not say, or the other way round. Nothing may be pending.

    With `doubts` the ledger may say of an effect that nobody knows: then the system may hold it or not. So it may be of
    what is begun and left to the sweeper, where it was begun for a receipt.
    """
    effects = [effect for place in range(len(bench.contexts())) for effect in bench.effects(place)]
    held, said = _held(bench), _said(effects)
    said["tiers"] |= _tiers(bench.before["hubspot"])
    found = [f"{it.step} is {it.status}" for it in effects if _is_open(it) and not (doubts and _is_doubt(bench, it))]
    for kind in said:
        missing, more = said[kind] - held[kind], held[kind] - said[kind]
        if missing or (_unsaid(more, kind, effects) if doubts else more):
            says, holds = sorted(missing.elements()), sorted(more.elements())
            found.append(f"{kind}: the ledger says {says}, the system {holds}")
    return found


def unfit(
    bench: Bench, context: ExecutionContext, heard: Iterable[str], done_words: Iterable[str] = BOOKED
) -> str | None:
    """Name what is wrong with what a customer heard of a closed execution; None when it fits its status.

    `done_words` are the tenant's ways to say that all was done.
    """
    reference = f"Ref. {context.reference}"
    last = [words for words in heard if reference in words]
    if len(last) != 1:
        return f"{len(last)} texts speak of {context.reference}"
    done = any(word in last[0] for word in done_words)
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


def unverified(bench: Bench) -> list[str]:
    """Name every execution whose chain does not verify, or whose records say something else than its trace."""
    faults = []
    for context in bench.contexts():
        of = (TENANT, context.execution)
        recorded = Recorded(context, bench.ledger.effects(*of), bench.ledger.obligations(*of))
        verdict = verify(context.execution, bench.ledger.trace(*of), None, recorded)
        if verdict.fault is not None:
            faults.append(f"{context.execution}: {verdict.fault}")
    return faults


def _said(effects: list[Effect]) -> dict[str, Counter[str]]:
    """Count by the ledger's evidence; what was refunded or cancelled by the id of the thing.

    Refunding or cancelling twice is once: the second time the provider shows what there is already. A person who was
    found where one was to be created was made by nobody.
    """
    made = {
        kind: Counter(
            it.evidence.id
            for it in _of(effects, *operations)
            if it.status in PRESENT and it.evidence and it.evidence.status != "found"
        )
        for kind, operations in _MADE.items()
    }
    changed = {
        kind: Counter({_change(it) for it in _of(effects, operation) if it.status in STANDS})
        for kind, operation in _CHANGED.items()
    }
    return made | changed | {"refunds": Counter(set(made["refunds"]))}


def _change(effect: Effect) -> str:
    """Name what a change was about, and where it may become several things also what it became."""
    request = effect.request
    return str(request["id"]) if "id" in request else f"{request['person']} {request['tier']}"


def _unsaid(more: Counter[str], kind: str, effects: list[Effect]) -> bool:
    """Tell whether a system holds more than the ledger's doubts explain: so many of them, or those very things."""
    doubts = [it for it in effects if it.status is EffectStatus.UNKNOWN]
    if kind in _CHANGED:
        return not more.keys() <= {_change(it) for it in _of(doubts, _CHANGED[kind])}
    return more.total() > len(list(_of(doubts, *_MADE[kind])))


def _of(effects: list[Effect], *operations: str) -> Iterator[Effect]:
    """Go through the effects of some operations in the sandbox systems."""
    return (it for it in effects if it.operation in operations and (it.operation != "send" or it.adapter == "twilio"))


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
        "tiers": _tiers(crm),
        "customers": _all(stripe["customers"]) - _all(before["stripe"]["customers"]),
        "contacts": _all(crm["contacts"]) - _all(before["hubspot"]["contacts"]),
    }


def _all(records: Iterable[Mapping[str, Any]]) -> Counter[str]:
    return Counter(str(it["id"]) for it in records)


def _tiers(crm: Mapping[str, Any]) -> Counter[str]:
    return Counter(f"{it['id']} {it['tier']}" for it in crm["contacts"] if it["tier"])


def _is_open(effect: Effect) -> bool:
    """Tell whether nobody knows what became of an effect; a hold that lapses by itself may stay so."""
    return effect.status in OPEN and effect.failure != "lapses"


def _is_doubt(bench: Bench, effect: Effect) -> bool:
    return effect.status is EffectStatus.UNKNOWN or bench.left_under_way
