"""Cal.com's slots, reservations and bookings, and what they are to us: translations in both directions.

Source: https://cal.com/docs/api-reference/v2/slots and .../v2/bookings.
"""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from pydantic import Field

from followthrough.contracts.calendar import Booking, Hold, HoldSlot, NewBooking, Slot
from followthrough.contracts.call import Answer, Call
from followthrough.contracts.evidence import Evidence
from followthrough.errors import Declined, Differs, OutcomeUnknown
from followthrough.integration.cal_com.failures import NAME
from followthrough.integration.cal_com.settings import CalComSettings
from followthrough.integration.shapes import Id, Moment, Shape, Text

REFERENCE = "followthrough_reference"
PAYMENT = "payment"
"""Keys of a booking's `metadata`: at most 50 of 40 characters with values of 500. Source: POST /v2/bookings."""

CANCELLATION: Final = {"cancellationReason": "Cancelled for the customer by Followthrough"}
"""What a cancellation says, of whomever. Without a reason Cal.com refuses the host, whose key ours may be.

Source: calcom/cal.com, packages/features/bookings/lib/handleCancelBooking.ts and cancellationReason.ts.
"""

SATURDAY: Final = 5

# fmt: off
LANGUAGES = frozenset({
    "ar", "az", "bg", "bn", "ca", "cs", "da", "de", "el", "en", "es", "es-419", "et", "eu", "fi", "fr", "he", "hr",
    "hu", "id", "it", "iw", "ja", "km", "ko", "lv", "nl", "no", "pl", "pt", "pt-BR", "ro", "ru", "sk", "sr", "sv",
    "ta", "th", "tr", "uk", "vi", "zh-CN", "zh-TW",
})
# fmt: on
"""What Cal.com takes as an attendee's language; any other is refused. Source: POST /v2/bookings."""


class Range(Shape):
    """A free slot."""

    start: Moment
    end: Moment


class Slots(Shape):
    """Free slots by day, in the format `range`."""

    data: dict[str, list[Range]]


class Reservation(Shape):
    """A slot that is kept for us."""

    id: Id = Field(alias="reservationUid")
    start: Moment = Field(alias="slotStart")
    end: Moment = Field(alias="slotEnd")
    until: Moment = Field(alias="reservationUntil")


class Reserved(Shape):
    """What a reservation is answered with."""

    data: Reservation


class Host(Shape):
    """Who attends."""

    name: Text | None = None
    email: Text | None = None


class Record(Shape):
    """A booking: who comes is on an attendee, or among the answers to the event type's form.

    Where seats are shared, each attendee has a seat, with metadata and answers of their own, and the booking has none;
    an occurrence of what repeats names its series.
    """

    uid: Id
    start: Moment
    end: Moment
    status: Id
    hosts: Sequence[Host] = ()
    metadata: dict[str, Any] | None = None
    attendees: Sequence[dict[str, Any]] = ()
    answers: dict[str, Any] | None = Field(alias="bookingFieldsResponses", default=None)
    made: Moment | None = Field(alias="createdAt", default=None)
    moved_to: Id | None = Field(alias="rescheduledToUid", default=None)
    series: Id | None = Field(alias="recurringBookingUid", default=None)

    @property
    def shared(self) -> list[str]:
        """What of it is not one customer's alone: whoever cancels it ends it for others, or for other weeks."""
        seats = any(person.get("seatUid") for person in self.attendees)
        return [name for name, so in (("seats", seats), ("recurrence", self.series is not None)) if so]

    def mark(self, name: str) -> str | None:
        """Return what stands under a name in the metadata, if it is text."""
        value = (self.metadata or {}).get(name)
        return value if isinstance(value, str) and value else None


class Booked(Shape):
    """What one booking is answered with."""

    data: Record


class Made(Shape):
    """What is answered to who books: every occurrence where the event type repeats."""

    data: Record | list[Record]


class Listed(Shape):
    """A page of bookings."""

    data: list[Record]


