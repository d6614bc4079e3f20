"""What is wrong in a town after everything has come to rest: what is there twice, missing, open or untold."""

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from followthrough.confirmation.closing import resolved
from followthrough.integration.registry import operations
from followthrough.ledger.models import Effect, EffectStatus, Obligation, Status
from simulation.cal_com.server import CalCom
from simulation.hubspot.server import HubSpot
from tests.crash.practice import TENANT, made
from tests.crash.stories import Customer
from tests.crash.town import Town

PARTIES = {"customer", "operator", "record"}
MADE = {EffectStatus.DONE, EffectStatus.UNDONE}
NOTES = {"log_activity", "log_outcome"}


class Verdict:
    """Looks at a town that is at rest."""

    def __init__(self, town: Town) -> None:
        self._town = town
        self._stripe, self._calendar = town.sandbox.snapshot("stripe"), town.sandbox.snapshot("cal_com")
        self._crm, self._texts = town.sandbox.snapshot("hubspot"), town.sandbox.snapshot("twilio")["messages"]
        systems = [town.sandbox._booth(name).system for name in ("cal_com", "hubspot")]
        calendar, crm = systems
        assert isinstance(calendar, CalCom)
        assert isinstance(crm, HubSpot)
        self._holds = calendar.diary.reservations
        self._notes = Counter(crm.records["notes"].keys())
        self._effects: dict[int, list[Effect]] = {it.place: self._effects_of(it) for it in town.customers}

    def of(self, customer: Customer, *, exactly: bool = True) -> list[str]:
        """Name what is wrong about one customer. `exactly` as the story wants, else as the ledger says it ended."""
        wrong = self._unserved(customer) + self._unsettled(customer) + self._repeated(customer)
        found = self._found(customer)
        leaves = dict(customer.story.leaves) if exactly else self._consistent(customer, found)
        wrong += [f"{found[name]} {name} instead of {count}" for name, count in leaves.items() if found[name] != count]
        bodies = Counter(self._town.heard(customer.number))
        return wrong + [f"heard {times} times: {body[:40]}" for body, times in bodies.items() if times > 1]

    def of_all(self) -> list[str]:
        """Name what the systems hold that the ledger does not say, or the other way round."""
        everything = [effect for effects in self._effects.values() for effect in effects]
        # One whose answer was lost, and that lapsed before it was asked for again, is nobody's any more.
        lapsed = Counter(
            datetime.fromisoformat(it.request["slot"]["start"])
            for it in everything
            if it.operation == "hold" and (it.failure == "lapses" or it.attempt > 1)
        )
        claimed = _ids(everything, {"hold"})
        unclaimed = Counter(it.start for uid, it in self._holds.items() if uid not in claimed) - lapsed
        wrong = [f"nobody knows who holds {', '.join(map(str, sorted(unclaimed)))}"] if unclaimed else []
        pairs: dict[str, tuple[Counter[str], Counter[str]]] = {
            "payments": (_all(self._paid()), _ids(everything, {"charge"})),
            "refunds": (_all(self._stripe["refunds"]), _ids(everything, {"refund"})),
            "bookings": (_all(self._calendar["bookings"]), _ids(everything, {"book"})),
            "notes": (self._notes, _ids(everything, NOTES)),
            "texts": (_all(self._texts), _ids(everything, {"send"}, adapter="twilio")),
        }
        return wrong + [
            f"{name}: only in the system {sorted(held - said)}, only in the ledger {sorted(said - held)}"
            for name, (held, said) in pairs.items()
            if held != said
        ]

    def _unserved(self, customer: Customer) -> list[str]:
        """Name interactions that were lost, and executions that are open or left a party untold."""
        conversations, wrong = self._town.stores.conversations, []
        for message in customer.texts:
            said = conversations.interaction(TENANT, f"sms-{message}")
            taken = [
                it.interaction
                for context in self._town.contexts_of(customer)
                for it in conversations.taken(TENANT, said.sender.subject, context.execution)
            ]
            if said.id not in taken:
                wrong.append(f"the text {message[-2:]} was lost")
        for context in self._town.contexts_of(customer):
            owed = self._town.stores.ledger.obligations(TENANT, context.execution)
            told = {it.party for it in owed if self._is_resolved(it)}
            if context.closed_at is None or context.status is Status.OPEN:
                wrong.append(f"left {context.status}, not closed, at {context.at}")
            if told != PARTIES or not all(map(self._is_resolved, owed)):
                wrong.append(f"told are only {', '.join(sorted(told)) or 'none'}")
        return wrong

    def _is_resolved(self, obligation: Obligation) -> bool:
        return resolved(obligation, made().tenant, operations())

    def _unsettled(self, customer: Customer) -> list[str]:
        return [
            f"{it.operation} is {it.status}"
            for it in self._effects[customer.place]
            if it.status in {EffectStatus.INTENDED, EffectStatus.UNKNOWN} and it.failure != "lapses"
        ]

    def _repeated(self, customer: Customer) -> list[str]:
        """Name mails and notices that never went, or went more often than the ledger says."""
        sent = Counter(reference for _, reference in self._town.sent)
        return [
            f"{it.adapter} sent {sent[it.id]} times in {it.attempt} attempts"
            for it in self._effects[customer.place]
            if it.adapter in {"ses", "sns"} and not 1 <= sent[it.id] <= it.attempt
        ]

    def _found(self, customer: Customer) -> dict[str, int]:
        """Count what the systems hold for a customer."""
        contacts = [it for it in self._crm["contacts"] if it["phone"] == customer.number]
        payers = [it for it in self._stripe["customers"] if it["phone"] == customer.number]
        ours = {it["id"] for it in payers}
        paid = [it for it in self._paid() if it["customer"] in ours]
        booked = [it for it in self._calendar["bookings"] if it["phone"] == customer.number]
        return {
            "contacts": len(contacts),
            "payers": len(payers),
            "payments": len(paid),
            "refunds": sum(it["payment_intent"] in {one["id"] for one in paid} for it in self._stripe["refunds"]),
            "bookings": len(booked),
            "cancelled": sum(it["status"] == "cancelled" for it in booked),
            "notes": sum(len(it["notes"]) for it in contacts),
        }

    def _consistent(self, customer: Customer, found: Mapping[str, int]) -> dict[str, int]:
        """Return what must be there of a customer whose executions may have ended well or not."""
        completed = sum(it.status is Status.COMPLETED for it in self._town.contexts_of(customer))
        return {
            "contacts": 1,
            "payers": 1,
            "payments": completed + found["refunds"],
            "bookings": completed + found["cancelled"],
        }

    def _paid(self) -> list[dict[str, Any]]:
        return [it for it in self._stripe["payments"] if it["status"] == "succeeded"]

    def _effects_of(self, customer: Customer) -> list[Effect]:
        ledger = self._town.stores.ledger
        return [it for context in self._town.contexts_of(customer) for it in ledger.effects(TENANT, context.execution)]


def _all(records: Iterable[Mapping[str, Any]]) -> Counter[str]:
    return Counter(str(it["id"]) for it in records)


def _ids(effects: Iterable[Effect], operations: set[str], adapter: str = "") -> Counter[str]:
    """Count what the ledger says was made, by the provider's ids."""
    return Counter(
        it.evidence.id
        for it in effects
        if it.operation in operations and it.status in MADE and it.evidence and adapter in {"", it.adapter}
    )
