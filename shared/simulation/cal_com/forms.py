"""What Cal.com insists on in a form, and how it words a refusal.

Source: https://cal.com/docs/api-reference/v2/bookings/create-a-booking and the validators behind it (calcom/cal.com,
packages/platform/types/bookings/2024-08-13/inputs).
"""

import re
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import phonenumbers

BOOKING_FIELDS = {
    "start", "eventTypeId", "attendee", "metadata", "guests", "location", "bookingFieldsResponses", "lengthInMinutes",
}  # fmt: skip
ATTENDEE_FIELDS = {"name", "email", "timeZone", "phoneNumber", "language"}
RESERVATION_FIELDS = {"eventTypeId", "slotStart", "slotDuration", "reservationDuration"}
CANCEL_FIELDS = {"cancellationReason", "cancelSubsequentBookings", "seatUid"}
MOST_METADATA = 50
LONGEST_KEY = 40
LONGEST_VALUE = 500

# fmt: off
LANGUAGES = {
    "ar", "az", "bg", "bn", "ca", "cs", "da", "de", "el", "en", "es", "es-419", "et", "eu", "fi", "fr", "he", "hr",
    "hu", "id", "it", "iw", "ja", "km", "ko", "lv", "nl", "no", "pl", "pt", "pt-BR", "ro", "ru", "sk", "sr", "sv",
    "ta", "th", "tr", "uk", "vi", "zh-CN", "zh-TW",
}
# fmt: on

TITLES = {
    400: ("BadRequestException", "Bad Request"),
    401: ("UnauthorizedException", "Unauthorized"),
    403: ("ForbiddenException", "Forbidden"),
    404: ("NotFoundException", "Not Found"),
    422: ("UnprocessableEntityException", "Unprocessable Entity"),
    429: ("ThrottlerException", "Too Many Requests"),
}


class CalComRefusalError(Exception):
    """Cal.com says no: an HTTP status and its wording."""

    def __init__(self, status: int, message: str) -> None:
        """Carry what the error body is made of."""
        self.status = status
        self.message = message
        super().__init__(message)

    def body(self, path: str, now: datetime) -> dict[str, Any]:
        """The error body as Cal.com writes it."""
        code, title = TITLES[self.status]
        details = {"message": self.message, "error": title, "statusCode": self.status}
        error = {"code": code, "message": self.message, "details": details}
        return {"status": "error", "timestamp": iso(now), "path": path, "error": error}


def known_fields(form: Any, fields: set[str]) -> dict[str, Any]:
    """Return the form if it is an object without unknown fields. Raises CalComRefusalError."""
    if not isinstance(form, dict):
        raise CalComRefusalError(400, "Body should be an object")
    unknown = sorted(set(form) - fields)
    if unknown:
        raise CalComRefusalError(400, f"{unknown[0]} property is wrong,property {unknown[0]} should not exist ")
    return form


def booking_form(form: Any) -> dict[str, Any]:
    """Return a well-formed booking. Raises CalComRefusalError."""
    known_fields(form, BOOKING_FIELDS)
    attendee = known_fields(form.get("attendee"), ATTENDEE_FIELDS)
    if not isinstance(attendee.get("name"), str):
        raise CalComRefusalError(400, "attendee property is wrong, name property is wrong,name must be a string ")
    if not _is_zone(attendee.get("timeZone")):
        raise CalComRefusalError(400, "attendee property is wrong, timeZone must be a valid IANA time-zone ")
    phone, email = attendee.get("phoneNumber"), attendee.get("email")
    if not phone and not email:
        raise CalComRefusalError(400, "Attendee must have at least one contact method (email or phone number)")
    if phone and not _is_number(phone):
        raise CalComRefusalError(400, "Invalid phone number format. Please use international format.")
    if email and not re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s]+", email):
        raise CalComRefusalError(400, "Invalid email format")
    if attendee.get("language", "en") not in LANGUAGES:
        raise CalComRefusalError(400, f"attendee property is wrong, language must be one of {sorted(LANGUAGES)}")
    metadata = form.get("metadata", {})
    if not all(isinstance(value, str | int | float | bool) for value in metadata.values()):
        raise CalComRefusalError(400, "Metadata must have at most 50 keys, each key up to 40 characters")
    long = [key for key, value in metadata.items() if len(key) > LONGEST_KEY or len(str(value)) > LONGEST_VALUE]
    if len(metadata) > MOST_METADATA or long:
        raise CalComRefusalError(400, "Metadata must have at most 50 keys, each key up to 40 characters")
    return dict(form)


def answered(form: Mapping[str, Any], required: Iterable[str], event_type: int) -> None:
    """Let only a form pass that answers what an event type requires. Raises CalComRefusalError.

    A mail address and the attendee's number are the product's own questions, which another part of the server asks.
    Source: calcom/cal.com, bookings.service.ts (`hasRequiredBookingFieldsResponses`) and getBookingResponsesSchema.ts.
    """
    attendee, further = form["attendee"], form.get("bookingFieldsResponses", {})
    own = {"email": attendee.get("email"), "attendeePhoneNumber": attendee.get("phoneNumber")}
    for slug in required:
        if slug in own and not own[slug]:
            raise CalComRefusalError(400, f"responses - {{{slug}}}error_required_field, ")
        if slug == "smsReminderNumber" and not attendee.get("phoneNumber"):
            words = "Missing attendee phone number - it is required by the event type."
            raise CalComRefusalError(400, f'{words} Pass it as "attendee.phoneNumber" string in the request.')
        if slug not in {*own, "smsReminderNumber"} and further.get(slug) is None:
            words = f"Missing required booking field response: {slug} - it is required by the event type booking fields"
            details = f"You can fetch the event type with ID {event_type} to see the required fields."
            raise CalComRefusalError(400, f"{words}, but missing in the bookingFieldsResponses. {details}")


def moment(form: Mapping[str, Any], name: str) -> datetime:
    """Read a field that holds an ISO 8601 time, in UTC where it names no zone. Raises CalComRefusalError."""
    try:
        read = datetime.fromisoformat(form[name])
    except (KeyError, TypeError, ValueError):
        raise CalComRefusalError(
            400, f"{name} property is wrong,{name} must be a valid ISO 8601 date string "
        ) from None
    return read.replace(tzinfo=UTC) if read.tzinfo is None else read.astimezone(UTC)


def whole(form: Mapping[str, Any], name: str, otherwise: int | None = None) -> int:
    """Read a field that holds a whole number. Raises CalComRefusalError."""
    value = form.get(name, otherwise)
    if isinstance(value, str) and value.isdecimal():
        value = int(value)
    if not isinstance(value, int):
        raise CalComRefusalError(400, f"{name} property is wrong,{name} must be an integer number ")
    return value


def iso(at: datetime) -> str:
    """A time as Cal.com writes it."""
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _is_number(phone: str) -> bool:
    try:
        return phonenumbers.is_valid_number(phonenumbers.parse(phone))
    except phonenumbers.NumberParseException:
        return False


def _is_zone(name: Any) -> bool:
    try:
        return bool(ZoneInfo(name).key)
    except (TypeError, ValueError, OSError, KeyError):
        return False
