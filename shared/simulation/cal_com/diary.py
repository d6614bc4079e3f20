"""What a sandboxed Cal.com account knows: event types with opening hours, bookings and reservations.

Source: https://cal.com/docs/api-reference/v2/slots, .../v2/bookings and .../v2/event-types.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


@dataclass(frozen=True)
class EventType:
    """What can be booked: how long it takes, when its host works (their local time) and how soon it may begin.

    `required` are the questions of its form, by slug, that must be answered; `confirmed` says that its host has a word
    to say first, `seats` how many share a time, `repeats` how often one booking takes place, a week apart, `price` what
    Cal.com itself takes for it, `cancellable` whether anybody may cancel.
    """

    id: int
    title: str
    slug: str
    length: timedelta
    time_zone: ZoneInfo
    hours: dict[str, tuple[time, time]]
    notice: timedelta
    host: dict[str, str]
    required: tuple[str, ...] = ("email",)
    confirmed: bool = False
    seats: int | None = None
    repeats: int | None = None
    price: int = 0
    cancellable: bool = True

    def times(self, day: date) -> Iterator[datetime]:
        """Every start that the opening hours of a local day allow, in UTC."""
        opening = self.hours.get(WEEKDAYS[day.weekday()])
        if opening is None:
            return
        start, closing = (datetime.combine(day, at, self.time_zone).astimezone(UTC) for at in opening)
        while start + self.length <= closing:
            yield start
            start += self.length

    def is_open(self, start: datetime) -> bool:
        """Tell whether one may begin at that moment."""
        return start in self.times(start.astimezone(self.time_zone).date())


@dataclass
class Appointment:
    """A booking as the account keeps it; `form` is what it was booked with.

    `others` are the forms of those who share it, by their seats; `series` is what all occurrences of one booking have
    in common.
    """

    number: int
    uid: str
    event: EventType
    start: datetime
    form: dict[str, Any]
    made: datetime
    status: str = "accepted"
    changed: datetime | None = None
    reason: str | None = None
    seat: str = ""
    others: dict[str, dict[str, Any]] = field(default_factory=dict)
    series: str | None = None

    @property
    def forms(self) -> dict[str, dict[str, Any]]:
        """What everybody who comes filled in, by their seat."""
        return {self.seat: self.form, **self.others}

    @property
    def end(self) -> datetime:
        """When it is over."""
        return self.start + self.event.length


@dataclass
class Reservation:
    """A slot that is held until `until`."""

    uid: str
    event: EventType
    start: datetime
    until: datetime


@dataclass
class Diary:
    """All appointments and reservations, and which slots they leave open."""

    events: dict[int, EventType] = field(default_factory=dict)
    appointments: list[Appointment] = field(default_factory=list)
    reservations: dict[str, Reservation] = field(default_factory=dict)

    def booked(self, event: EventType, start: datetime) -> bool:
        """Tell whether the host has an appointment, of whatever type, that overlaps. What waits for their word keeps
        nobody out: `blockUnconfirmedBookingsInBooker` is off unless somebody switches it on.
        """
        return any(
            other.status == "accepted" and other.event.host["email"] == event.host["email"]
            for other in self._overlapping(event, start)
            if self.shared(event, start) is not other
        )

    def booked_alike(self, event: EventType, start: datetime) -> bool:
        """Tell whether an appointment of this very type overlaps, waiting or not: all that a reservation looks at.

        Source: calcom/cal.com, slots-2024-09-04/services/slots.service.ts, `findActiveOverlappingBooking(eventTypeId)`.
        """
        return any(
            other.status in {"accepted", "pending"} and other.event.id == event.id
            for other in self._overlapping(event, start)
            if self.shared(event, start) is not other
        )

    def shared(self, event: EventType, start: datetime) -> Appointment | None:
        """Return the appointment at this time that still has a seat."""
        for made in self.appointments:
            alike = made.event.id == event.id and made.start == start and made.status == "accepted"
            if event.seats and alike and len(made.forms) < event.seats:
                return made
        return None

    def _overlapping(self, event: EventType, start: datetime) -> Iterator[Appointment]:
        return (other for other in self.appointments if other.start < start + event.length and start < other.end)

    def reserved(self, event: EventType, start: datetime, now: datetime) -> bool:
        """Tell whether somebody holds an overlapping slot of this event type."""
        return any(
            held.until > now and held.event == event and abs(held.start - start) < event.length
            for held in self.reservations.values()
        )

    def openings(self, event: EventType, begin: datetime, end: datetime, now: datetime) -> list[datetime]:
        """Every free start between two moments."""
        day = begin.astimezone(event.time_zone).date()
        last = end.astimezone(event.time_zone).date()
        starts = []
        while day <= last:
            starts += [start for start in event.times(day) if begin <= start <= end and start >= now + event.notice]
            day += timedelta(days=1)
        return [start for start in starts if not self.booked(event, start) and not self.reserved(event, start, now)]


def event_type(data: dict[str, Any]) -> EventType:
    """Read a seed's event type. Raises KeyError when a needed field is missing."""
    return EventType(
        id=data["id"],
        title=data["title"],
        slug=data.get("slug") or data["title"].lower().replace(" ", "-"),
        length=timedelta(minutes=data["length"]),
        time_zone=ZoneInfo(data["time_zone"]),
        hours={
            day: (time.fromisoformat(opens), time.fromisoformat(closes))
            for day, (opens, closes) in data["hours"].items()
        },
        notice=timedelta(minutes=data.get("notice", 0)),
        host={"name": data["host"]["name"], "email": data["host"]["email"]},
        required=tuple(data.get("required", ("email",))),
        confirmed=data.get("confirmed", False),
        seats=data.get("seats"),
        repeats=data.get("repeats"),
        price=data.get("price", 0),
        cancellable=data.get("cancellable", True),
    )
