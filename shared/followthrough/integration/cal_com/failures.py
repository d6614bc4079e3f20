"""What Cal.com's refusals mean for us.

Every refusal has the same shape, `{"status": "error", "error": {"code", "message", "details"}}`, where `code` is only
the name of an exception class (`BadRequestException` for a bad form and for a slot that is gone alike). What sets them
apart is the HTTP status and the wording, so this table holds both; our code for each is a word of ours.

Source: https://cal.com/docs/api-reference/v2 and the open source behind it (calcom/cal.com, apps/api/v2/src:
platform/bookings/2024-08-13/services/errors.service.ts and bookings.service.ts, modules/slots/slots-2024-09-04/
services/slots.service.ts; packages/features/bookings/lib: handleCancelBooking.ts and getBookingResponsesSchema.ts,
whose refusals name the question, such as `{email}error_required_field`).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from followthrough.errors import NotFound, Refused, SystemFailure, Taken, Throttled
from followthrough.integration.reply import TOO_MANY, Reply, reset_after, retry_after
from followthrough.integration.shapes import AnyShape

NAME: Final = "cal_com"


@dataclass(frozen=True)
class Refusal:
    """One refusal: its HTTP status, words that its message contains, and what that is to us."""

    status: int
    words: str
    kind: type[SystemFailure]
    code: str


REFUSALS: Final = (
    Refusal(400, "already has booking at this time or is not available", Taken, "slot_booked"),
    Refusal(400, "Someone else reserved this booking time slot before you", Taken, "slot_reserved"),
    Refusal(422, "Can't reserve a slot if the event is already booked", Taken, "slot_booked"),
    Refusal(422, "This time slot is already reserved", Taken, "slot_reserved"),
    Refusal(422, "has no more seats left", Taken, "no_seats_left"),
    Refusal(409, "", Taken, "slot_booked"),
    Refusal(400, 'can\'t be booked at the "start" time provided', Refused, "outside_bookable_times"),
    Refusal(400, "Attempting to book a meeting in the past", Refused, "in_the_past"),
    Refusal(400, "maximum number of active bookings", Refused, "too_many_bookings"),
    Refusal(400, "{email}", Refused, "mail_address_required"),
    Refusal(400, "{attendeePhoneNumber}", Refused, "phone_number_required"),
    Refusal(400, "Missing attendee phone number", Refused, "phone_number_required"),
    Refusal(400, "Invalid phone number format", Refused, "phone_number_invalid"),
    Refusal(400, "Missing required booking field response", Refused, "answer_required"),
    Refusal(400, "error_required_field", Refused, "answer_required"),
    Refusal(400, "is the parent managed event type", Refused, "managed_event_type"),
    Refusal(400, "does not allow cancellations", Refused, "cancellations_disabled"),
    Refusal(400, "Cancellation reason is required", Refused, "reason_required"),
    Refusal(400, "already ended", Refused, "already_over"),
    Refusal(422, "it has no hosts", Refused, "no_hosts"),
    Refusal(401, "", Refused, "unauthorized"),
    Refusal(403, "", Refused, "forbidden"),
    Refusal(404, "", NotFound, "not_found"),
)
"""Tried in this order; what fits none of them is Refused with the HTTP status as its code."""


WINDOW_SECONDS: Final = 60.0
"""An API key may ask 120 times in so many seconds. Source: https://www.mintlify.com/calcom/cal.com/api/rate-limits."""


def throttled(reply: Reply) -> Throttled:
    """Read a 429. Cal.com sends no Retry-After but X-RateLimit-Reset-<name>: a Unix timestamp by its documentation,
    seconds as seen ("60").
    """
    reset = reset_after(reply.headers, "x-ratelimit-reset", reply.at)
    return Throttled(NAME, TOO_MANY, retry_after(reply.headers, WINDOW_SECONDS if reset is None else max(1.0, reset)))


def accepted(reply: Reply, shape: type[AnyShape]) -> AnyShape:
    """Read what Cal.com did. Raises the SystemFailure that stands for what it refused, or cannot be read."""
    if not reply.ok:
        raise failure(reply)
    return reply.read(shape)


def failure(reply: Reply) -> SystemFailure:
    """Translate one refusal, by its HTTP status and its wording."""
    words = _message(reply.refusal())
    for known in REFUSALS:
        if reply.status == known.status and known.words in words:
            return known.kind(NAME, known.code)
    return Refused(NAME, f"http_{reply.status}")


def _message(body: Mapping[str, Any]) -> str:
    """The wording of an error body, wherever it has one; never shown to anybody."""
    error = body.get("error")
    message = error.get("message") if isinstance(error, Mapping) else body.get("message")
    return message if isinstance(message, str) else ""
