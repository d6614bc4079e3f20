"""Cal.com's bookings as the sandbox shows and lists them.

Source: https://cal.com/docs/api-reference/v2/bookings/get-all-bookings.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from simulation.cal_com.diary import Appointment, Diary
from simulation.cal_com.forms import CalComRefusalError, iso, moment, whole

MOST = 250
DEFAULT = 100

STATUSES: Mapping[str, Callable[[Appointment, datetime], bool]] = {
    # What waits for its host is to come, too.
    "upcoming": lambda made, now: made.status in {"accepted", "pending"} and made.end >= now,
    "past": lambda made, now: made.status == "accepted" and made.end < now,
    "cancelled": lambda made, _: made.status == "cancelled",
    "unconfirmed": lambda made, _: made.status == "pending",
    "recurring": lambda *_: False,
}
WINDOWS: Mapping[str, Callable[[Appointment, datetime], bool]] = {
    "afterStart": lambda made, at: made.start >= at,
    "beforeEnd": lambda made, at: made.end <= at,
    "afterCreatedAt": lambda made, at: made.made >= at,
    "beforeCreatedAt": lambda made, at: made.made <= at,
}
SORTS: Mapping[str, Callable[[Appointment], datetime]] = {
    "sortStart": lambda made: made.start,
    "sortEnd": lambda made: made.end,
    "sortCreated": lambda made: made.made,
}
OTHER_FILTERS = {"status", "attendeeEmail", "attendeeName", "bookingUid", "eventTypeId", "eventTypeIds", "take", "skip"}


def listed(diary: Diary, query: Mapping[str, list[str]], now: datetime) -> dict[str, Any]:
    """One page of the bookings that fit, with `pagination`. Raises CalComRefusalError."""
    wanted = {name: values[0] for name, values in query.items()}
    unknown = sorted(set(wanted) - OTHER_FILTERS - set(WINDOWS) - set(SORTS))
    if unknown:
        raise CalComRefusalError(400, f"property {unknown[0]} should not exist")
    take, skip = whole(wanted, "take", DEFAULT), whole(wanted, "skip", 0)
    if not 1 <= take <= MOST:
        raise CalComRefusalError(400, f"take must not be greater than {MOST}")
    found = [made for made in diary.appointments if _fits(made, wanted, now)]
    for name, key in SORTS.items():
        if name in wanted:
            found.sort(key=key, reverse=wanted[name] == "desc")
    cut = found[skip : skip + take]
    pagination = {
        "totalItems": len(found),
        "remainingItems": max(0, len(found) - skip - len(cut)),
        "returnedItems": len(cut),
        "itemsPerPage": take,
        "currentPage": skip // take + 1,
        "totalPages": -(-len(found) // take),
        "hasNextPage": skip + len(cut) < len(found),
        "hasPreviousPage": skip > 0,
    }
    return {"data": [shown(made) for made in cut], "pagination": pagination}


def shown(made: Appointment) -> dict[str, Any]:
    """A booking as Cal.com answers with it. Where seats are shared, what somebody filled in stands beside them.

    Source: calcom/cal.com, bookings/2024-08-13/services/output.service.ts (`getOutputSeatedBooking`).
    """
    form, host = made.form, made.event.host
    if made.event.seats:
        own: dict[str, Any] = {
            "attendees": [
                {**_attendee(it), "seatUid": seat, "bookingFieldsResponses": _answers(it), "metadata": _metadata(it)}
                for seat, it in made.forms.items()
            ]
        }
    else:
        own = {
            "attendees": [_attendee(form)],
            "bookingFieldsResponses": _answers(form),
            "metadata": _metadata(form),
        }
    return {
        "id": made.number,
        "uid": made.uid,
        "title": f"{made.event.title} between {host['name']} and {form['attendee']['name']}",
        "hosts": [{"id": 1, **host, "username": host["email"].partition("@")[0], "timeZone": made.event.time_zone.key}],
        "status": made.status,
        "start": iso(made.start),
        "end": iso(made.end),
        "duration": int(made.event.length.total_seconds() // 60),
        "eventTypeId": made.event.id,
        "eventType": {"id": made.event.id, "slug": made.event.slug},
        "absentHost": False,
        "createdAt": iso(made.made),
        "updatedAt": iso(made.changed or made.made),
        **own,
        **({"recurringBookingUid": made.series} if made.series else {}),
        **({"cancellationReason": made.reason} if made.reason else {}),
    }


def _attendee(form: Mapping[str, Any]) -> dict[str, Any]:
    """Who comes. Who gave no mail address is given one made of the number."""
    given = form["attendee"]
    return {
        "name": given["name"],
        "email": _email(form),
        "timeZone": given["timeZone"],
        "language": given.get("language", "en"),
        "absent": False,
        **({"phoneNumber": given["phoneNumber"]} if given.get("phoneNumber") else {}),
    }


def _answers(form: Mapping[str, Any]) -> dict[str, Any]:
    given = form["attendee"]
    return {"name": given["name"], "email": _email(form), "attendeePhoneNumber": given.get("phoneNumber")}


def _metadata(form: Mapping[str, Any]) -> dict[str, Any]:
    """Cal.com keeps texts."""
    return {name: str(value) for name, value in form.get("metadata", {}).items()}


def _email(form: Mapping[str, Any]) -> str:
    given = form["attendee"]
    return str(given.get("email") or f"{given['phoneNumber'].lstrip('+')}@sms.cal.com")


def _fits(made: Appointment, wanted: Mapping[str, str], now: datetime) -> bool:
    """Tell whether a booking passes every filter."""
    statuses = wanted["status"].split(",") if "status" in wanted else []
    if not set(statuses) <= set(STATUSES):
        raise CalComRefusalError(400, "Invalid status. Allowed are upcoming, recurring, past, cancelled, unconfirmed")
    attendee = made.form["attendee"]
    types = wanted.get("eventTypeIds") or wanted.get("eventTypeId") or str(made.event.id)
    return (
        (not statuses or any(STATUSES[status](made, now) for status in statuses))
        and str(made.event.id) in types.split(",")
        and wanted.get("attendeeEmail", attendee.get("email")) == attendee.get("email")
        and wanted.get("attendeeName", attendee["name"]) == attendee["name"]
        and wanted.get("bookingUid", made.uid) == made.uid
        and all(test(made, moment(wanted, name)) for name, test in WINDOWS.items() if name in wanted)
    )
