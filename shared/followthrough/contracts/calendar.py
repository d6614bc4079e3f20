"""What a calendar is asked and gives: free slots, holds and bookings."""

from collections.abc import Iterator

from pydantic import AwareDatetime, Field

from followthrough.contracts.call import Call
from followthrough.contracts.records import Given, OptionalPersonal, Question
from followthrough.personal import PersonalText


class FindOpenings(Question):
    """Find free slots from the start of the day of `around` (in the tenant's time zone) over `days` days."""

    around: AwareDatetime
    days: int = Field(default=7, ge=1, le=31)


class Slot(Given):
    """A free slot."""

    start: AwareDatetime
    end: AwareDatetime
    weekend: bool
    """Saturday or Sunday in the tenant's time zone."""


class HoldSlot(Question):
    """Reserve a slot for a short while."""

    slot: Slot


class Hold(Given):
    """A slot reserved until `until`."""

    id: str
    start: AwareDatetime
    end: AwareDatetime
    until: AwareDatetime


def as_held(request: HoldSlot, hold: Hold, _call: Call) -> Iterator[str]:
    """Name what of a hold is not what was asked for: another time."""
    if hold.start != request.slot.start:
        yield "start"


class ReleaseHold(Question):
    """Give a reserved slot back."""

    id: str


class Released(Given):
    """What was given back or cancelled."""

    id: str


class NewBooking(Question):
    """Book the slot that is held. `payment` is the payment's id, kept with the booking."""

    start: AwareDatetime
    hold: str | None = None
    name: PersonalText
    phone: PersonalText
    email: OptionalPersonal = None
    payment: str | None = None


class FindBooking(Question):
    """Find the next booking to come of the person with this phone number."""

    phone: PersonalText


class Booking(Given):
    """An appointment. `payment` is the payment's id where one was kept with it, else empty; `staff` who will attend."""

    id: str
    start: AwareDatetime
    end: AwareDatetime
    status: str
    staff: str = ""
    staff_email: PersonalText = ""
    payment: str = ""


def as_booked(request: NewBooking, booking: Booking, _call: Call) -> Iterator[str]:
    """Name what of an appointment is not what was asked for: another time."""
    if booking.start != request.start:
        yield "start"


class CancelBooking(Question):
    """Cancel an appointment."""

    id: str


def as_ended(request: ReleaseHold | CancelBooking, ended: Released, _call: Call) -> Iterator[str]:
    """Name what was given back or cancelled if it is another one."""
    if ended.id != request.id:
        yield "id"
