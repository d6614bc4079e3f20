"""What a sandboxed Cal.com does with bookings: makes, cancels, confirms and declines them.

Source: https://cal.com/docs/api-reference/v2/bookings and the open source behind it (calcom/cal.com).
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

from simulation.cal_com.bookings import shown
from simulation.cal_com.diary import Appointment, Diary, EventType
from simulation.cal_com.forms import CANCEL_FIELDS, CalComRefusalError, answered, booking_form, known_fields, moment
from simulation.cal_com.slots import named_event

UNAVAILABLE = "User either already has booking at this time or is not available"


@dataclass
class Desk:
    """Whoever keeps a diary. `count` is of the ids given out."""

    diary: Diary
    count: int = 0

    def book(self, body: Any, now: datetime) -> dict[str, Any] | list[dict[str, Any]]:
        """Book what a form asks for: a list where the event type repeats. Raises CalComRefusalError."""
        form = booking_form(body)
        event, start = named_event(self.diary, form), moment(form, "start")
        answered(form, event.required, event.id)
        if start < now:
            raise CalComRefusalError(400, "Attempting to book a meeting in the past.")
        if start < now + event.notice:
            raise CalComRefusalError(400, 'The event type can\'t be booked at the "start" time provided.')
        if self.diary.booked(event, start) or not event.is_open(start):
            raise CalComRefusalError(400, UNAVAILABLE)
        if event.repeats:
            series = self.id()[:22]
            starts = [start + timedelta(weeks=week) for week in range(event.repeats)]
            return [shown(self.appoint(event, each, form, now, series=series)) for each in starts]
        shared = self.diary.shared(event, start)
        if shared is not None:
            shared.others[self.id()[:22]] = form
            return {**shown(shared), "seatUid": list(shared.others)[-1]}
        made = self.appoint(event, start, form, now)
        return {**shown(made), **({"seatUid": made.seat} if event.seats else {})}

    def cancel(self, uid: str, body: Any, now: datetime, *, host: bool) -> Appointment:
        """Cancel a booking for everybody who has a seat in it, unless one seat is named.

        Source: calcom/cal.com, packages/features/bookings/lib/handleCancelBooking.ts and cancellationReason.ts: an
        event type without a setting of its own demands a reason of its host.
        """
        form, made = known_fields(body, CANCEL_FIELDS), self.appointment(uid)
        reason = form.get("cancellationReason")
        if made.status == "cancelled":
            raise CalComRefusalError(
                400,
                f"Can't cancel booking with uid={uid} because it has been cancelled already. "
                "Please provide uid of a booking that is not cancelled.",
            )
        if made.end < now:
            raise CalComRefusalError(400, "Cannot cancel a booking that has already ended")
        if not made.event.cancellable:
            raise CalComRefusalError(400, "This event type does not allow cancellations")
        if host and not (reason or "").strip():
            raise CalComRefusalError(400, "Cancellation reason is required when you are the host")
        if form.get("seatUid") in made.others:
            del made.others[form["seatUid"]]
            return made
        made.status, made.reason, made.changed = "cancelled", reason, now
        return made

    def decide(self, uid: str, body: Any, now: datetime, *, confirm: bool) -> Appointment:
        """Let the host say yes or no to a booking that waits for it.

        Source: https://cal.com/docs/api-reference/v2/bookings/confirm-a-booking and .../decline-a-booking.
        """
        made = self.appointment(uid)
        if made.status != "pending":
            raise CalComRefusalError(400, "Booking already confirmed or rejected")
        made.status, made.reason = ("accepted", None) if confirm else ("rejected", body.get("reason"))
        made.changed = now
        return made

    def appoint(
        self,
        event: EventType,
        start: datetime,
        form: dict[str, Any],
        now: datetime,
        *,
        uid: str | None = None,
        series: str | None = None,
        status: str | None = None,
    ) -> Appointment:
        """Put an appointment into the diary, whatever stands there."""
        number, uid = len(self.diary.appointments) + 1, uid or self.id()[:22]
        made = Appointment(number, uid, event, start, form, now, seat=f"seat-{uid}", series=series)
        made.status = status or ("pending" if event.confirmed or event.price else "accepted")
        self.diary.appointments.append(made)
        return made

    def appointment(self, uid: str) -> Appointment:
        """The appointment of this id. Raises CalComRefusalError."""
        for made in self.diary.appointments:
            if made.uid == uid:
                return made
        raise CalComRefusalError(404, f"Booking with uid={uid} was not found in the database")

    def id(self) -> str:
        """An id that looks random and is the same in every run."""
        self.count += 1
        return sha256(f"cal_com {self.count}".encode()).hexdigest()
