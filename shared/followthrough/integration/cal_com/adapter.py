"""Cal.com as the tenant's calendar: slots, reservations and bookings of one event type, over API v2.

Source: https://cal.com/docs/api-reference/v2/slots and .../v2/bookings. Each group of endpoints has a version of its
own, sent as `cal-api-version`; without it another, older endpoint answers.
"""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, time, timedelta
from typing import ClassVar
from urllib.parse import quote
from zoneinfo import ZoneInfo

from pydantic import BaseModel

from followthrough.contracts.calendar import (
    Booking,
    CancelBooking,
    FindBooking,
    FindOpenings,
    Hold,
    HoldSlot,
    NewBooking,
    Released,
    ReleaseHold,
    Slot,
    as_booked,
    as_ended,
    as_held,
)
from followthrough.contracts.call import Answer, Call
from followthrough.contracts.evidence import Evidence
from followthrough.contracts.manifest import ByReadBack, ByRepeating, Lapses, Operation
from followthrough.errors import Differs, Refused, Unreachable
from followthrough.integration.cal_com.failures import NAME, accepted, failure, throttled
from followthrough.integration.cal_com.readiness import EventTypeShown, shortcomings, without_event_type
from followthrough.integration.cal_com.records import (
    CANCELLATION,
    Booked,
    Listed,
    Made,
    Record,
    Reserved,
    Slots,
    booking,
    booking_answer,
    booking_payload,
    hold_answer,
    hold_payload,
    is_ours,
    phones,
    slots,
    utc,
)
from followthrough.integration.cal_com.settings import LONGEST_HOLD, CalComSecret, CalComSettings

PUBLIC = "https://api.cal.com"
SLOTS = {"cal-api-version": "2024-09-04"}
BOOKINGS = {"cal-api-version": "2024-08-13"}
EVENT_TYPES = {"cal-api-version": "2024-06-14"}
PAGE = 100
"""Bookings a page. Source: GET /v2/bookings, `take` (at most 250)."""
MOST = 50 * PAGE
"""Bookings that are looked through: a practice has some hundreds to come."""

# Bookings are listed from the database itself, though from a copy for reading: seconds behind, not minutes.
LIST_LAG = timedelta(seconds=30)


