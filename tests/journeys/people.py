"""Customers of the journeys, each with a number, a name, a card and a day of their own: none disturbs another."""

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from infra.local.world import World

ZONE: Final = ZoneInfo("America/Chicago")
EVENT_TYPE: Final = 1201
FREE_DAYS: Final = 14
"""Days from today that the demo's own customers keep busy; the journeys' days begin after them."""


@dataclass(frozen=True)
class Customer:
    """Somebody whom the CRM and the payment provider know; `spoken` is all that they ever said."""

    name: str
    phone: str
    mail: str
    person: str
    payer: str
    spoken: list[str] = field(default_factory=list)


@dataclass
class Town:
    """Where customers come from; `people` are all who did."""

    world: World
    people: list[Customer] = field(default_factory=list)

    def customer(self, name: str, *, card: str = "pm_card_visa", status: str = "active", tier: str = "") -> Customer:
        """Seed a new customer. Names are unusual, so that a search for them finds nothing else."""
        number = len(self.people) + 1
        mail = f"{name.lower().replace(' ', '.')}@home.example"
        made = Customer(name, f"+1312555{2000 + number}", mail, f"{2000 + number}", f"cus_journey{number:03}")
        self.people.append(made)
        contact = {"id": made.person, "name": name, "phone": made.phone, "email": mail, "status": status, "tier": tier}
        self.world.sandbox.seed("hubspot", {"contacts": [contact]})
        self.world.sandbox.seed(
            "stripe", {"customers": [{"id": made.payer, "name": name, "phone": made.phone, "cards": [card]}]}
        )
        return made

    def booking(self, name: str, phone: str, start: datetime, **more: Any) -> None:
        """Seed a booking, as if it had been made at the front desk."""
        booked = {"event_type": EVENT_TYPE, "start": start.isoformat(), "name": name, "phone": phone, **more}
        self.world.sandbox.seed("cal_com", {"bookings": [booked]})


def weekday(number: int, hour: int, minute: int = 0) -> datetime:
    """Return a time on the journeys' `number`-th weekday (Monday to Thursday) from 0, local to the practice."""
    first = datetime.now(ZONE).date() + timedelta(days=FREE_DAYS)
    days = [day for day in (first + timedelta(days=ahead) for ahead in range(3 * number + 9)) if day.weekday() < 4]
    return datetime.combine(days[number], time(hour, minute), ZONE)


def said(at: datetime) -> str:
    """Say a time as an American would: "December 8 at 10:30 am"."""
    return f"{_day(at.date())} at {at.hour % 12 or 12}:{at:%M} {at:%p}".lower().capitalize()


def shown(at: datetime) -> str:
    """Write a time as the practice does in English: "Tuesday, December 8, 2026, 10:30 AM"."""
    return f"{at:%A}, {_day(at.date())}, {at.year}, {at.hour % 12 or 12}:{at:%M} {at:%p}"


def _day(day: date) -> str:
    return f"{day:%B} {day.day}"
