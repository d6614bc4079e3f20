"""Cal.com's openings and reservations as the sandbox gives them out.

Source: https://cal.com/docs/api-reference/v2/slots.
"""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from simulation.cal_com.diary import Diary, EventType, Reservation
from simulation.cal_com.forms import RESERVATION_FIELDS, CalComRefusalError, iso, known_fields, moment, whole

RESERVED_MINUTES = 5


def openings(diary: Diary, query: Mapping[str, str], now: datetime) -> dict[str, list[dict[str, str]]]:
    """Every free slot between `start` and `end`, by day, in UTC or `timeZone`. Raises CalComRefusalError."""
    event = named_event(diary, query)
    end = moment(query, "end")
    if len(query["end"]) == len("2050-09-05"):
        end += timedelta(days=1, seconds=-1)
    zone = ZoneInfo(query["timeZone"]) if "timeZone" in query else UTC
    days: dict[str, list[dict[str, str]]] = {}
    for start in diary.openings(event, moment(query, "start"), end, now):
        local = start.astimezone(zone)
        slot = {"start": _local(local)}
        if query.get("format") == "range":
            slot["end"] = _local((start + event.length).astimezone(zone))
        days.setdefault(local.date().isoformat(), []).append(slot)
    return days


def reserve(diary: Diary, body: Any, uid: str, now: datetime, *, known: bool) -> dict[str, Any]:
    """Hold a slot under `uid`; only a `known` caller may say for how long. Raises CalComRefusalError."""
    form = known_fields(body, RESERVATION_FIELDS)
    if "reservationDuration" in form and not known:
        raise CalComRefusalError(401, "reservationDuration can only be used for authenticated requests")
    event, start = named_event(diary, form), moment(form, "slotStart")
    if diary.booked_alike(event, start):
        if event.seats:
            words = f"Booking with id={event.id} at {form['slotStart']} has no more seats left."
            raise CalComRefusalError(422, words)
        raise CalComRefusalError(422, "Can't reserve a slot if the event is already booked.")
    if diary.reserved(event, start, now):
        words = "This time slot is already reserved by another user. Please choose a different time."
        raise CalComRefusalError(422, words)
    minutes = whole(form, "reservationDuration", RESERVED_MINUTES)
    held = diary.reservations[uid] = Reservation(uid, event, start, now + timedelta(minutes=minutes))
    return {
        "eventTypeId": event.id,
        "slotStart": iso(start),
        "slotEnd": iso(start + event.length),
        "slotDuration": int(event.length.total_seconds() // 60),
        "reservationUid": uid,
        "reservationDuration": minutes,
        "reservationUntil": iso(held.until),
    }


def named_event(diary: Diary, form: Mapping[str, Any]) -> EventType:
    """The event type that a form names. Raises CalComRefusalError."""
    event = diary.events.get(whole(form, "eventTypeId"))
    if event is None:
        raise CalComRefusalError(404, f"Event Type with ID={form['eventTypeId']} not found")
    return event


def _local(at: datetime) -> str:
    return at.isoformat(timespec="milliseconds").replace("+00:00", "Z")
