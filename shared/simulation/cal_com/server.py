"""A small Cal.com: slots, reservations and bookings of API v2, with its versions, wordings and lack of links.

As in the real one, a reservation keeps a slot out of the openings and of other reservations, but blocks no booking.

Source: https://cal.com/docs/api-reference/v2/slots and .../v2/bookings, and the open source behind
them (calcom/cal.com).
"""

import re
from collections.abc import Callable
from datetime import datetime
from hashlib import sha256
from typing import Any
from uuid import UUID

from simulation.cal_com.bookings import listed, shown
from simulation.cal_com.diary import Appointment, Diary, EventType, event_type
from simulation.cal_com.forms import CANCEL_FIELDS, CalComRefusalError, booking_form, known_fields, moment
from simulation.cal_com.slots import named_event, openings, reserve
from simulation.exchange import Request, Response

VERSIONS = {"slots": "2024-09-04", "bookings": "2024-08-13"}
PATH = re.compile(r"/v2/(?P<kind>slots/reservations|slots|bookings)(/(?P<uid>[^/]+?)(?P<cancel>/cancel)?)?")
UNAVAILABLE = "User either already has booking at this time or is not available"


class CalCom:
    """One Cal.com account; any API key that begins with `cal_` may do everything."""

    name = "cal_com"

    def __init__(self, now: Callable[[], datetime]) -> None:
        """Live by the clock `now`."""
        self.now = now
        self.diary = Diary()
        self._count = 0

    def seed(self, data: dict[str, Any]) -> None:
        """Add event types and bookings.

        An event type is `{id, title, length (minutes), time_zone, hours: {mon: ["09:00", "17:00"], ...}, host: {name,
        email}, slug?, notice? (minutes)}`, a booking `{event_type, start, name, phone, email?, payment?, uid?,
        metadata?}`.
        """
        for event in map(event_type, data.get("event_types", [])):
            self.diary.events[event.id] = event
        for booked in data.get("bookings", []):
            event = self.diary.events[booked["event_type"]]
            attendee = {"name": booked["name"], "timeZone": event.time_zone.key, "phoneNumber": booked["phone"]}
            attendee |= {"email": booked["email"]} if booked.get("email") else {}
            metadata = {
                **booked.get("metadata", {}),
                **({"payment": booked["payment"]} if booked.get("payment") else {}),
            }
            form = {"start": booked["start"], "attendee": attendee, "metadata": metadata}
            self._appoint(event, moment(form, "start"), form, booked.get("uid"))

    def snapshot(self) -> dict[str, Any]:
        """Every booking, and the reservations that still hold; times are local to the event type."""
        now = self.now()
        held = [reserved for reserved in self.diary.reservations.values() if reserved.until > now]
        return {
            "bookings": [
                {
                    "id": made.uid,
                    "title": made.event.title,
                    "start": made.start.astimezone(made.event.time_zone).isoformat(),
                    "attendee": made.form["attendee"]["name"],
                    "phone": made.form["attendee"].get("phoneNumber", ""),
                    "staff": made.event.host["name"],
                    "status": made.status,
                    "payment": made.form.get("metadata", {}).get("payment", ""),
                }
                for made in sorted(self.diary.appointments, key=lambda made: made.start)
            ],
            "reservations": [
                {
                    "id": reserved.uid,
                    "title": reserved.event.title,
                    "start": reserved.start.astimezone(reserved.event.time_zone).isoformat(),
                    "until": reserved.until.astimezone(reserved.event.time_zone).isoformat(timespec="seconds"),
                }
                for reserved in held
            ],
        }

    def handle(self, request: Request) -> Response:
        """Answer as Cal.com would."""
        try:
            try:
                return self._answer(request)
            except (ValueError, KeyError, TypeError, AttributeError):
                raise CalComRefusalError(400, "Body is malformed") from None
        except CalComRefusalError as no:
            return Response(no.status, no.body(request.path, self.now()))

    def _answer(self, request: Request) -> Response:
        place = PATH.fullmatch(request.path)
        version = request.headers.get("cal-api-version")
        if place is None or version != VERSIONS[place["kind"].partition("/")[0]]:
            # Another version is another, older API: these paths are not there, or mean something else.
            raise CalComRefusalError(404, f"Cannot {request.method} {request.path}")
        authorization = request.headers.get("authorization")
        if authorization is not None and not authorization.startswith("Bearer cal_"):
            raise CalComRefusalError(401, "ApiAuthStrategy - api key - Your api key is not valid")
        if place["kind"] == "bookings":
            return self._bookings(request, place["uid"], cancel=place["cancel"] is not None)
        return self._slots(request, reservations=place["kind"] != "slots", uid=place["uid"])

    def _slots(self, request: Request, *, reservations: bool, uid: str | None) -> Response:
        match request.method, reservations, uid:
            case "GET", False, None:
                query = {name: values[0] for name, values in request.query.items()}
                return _success(200, openings(self.diary, query, self.now()))
            case "POST", True, None:
                known = "authorization" in request.headers
                return _success(
                    201, reserve(self.diary, request.json(), str(UUID(self._id()[:32])), self.now(), known=known)
                )
            case "DELETE", True, str():
                self.diary.reservations.pop(uid, None)  # one that is gone is no error
                return Response(200, {"status": "success"})
        raise CalComRefusalError(404, f"Cannot {request.method} {request.path}")

    def _bookings(self, request: Request, uid: str | None, *, cancel: bool) -> Response:
        match request.method, uid, cancel:
            case "GET", None, _ if "authorization" not in request.headers:
                raise CalComRefusalError(401, "ApiAuthStrategy - no authentication provided")
            case "GET", None, _:
                return Response(200, {"status": "success", **listed(self.diary, request.query, self.now())})
            case "POST", None, _:
                return _success(201, shown(self._book(request.json())))
            case "GET", str(), False:
                return _success(200, shown(self._appointment(uid)))
            case "POST", str(), True:
                return _success(200, shown(self._cancel(uid, request.json() or {})))
        raise CalComRefusalError(404, f"Cannot {request.method} {request.path}")

    def _book(self, body: Any) -> Appointment:
        form = booking_form(body)
        event, start = named_event(self.diary, form), moment(form, "start")
        if start < self.now():
            raise CalComRefusalError(400, "Attempting to book a meeting in the past.")
        if start < self.now() + event.notice:
            raise CalComRefusalError(400, 'The event type can\'t be booked at the "start" time provided.')
        if self.diary.booked(event, start) or not event.is_open(start):
            raise CalComRefusalError(400, UNAVAILABLE)
        return self._appoint(event, start, form)

    def _cancel(self, uid: str, body: Any) -> Appointment:
        reason = known_fields(body, CANCEL_FIELDS).get("cancellationReason")
        made = self._appointment(uid)
        if made.status == "cancelled":
            raise CalComRefusalError(
                400,
                f"Can't cancel booking with uid={uid} because it has been cancelled already. "
                "Please provide uid of a booking that is not cancelled.",
            )
        made.status, made.reason, made.changed = "cancelled", reason, self.now()
        return made

    def _appoint(self, event: EventType, start: datetime, form: dict[str, Any], uid: str | None = None) -> Appointment:
        made = Appointment(len(self.diary.appointments) + 1, uid or self._id()[:22], event, start, form, self.now())
        self.diary.appointments.append(made)
        return made

    def _appointment(self, uid: str) -> Appointment:
        for made in self.diary.appointments:
            if made.uid == uid:
                return made
        raise CalComRefusalError(404, f"Booking with uid={uid} was not found in the database")

    def _id(self) -> str:
        """An id that looks random and is the same in every run."""
        self._count += 1
        return sha256(f"{self.name} {self._count}".encode()).hexdigest()


def _success(status: int, data: Any) -> Response:
    return Response(status, {"status": "success", "data": data})
