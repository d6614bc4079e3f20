"""Cal.com's event types as the sandbox shows them.

Source: https://cal.com/docs/api-reference/v2/event-types/get-an-event-type (version 2024-06-14) and the types behind it
(calcom/cal.com, packages/platform/types/event-types/event-types_2024_06_14/outputs).
"""

from typing import Any

from simulation.cal_com.diary import EventType

QUESTIONS = {"name": "name", "email": "email", "attendeePhoneNumber": "phone", "smsReminderNumber": "phone"}
"""The questions that Cal.com has itself, by slug, with their types."""


def event_type_shown(event: EventType) -> dict[str, Any]:
    """An event type as its owner sees it."""
    own = {slug: slug == "name" or slug in event.required for slug in QUESTIONS}
    own = {slug: required for slug, required in own.items() if required or slug in {"name", "email"}}
    further = [slug for slug in event.required if slug not in QUESTIONS]
    return {
        "id": event.id,
        "ownerId": 1,
        "lengthInMinutes": int(event.length.total_seconds() // 60),
        "title": event.title,
        "slug": event.slug,
        "bookingFields": [
            *(
                {"isDefault": True, "type": QUESTIONS[it], "slug": it, "required": own[it], "hidden": False}
                for it in own
            ),
            # It is asked only of who moves a booking.
            {"isDefault": True, "type": "textarea", "slug": "rescheduleReason", "required": False, "hidden": False},
            {"isDefault": True, "type": "text", "slug": "title", "required": True, "hidden": True},
            *(
                {"isDefault": False, "type": "text", "slug": it, "label": it.capitalize(), "required": True}
                for it in further
            ),
        ],
        "recurrence": {"interval": 1, "occurrences": event.repeats, "frequency": "weekly"} if event.repeats else None,
        "price": event.price,
        "currency": "usd",
        "seatsPerTimeSlot": event.seats,
        "seats": {"seatsPerTimeSlot": event.seats, "showAttendeeInfo": True} if event.seats else {"disabled": True},
        "confirmationPolicy": {"type": "always"} if event.confirmed else {"disabled": True},
        "requiresBookerEmailVerification": False,
        "disableCancelling": {"disabled": not event.cancellable},
        "metadata": {},
        "users": [],
    }
