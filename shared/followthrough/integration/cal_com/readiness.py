"""Whether an event type can be booked by customers who text, and what its operator has to change if not.

Source: https://cal.com/docs/api-reference/v2/event-types/get-an-event-type (version 2024-06-14) and the types behind it
(calcom/cal.com, packages/platform/types/event-types/event-types_2024_06_14/outputs).
"""

from collections.abc import Iterator, Sequence
from typing import Any, Final

from pydantic import Field

from followthrough.integration.shapes import Id, Shape, Text

ANSWERED: Final = frozenset({"name", "splitName", "phone"})
"""Types of questions that a booking of ours answers: a name, and the attendee's own number."""

NUMBERS: Final = frozenset({"attendeePhoneNumber", "smsReminderNumber"})
"""What Cal.com takes `attendee.phoneNumber` for an answer to. Source: bookings.service.ts."""

WHEN_MOVED: Final = frozenset({"rescheduleReason", "cancellationReason"})
"""What is asked only of who moves or cancels."""


class Question(Shape):
    """One question of an event type's form."""

    slug: Id
    type: Id
    label: Text | None = None
    required: bool | None = None
    hidden: bool | None = None

    @property
    def unanswered(self) -> bool:
        """Tell whether it has to be answered and a booking of ours does not."""
        if not self.required or self.hidden or self.slug in WHEN_MOVED:
            return False
        return self.type not in ANSWERED or (self.type == "phone" and self.slug not in NUMBERS)


class EventType(Shape):
    """What of an event type decides whether it can be booked."""

    questions: Sequence[Question] = Field(alias="bookingFields", default=())
    confirmation: dict[str, Any] | None = Field(alias="confirmationPolicy", default=None)
    per_slot: int | None = Field(alias="seatsPerTimeSlot", default=None)
    seats: dict[str, Any] | None = None
    recurrence: dict[str, Any] | None = None
    price: float | None = None
    verified: bool | None = Field(alias="requiresBookerEmailVerification", default=None)
    cancelling: dict[str, Any] | None = Field(alias="disableCancelling", default=None)
    scheduling: Text | None = Field(alias="schedulingType", default=None)


class EventTypeShown(Shape):
    """What an event type is answered with."""

    data: EventType


def shortcomings(number: int, shown: EventType) -> list[str]:
    """Say what keeps an event type from being booked, each with what to change in Cal.com."""
    return [f"event type {number} {said}" for said in _said(shown)]


def without_event_type(number: int, code: str) -> str:
    """Say why an event type could not be looked at (`code` is the refusal's)."""
    if code == "unauthorized":
        return "Cal.com refuses the API key: create one under Settings > Developer > API keys, and put it in the secret"
    return (
        f"the API key does not see event type {number} ({code}): write the number from the event type's address in "
        "Cal.com, and use a key of its owner or of one of its hosts"
    )


def _said(shown: EventType) -> Iterator[str]:
    if _on(shown.confirmation):
        yield (
            "waits for its host's confirmation, and customers have paid by then: switch off `Requires confirmation` in "
            "its advanced settings"
        )
    if shown.per_slot or _on(shown.seats):
        yield (
            "offers seats, so that who cancels would end everybody's visit: switch off `Offer seats` in its advanced "
            "settings"
        )
    if shown.recurrence:
        yield "repeats, and one visit is paid for: switch off `Recurring event`"
    if shown.price:
        yield "takes a price of its own in Cal.com: take the payment app out of it, prices are in this file"
    if shown.verified:
        yield "has mail addresses verified, and who texts has none: switch off `Requires booker email verification`"
    if (shown.cancelling or {}).get("disabled"):
        yield "cannot be cancelled: switch off `Disable cancelling`, or a refund leaves the visit booked"
    if shown.scheduling == "managed":
        yield "is the template of a team's event types: write the number of a member's own event type"
    for question in shown.questions:
        if question.unanswered:
            yield _question(question)


def _question(question: Question) -> str:
    if question.slug == "email":
        return (
            "requires a mail address, and who texts has none: under `Booking questions` make the phone number required "
            "and the mail address not required"
        )
    return (
        f"requires an answer to `{question.label or question.slug}`, which nobody is asked for: make it not required "
        "under `Booking questions`"
    )


def _on(setting: dict[str, Any] | None) -> bool:
    """Tell whether a setting is there and not switched off (`{"disabled": true}`)."""
    return bool(setting) and not (setting or {}).get("disabled")