def utc(moment: datetime) -> str:
    """Ours to theirs: ISO 8601 in UTC, to the second."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def slots(found: Slots, time_zone: str) -> list[Slot]:
    """Theirs to ours: a list of ranges per day, in the order of time; the weekend is that of the tenant's time zone."""
    zone = ZoneInfo(time_zone)
    ranges = [(it.start, it.end) for day in found.data.values() for it in day]
    return [
        Slot(start=start, end=end, weekend=start.astimezone(zone).weekday() >= SATURDAY)
        for start, end in sorted(ranges)
    ]


def hold_payload(settings: CalComSettings, request: HoldSlot) -> dict[str, Any]:
    """Ours to theirs: a slot that is kept for some minutes."""
    return {
        "eventTypeId": settings.event_type,
        "slotStart": utc(request.slot.start),
        "reservationDuration": settings.hold_minutes,
    }


def hold_answer(reservation: Reservation, at: datetime) -> Answer:
    """Theirs to ours: a reservation, dated by the answer since it carries no time of its own."""
    hold = Hold(
        id=reservation.id,
        start=reservation.start,
        end=reservation.end,
        until=reservation.until,
    )
    return Answer(hold, Evidence(id=hold.id, status="reserved", at=at))


def booking_payload(settings: CalComSettings, request: NewBooking, call: Call) -> dict[str, Any]:
    """Ours to theirs. Fields that Cal.com does not know are refused, so nothing is sent beyond its reference."""
    attendee = {"name": request.name, "timeZone": call.time_zone, "phoneNumber": request.phone}
    if request.email:
        attendee["email"] = request.email
    spoken = [language for language in (call.language, call.language.partition("-")[0]) if language in LANGUAGES]
    if spoken:
        attendee["language"] = spoken[0]
    metadata = {REFERENCE: call.reference}
    if request.payment:
        metadata[PAYMENT] = request.payment
    return {
        "eventTypeId": settings.event_type,
        "start": utc(request.start),
        "attendee": attendee,
        "metadata": metadata,
    }


def booking(record: Record) -> Booking:
    """Theirs to ours: who attends is the first host."""
    host = record.hosts[0] if record.hosts else Host()
    return Booking(
        id=record.uid,
        start=record.start,
        end=record.end,
        status=record.status,
        staff=host.name or "",
        staff_email=host.email or "",
        payment=record.mark(PAYMENT) or "",
    )


def booking_answer(record: Record, at: datetime) -> Answer:
    """Theirs to ours, with Cal.com's own time of the deed where the record has one.

    Raises OutcomeUnknown while a host has to confirm it, Declined where it was made and does not stand, and Differs
    where it is not one customer's alone.
    """
    if record.shared:
        raise Differs(NAME, record.shared)
    if record.status == "pending":
        raise OutcomeUnknown(NAME, "waits_for_the_host")
    if record.status in {"cancelled", "rejected"}:
        raise Declined(NAME, record.status)
    found = booking(record)
    evidence = Evidence(id=found.id, status=found.status, at=record.made or at)
    return Answer(found, evidence, reference=record.mark(REFERENCE))


def is_ours(record: Record, call: Call) -> bool:
    """Tell whether a booking carries our reference, or one of its seats does."""
    own = [record.metadata, *(person.get("metadata") for person in record.attendees)]
    return any(isinstance(metadata, dict) and metadata.get(REFERENCE) == call.reference for metadata in own)


def phones(record: Record) -> Iterator[str]:
    """Every number that a booking names for its attendees: on the attendee, and among the answers to its form, which
    may be the attendee's own.
    """
    own = [person.get("bookingFieldsResponses") for person in record.attendees]
    for person in [*record.attendees, record.answers or {}, *(it for it in own if isinstance(it, dict))]:
        for field in ("phoneNumber", "attendeePhoneNumber", "smsReminderNumber"):
            if isinstance(person.get(field), str):
                yield person[field]
