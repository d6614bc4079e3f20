"""Cal.com's slots, reservations and bookings, and what they are to us: translations in both directions.

Source: https://cal.com/docs/api-reference/v2/slots and .../v2/bookings.
"""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from followthrough.contracts.adapter import Answer, Call
from followthrough.contracts.calendar import Booking, Hold, HoldSlot, NewBooking, Slot
from followthrough.contracts.evidence import Evidence
from followthrough.integration.cal_com.settings import CalComSettings

REFERENCE = "followthrough_reference"
PAYMENT = "payment"
"""Keys of a booking's `metadata`: at most 50 of 40 characters with values of 500. Source: POST /v2/bookings."""

SATURDAY: Final = 5

# fmt: off
LANGUAGES = frozenset({
    "ar", "az", "bg", "bn", "ca", "cs", "da", "de", "el", "en", "es", "es-419", "et", "eu", "fi", "fr", "he", "hr",
    "hu", "id", "it", "iw", "ja", "km", "ko", "lv", "nl", "no", "pl", "pt", "pt-BR", "ro", "ru", "sk", "sr", "sv",
    "ta", "th", "tr", "uk", "vi", "zh-CN", "zh-TW",
})
# fmt: on
"""What Cal.com takes as an attendee's language; any other is refused. Source: POST /v2/bookings."""


def utc(moment: datetime) -> str:
    """Ours to theirs: ISO 8601 in UTC, to the second."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def slots(days: dict[str, list[dict[str, str]]], time_zone: str) -> list[Slot]:
    """Theirs to ours: a list of ranges per day, in the order of time; the weekend is that of the tenant's time zone."""
    zone = ZoneInfo(time_zone)
    ranges = [(_moment(found["start"]), _moment(found["end"])) for day in days.values() for found in day]
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


def hold_answer(reservation: dict[str, Any], at: datetime) -> Answer:
    """Theirs to ours: a reservation, dated by the answer since it carries no time of its own."""
    hold = Hold(
        id=reservation["reservationUid"],
        start=_moment(reservation["slotStart"]),
        end=_moment(reservation["slotEnd"]),
        until=_moment(reservation["reservationUntil"]),
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


def booking(record: dict[str, Any]) -> Booking:
    """Theirs to ours: who attends is the first host."""
    host: dict[str, Any] = next(iter(record.get("hosts") or []), {})
    return Booking(
        id=record["uid"],
        start=_moment(record["start"]),
        end=_moment(record["end"]),
        status=record["status"],
        staff=host.get("name") or "",
        staff_email=host.get("email") or "",
        payment=str((record.get("metadata") or {}).get(PAYMENT) or ""),
    )


def booking_answer(record: dict[str, Any], at: datetime) -> Answer:
    """Theirs to ours, with Cal.com's own time of the deed where the record has one."""
    made = record.get("createdAt")
    found = booking(record)
    return Answer(found, Evidence(id=found.id, status=found.status, at=_moment(made) if made else at))


def is_ours(record: dict[str, Any], call: Call) -> bool:
    """Tell whether a booking carries our reference."""
    return bool((record.get("metadata") or {}).get(REFERENCE) == call.reference)


def phones(record: dict[str, Any]) -> Iterator[str]:
    """Every number that a booking names for its attendees: on the attendee, and among the answers to its form."""
    people = [*(record.get("attendees") or []), record.get("bookingFieldsResponses") or {}]
    for person in people:
        for field in ("phoneNumber", "attendeePhoneNumber", "smsReminderNumber"):
            if person.get(field):
                yield person[field]


def _moment(text: str) -> datetime:
    """Read an ISO 8601 time, in UTC."""
    return datetime.fromisoformat(text).astimezone(UTC)