class CalCom:
    """A connected Cal.com account.

    Holding and booking are not linked: a reservation of one's own does not block one's booking, and neither does
    anybody else's. A hold keeps the slot out of the openings and of other holds; what stops a double booking is the
    booking itself. So `book` sends no hold, and the hold lapses by itself.

    A test of the server's (reserved-slot-bookings.e2e-spec.ts) books with `reservedSlotUid` in the body, but the form
    of a booking, as published and in its source (create-booking.input.ts, checked with forbidNonWhitelisted), has no
    such field and refuses what it does not have: to send it could lose every booking after its payment.
    """

    name: ClassVar[str] = NAME
    Settings: ClassVar[type[BaseModel]] = CalComSettings
    Secret: ClassVar[type[BaseModel]] = CalComSecret
    operations: ClassVar[Mapping[str, Operation]] = {
        "find_openings": Operation("read", FindOpenings, Slot, many=True),
        "find_booking": Operation("read", FindBooking, Booking, optional=True),
        "hold": Operation(
            "write",
            HoldSlot,
            Hold,
            settle=Lapses(after=LONGEST_HOLD, minutes="hold_minutes"),
            undo="release",
            as_asked=as_held,
            statuses=frozenset({"reserved"}),
        ),
        "release": Operation(
            "write", ReleaseHold, Released, settle=ByRepeating(), as_asked=as_ended, statuses=frozenset({"released"})
        ),
        "book": Operation(
            "write",
            NewBooking,
            Booking,
            settle=ByReadBack(lag=LIST_LAG),
            undo="cancel",
            as_asked=as_booked,
            statuses=frozenset({"accepted"}),
        ),
        "cancel": Operation(
            "write", CancelBooking, Released, settle=ByRepeating(), as_asked=as_ended, statuses=frozenset({"cancelled"})
        ),
    }

    def __init__(self, settings: CalComSettings, secret: CalComSecret, endpoint: str | None = None) -> None:
        """Connect; `endpoint` replaces Cal.com's public base URL."""
        from followthrough.integration.http import Connection  # noqa: PLC0415  httpx costs only who connects

        self._settings = settings
        bearer = {"Authorization": f"Bearer {secret.api_key.get_secret_value()}"}
        self._connection = Connection(self.name, endpoint or PUBLIC, bearer, throttled)

    def check(self) -> list[str]:
        """Say what of the event type keeps it from being booked by who texts. Raises SystemFailure."""
        path = f"/v2/event-types/{self._settings.event_type}"
        reply = self._connection.read("GET", path, headers=EVENT_TYPES)
        if not reply.ok:
            return [without_event_type(self._settings.event_type, failure(reply).code)]
        return shortcomings(self._settings.event_type, reply.read(EventTypeShown).data)

    def run(self, operation: str, request: BaseModel, call: Call) -> Answer:
        """Do it. Raises SystemFailure."""
        match operation, request:
            case "find_openings", FindOpenings():
                return self._find_openings(request, call)
            case "find_booking", FindBooking():
                return self._find_booking(request)
            case "hold", HoldSlot():
                return self._hold(request)
            case "release", ReleaseHold():
                return self._release(request)
            case "book", NewBooking():
                return self._book(request, call)
            case "cancel", CancelBooking():
                return self._cancel(request)
        raise ValueError(f"{self.name}: no operation {operation} with {type(request).__name__}")

    def read_back(self, operation: str, request: BaseModel, call: Call) -> Answer | None:
        """Look for the booking at that time that carries our reference, whatever became of it since.

        None when it is not there. Raises SystemFailure.
        """
        match operation, request:
            case "book", NewBooking():
                window = {
                    "afterStart": request.start - timedelta(minutes=1),
                    "beforeEnd": request.start + timedelta(days=1),
                }
                for record in self._bookings({name: utc(moment) for name, moment in window.items()}):
                    if is_ours(record, call):
                        return booking_answer(record, call.now)
                return None
        raise ValueError(f"{self.name}: {operation} is not settled by reading back")

    def _find_openings(self, request: FindOpenings, call: Call) -> Answer:
        zone = ZoneInfo(call.time_zone)
        first = datetime.combine(request.around.astimezone(zone).date(), time(), zone)
        last = first + timedelta(days=request.days)  # wall-clock arithmetic: days of 23 and 25 hours count as days
        query = {
            "eventTypeId": str(self._settings.event_type),
            "start": utc(first),
            "end": utc(last.astimezone(UTC) - timedelta(seconds=1)),
            "format": "range",
        }
        found = accepted(self._connection.read("GET", "/v2/slots", query=query, headers=SLOTS), Slots)
        return Answer(slots(found, call.time_zone))

    def _find_booking(self, request: FindBooking) -> Answer:
        # Bookings can be filtered by an attendee's mail address or name but not by number, and a filter would put
        # personal data into URLs: the few bookings to come are looked through here instead.
        for record in self._bookings({"status": "upcoming", "sortStart": "asc"}):
            if request.phone in phones(record):
                if record.shared:
                    # To cancel or move it would end it for others, too: people see to it.
                    raise Refused(self.name, f"has_{record.shared[0]}")
                return Answer(booking(record))
        return Answer(None)

    def _hold(self, request: HoldSlot) -> Answer:
        body = hold_payload(self._settings, request)
        reply = self._connection.write("POST", "/v2/slots/reservations", body=body, headers=SLOTS)
        return hold_answer(accepted(reply, Reserved).data, reply.at)

    def _release(self, request: ReleaseHold) -> Answer:
        path = f"/v2/slots/reservations/{quote(request.id, safe='')}"
        reply = self._connection.write("DELETE", path, headers=SLOTS)
        if not reply.ok and reply.status != 404:  # noqa: PLR2004 - a reservation that is gone is released
            raise failure(reply)
        return Answer(Released(id=request.id), Evidence(id=request.id, status="released", at=reply.at))

    def _book(self, request: NewBooking, call: Call) -> Answer:
        body = booking_payload(self._settings, request, call)
        reply = self._connection.write("POST", "/v2/bookings", body=body, headers=BOOKINGS)
        made = accepted(reply, Made).data
        if isinstance(made, list):
            raise Differs(self.name, ["recurrence"])
        return booking_answer(made, reply.at)

    def _cancel(self, request: CancelBooking) -> Answer:
        path = f"/v2/bookings/{quote(request.id, safe='')}"
        reply = self._connection.write("POST", f"{path}/cancel", body=CANCELLATION, headers=BOOKINGS)
        if reply.ok:
            record = reply.read(Booked).data
        else:
            no = failure(reply)
            if reply.status != 400:  # noqa: PLR2004
                raise no
            # A booking that is cancelled already is refused like a bad form: its own status tells them apart. One that
            # was moved is "cancelled" too, but the customer still has an appointment.
            record = accepted(self._connection.read("GET", path, headers=BOOKINGS), Booked).data
            if record.moved_to:
                raise Refused(self.name, "moved_meanwhile")
            if record.status != "cancelled":
                raise no
        return Answer(Released(id=record.uid), Evidence(id=record.uid, status=record.status, at=reply.at))

    def _bookings(self, query: Mapping[str, str]) -> Iterator[Record]:
        """Every booking of the event type that fits the query, page by page."""
        for skip in range(0, MOST, PAGE):
            page = {**query, "eventTypeId": str(self._settings.event_type), "take": str(PAGE), "skip": str(skip)}
            records = accepted(self._connection.read("GET", "/v2/bookings", query=page, headers=BOOKINGS), Listed).data
            yield from records
            if len(records) < PAGE:
                return
        # What was not looked at may be what was looked for.
        raise Unreachable(self.name, "too_many_bookings")
