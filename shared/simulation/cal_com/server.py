"""A small Cal.com: slots, reservations and bookings of API v2, with its versions, wordings and lack of links.

As in the real one, a reservation keeps a slot out of the openings and of other reservations, but blocks no booking.

Source: https://cal.com/docs/api-reference/v2/slots, .../v2/bookings and .../v2/event-types, and the open source behind
them (calcom/cal.com).
"""

import re
from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

from simulation.cal_com.bookings import listed, shown
from simulation.cal_com.desk import Desk
from simulation.cal_com.diary import Diary, event_type
from simulation.cal_com.event_types import event_type_shown
from simulation.cal_com.forms import CalComRefusalError, moment
from simulation.cal_com.slots import openings, reserve
from simulation.exchange import Request, Response

VERSIONS = {
    "slots": {"2024-09-04"},
    # The later one extends the earlier: only the attendees of a cancelled seat differ.
    "bookings": {"2024-08-13", "2026-02-25"},
    "event-types": {"2024-06-14"},
}
PATH = re.compile(
    r"/v2/(?P<kind>slots/reservations|slots|bookings|event-types)"
    r"(/(?P<uid>[^/]+?)(/(?P<deed>cancel|confirm|decline))?)?"
)


class CalCom:
    """One Cal.com account; any API key that begins with `cal_` is its host's, and may do everything."""

    name = "cal_com"

    def __init__(self, now: Callable[[], datetime]) -> None:
        """Live by the clock `now`."""
        self.now = now
        self.diary = Diary()
        self.desk = Desk(self.diary)

    def seed(self, data: dict[str, Any]) -> None:
        """Add event types and bookings.

        An event type is `{id, title, length (minutes), time_zone, hours: {mon: ["09:00", "17:00"], ...}, host: {name,
        email}, slug?, notice? (minutes), required?, confirmed?, seats?, repeats?, price?, cancellable?}` (see
        EventType; a new one requires a mail address), a booking `{event_type, start, name, phone, email?, payment?,
        uid?, metadata?}`.
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
            self.desk.appoint(event, moment(form, "start"), form, self.now(), uid=booked.get("uid"), status="accepted")

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

    def limited(self, request: Request, seconds: float) -> Response:
        """Answer as Cal.com does beyond 120 requests a minute: without Retry-After.

        Its documentation calls the time of the reset a Unix timestamp; seen on the real one were seconds ("60").
        Source: https://www.mintlify.com/calcom/cal.com/api/rate-limits.
        """
        no = CalComRefusalError(429, "ThrottlerException: Too Many Requests")
        counted = {"Limit": "120", "Remaining": "0", "Reset": f"{seconds:.0f}"}
        headers = {f"X-RateLimit-{name}-Default": value for name, value in counted.items()}
        return Response(429, no.body(request.path, self.now()), headers)

    def _answer(self, request: Request) -> Response:
        place = PATH.fullmatch(request.path)
        version = request.headers.get("cal-api-version")
        if place is None or version not in VERSIONS[place["kind"].partition("/")[0]]:
            # Another version is another, older API: these paths are not there, or mean something else.
            raise CalComRefusalError(404, f"Cannot {request.method} {request.path}")
        authorization = request.headers.get("authorization")
        if authorization is not None and not authorization.startswith("Bearer cal_"):
            raise CalComRefusalError(401, "ApiAuthStrategy - api key - Your api key is not valid")
        if place["kind"] == "bookings":
            return self._bookings(request, place["uid"], place["deed"])
        if place["kind"] == "event-types":
            return self._event_types(request, place["uid"])
        return self._slots(request, reservations=place["kind"] != "slots", uid=place["uid"])

    def _slots(self, request: Request, *, reservations: bool, uid: str | None) -> Response:
        match request.method, reservations, uid:
            case "GET", False, None:
                query = {name: values[0] for name, values in request.query.items()}
                return _success(200, openings(self.diary, query, self.now()))
            case "POST", True, None:
                known = "authorization" in request.headers
                return _success(
                    201, reserve(self.diary, request.json(), str(UUID(self.desk.id()[:32])), self.now(), known=known)
                )
            case "DELETE", True, str():
                self.diary.reservations.pop(uid, None)  # one that is gone is no error
                return Response(200, {"status": "success"})
        raise CalComRefusalError(404, f"Cannot {request.method} {request.path}")

    def _event_types(self, request: Request, uid: str | None) -> Response:
        if "authorization" not in request.headers:
            raise CalComRefusalError(401, "ApiAuthStrategy - no authentication provided")
        event = self.diary.events.get(int(uid or 0))
        if request.method != "GET" or event is None:
            raise CalComRefusalError(404, f"Event type with id {uid} not found")
        return _success(200, event_type_shown(event))

    def _bookings(self, request: Request, uid: str | None, deed: str | None) -> Response:
        match request.method, uid, deed:
            case "GET", None, _ if "authorization" not in request.headers:
                raise CalComRefusalError(401, "ApiAuthStrategy - no authentication provided")
            case "GET", None, _:
                return Response(200, {"status": "success", **listed(self.diary, request.query, self.now())})
            case "POST", None, _:
                return _success(201, self.desk.book(request.json(), self.now()))
            case "GET", str(), None:
                return _success(200, shown(self.desk.appointment(uid)))
            case "POST", str(), "cancel":
                host = "authorization" in request.headers
                return _success(200, shown(self.desk.cancel(uid, request.json() or {}, self.now(), host=host)))
            case "POST", str(), "confirm" | "decline":
                return _success(
                    200, shown(self.desk.decide(uid, request.json() or {}, self.now(), confirm=deed == "confirm"))
                )
        raise CalComRefusalError(404, f"Cannot {request.method} {request.path}")


def _success(status: int, data: Any) -> Response:
    return Response(status, {"status": "success", "data": data})
