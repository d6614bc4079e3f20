"""The sandbox Cal.com speaks Cal.com's dialect."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from simulation.cal_com.server import CalCom
from tests.simulation.asking import ask

NOW = datetime(2026, 11, 3, 15, 0, tzinfo=UTC)
TUESDAY = "2026-11-10T21:00:00Z"
SLOTS = {"authorization": "Bearer cal_1", "cal-api-version": "2024-09-04"}
BOOKINGS = {"authorization": "Bearer cal_1", "cal-api-version": "2024-08-13"}
HOST = {"name": "Dr. Hana Hale", "email": "hana@brightsmile.example"}
OPEN = {"mon": ["09:00", "17:00"], "tue": ["09:00", "17:00"]}
FORM = {"required": ["attendeePhoneNumber"]}
NEW = {"id": 1201, "title": "Cleaning", "length": 30, "time_zone": "America/Chicago", "hours": OPEN, "host": HOST}
"""As Cal.com makes one."""
CLEANING = {**NEW, **FORM}
MARY = {"name": "Mary Moss", "timeZone": "America/Chicago", "phoneNumber": "+13125550142"}


@pytest.fixture
def cal_com() -> CalCom:
    system = CalCom(lambda: NOW)
    system.seed(
        {"event_types": [CLEANING, {**CLEANING, "id": 1300, "title": "Emergency", "length": 60, "notice": 120}]}
    )
    return system


def book(system: CalCom, start: str = TUESDAY, **changes: Any) -> tuple[int, Any]:
    body = {"start": start, "eventTypeId": 1201, "attendee": MARY, **changes}
    return ask(system, "POST", "/v2/bookings", body, headers=BOOKINGS)


def reserve(system: CalCom, start: str = TUESDAY, headers: dict[str, str] = SLOTS, **more: Any) -> tuple[int, Any]:
    body = {"eventTypeId": 1201, "slotStart": start, **more}
    return ask(system, "POST", "/v2/slots/reservations", body, headers=headers)


def refused(answer: tuple[int, Any]) -> tuple[int, str]:
    status, body = answer
    assert body["status"] == "error"
    assert body["error"]["message"] == body["error"]["details"]["message"]
    assert body["error"]["details"]["statusCode"] == status
    return status, body["error"]["code"]


def test_without_its_version_an_endpoint_is_not_there(cal_com: CalCom) -> None:
    """Each group of endpoints has a version of its own, and no other will do."""
    query = {"eventTypeId": "1201", "start": "2026-11-10", "end": "2026-11-10"}
    for version in ({}, {"cal-api-version": BOOKINGS["cal-api-version"]}):
        answer = ask(cal_com, "GET", "/v2/slots", query=query, headers=version)
        assert refused(answer) == (404, "NotFoundException")


def test_a_wrong_key_is_refused_and_lists_need_one(cal_com: CalCom) -> None:
    """Openings are public, what somebody booked is not."""
    wrong = {**BOOKINGS, "authorization": "Bearer sk_1"}
    nobody = {"cal-api-version": "2024-08-13"}
    for headers in (wrong, nobody):
        assert refused(ask(cal_com, "GET", "/v2/bookings", headers=headers)) == (401, "UnauthorizedException")
    query = {"eventTypeId": "1201", "start": "2026-11-10", "end": "2026-11-10"}
    assert ask(cal_com, "GET", "/v2/slots", query=query, headers={"cal-api-version": "2024-09-04"})[0] == 200


def test_openings_come_by_day_in_the_asked_form_and_zone(cal_com: CalCom) -> None:
    """A day without hours is a whole day; `range` adds the end; the zone shifts both days and times."""
    query = {"eventTypeId": "1201", "start": "2026-11-10", "end": "2026-11-10"}
    _, plain = ask(cal_com, "GET", "/v2/slots", query=query, headers=SLOTS)
    assert plain["data"]["2026-11-10"][0] == {"start": "2026-11-10T15:00:00.000Z"}
    local = {**query, "format": "range", "timeZone": "America/Chicago"}
    _, shifted = ask(cal_com, "GET", "/v2/slots", query=local, headers=SLOTS)
    first = {"start": "2026-11-10T09:00:00.000-06:00", "end": "2026-11-10T09:30:00.000-06:00"}
    assert shifted["data"]["2026-11-10"][0] == first
    assert list(shifted["data"]) == ["2026-11-10"]


def test_no_opening_lies_in_the_past_or_too_near(cal_com: CalCom) -> None:
    """It is nine in the morning: the next cleaning begins now, the next emergency needs two hours' notice."""
    firsts = []
    for event in ("1201", "1300"):
        query = {"eventTypeId": event, "start": "2026-11-03", "end": "2026-11-03"}
        _, answer = ask(cal_com, "GET", "/v2/slots", query=query, headers=SLOTS)
        firsts.append(answer["data"]["2026-11-03"][0]["start"])
    assert firsts == ["2026-11-03T15:00:00.000Z", "2026-11-03T17:00:00.000Z"]
    soon = book(cal_com, "2026-11-03T16:00:00Z", eventTypeId=1300)
    assert refused(soon) == (400, "BadRequestException")


def test_a_reservation_keeps_others_out_until_it_lapses(cal_com: CalCom) -> None:
    """Five minutes unless a known caller says otherwise; overlapping starts are kept out too."""
    status, made = reserve(cal_com)
    assert status == 201
    assert made["data"]["reservationDuration"] == 5
    assert made["data"]["reservationUntil"] == "2026-11-03T15:05:00.000Z"
    assert refused(reserve(cal_com)) == (422, "UnprocessableEntityException")
    assert refused(reserve(cal_com, "2026-11-10T21:15:00Z"))[0] == 422
    cal_com.now = lambda: NOW + timedelta(minutes=5)
    assert reserve(cal_com)[0] == 201


def test_only_known_callers_choose_how_long_to_hold(cal_com: CalCom) -> None:
    """Anybody may hold a slot, but for five minutes only."""
    nobody = {"cal-api-version": "2024-09-04"}
    assert refused(reserve(cal_com, headers=nobody, reservationDuration=15))[0] == 401
    assert reserve(cal_com, headers=nobody)[0] == 201


def test_a_reservation_blocks_no_booking(cal_com: CalCom) -> None:
    """As in the real one, a booking looks at bookings only."""
    reserve(cal_com)
    assert book(cal_com)[0] == 201


def test_a_host_is_in_one_place_at_a_time(cal_com: CalCom) -> None:
    """SB-3: a cleaning blocks an emergency that overlaps; a reservation looks at its own event type only."""
    book(cal_com)
    assert refused(reserve(cal_com))[0] == 422
    assert reserve(cal_com, eventTypeId=1300)[0] == 201
    answer = book(cal_com, eventTypeId=1300)
    assert refused(answer) == (400, "BadRequestException")
    assert answer[1]["error"]["message"] == "User either already has booking at this time or is not available"


@pytest.mark.parametrize(
    "changes",
    [
        {"hold": "nonsense"},
        {"attendee": {**MARY, "shoe_size": 9}},
        {"attendee": {"name": "Mary", "timeZone": "America/Chicago"}},
        {"attendee": {**MARY, "phoneNumber": "555-0142"}},
        {"attendee": {**MARY, "email": "nonsense"}},
        {"attendee": {**MARY, "timeZone": "Mars/Olympus"}},
        {"attendee": None},
        {"start": "next Tuesday"},
        {"start": "2026-11-02T21:00:00Z"},
        {"start": "2026-11-11T21:00:00Z"},
        {"reservedSlotUid": "a-reservation"},
        {"attendee": {**MARY, "language": "xx"}},
        {"metadata": {"key": {"within": "it"}}},
        {"metadata": {"key": "x" * 501}},
        {"metadata": {f"key {n}": "" for n in range(51)}},
        {"eventTypeId": "twelve"},
    ],
)
def test_a_form_with_a_mistake_books_nothing(cal_com: CalCom, changes: dict[str, Any]) -> None:
    """SB-3, CAL-5: unknown fields (a reservation's among them), missing contacts, bad numbers, languages and times, and
    metadata that is long or no text are all refused.
    """
    assert refused(book(cal_com, **changes)) == (400, "BadRequestException")
    assert cal_com.snapshot()["bookings"] == []


def test_an_attendee_without_mail_is_given_an_address(cal_com: CalCom) -> None:
    """Cal.com keeps an address made of the number where none was given."""
    _, made = book(cal_com)
    assert made["data"]["attendees"][0]["email"] == "13125550142@sms.cal.com"


def test_a_cancelled_booking_is_refused_a_second_time_and_frees_its_slot(cal_com: CalCom) -> None:
    """Cancelling twice is a mistake to Cal.com; the slot is open after the first."""
    _, made = book(cal_com)
    path = f"/v2/bookings/{made['data']['uid']}/cancel"
    assert ask(cal_com, "POST", path, {"cancellationReason": "ill"}, headers=BOOKINGS)[0] == 200
    again = ask(cal_com, "POST", path, {"cancellationReason": "ill"}, headers=BOOKINGS)
    assert refused(again) == (400, "BadRequestException")
    assert "has been cancelled already" in again[1]["error"]["message"]
    assert book(cal_com)[0] == 201


@pytest.mark.parametrize(
    ("query", "starts"),
    [
        ({"status": "upcoming"}, ["15", "16", "17"]),
        ({"status": "past"}, []),
        ({"status": "cancelled,past"}, ["18"]),
        ({"sortStart": "desc", "take": "2"}, ["18", "17"]),
        ({"sortStart": "asc", "take": "2", "skip": "3"}, ["18"]),
        ({"eventTypeId": "1300"}, []),
        ({"attendeeName": "Nobody"}, []),
        ({"afterStart": "2026-11-10T16:30:00Z"}, ["17", "18"]),
        ({"beforeEnd": "2026-11-10T16:30:00Z"}, ["15", "16"]),
    ],
)
def test_bookings_are_filtered_sorted_and_paged(cal_com: CalCom, query: dict[str, str], starts: list[str]) -> None:
    """The filters of the real list, as far as they are served."""
    made = [book(cal_com, f"2026-11-10T{hour}:00:00Z")[1]["data"]["uid"] for hour in (15, 16, 17, 18)]
    ask(cal_com, "POST", f"/v2/bookings/{made[-1]}/cancel", {"cancellationReason": "ill"}, headers=BOOKINGS)
    _, answer = ask(cal_com, "GET", "/v2/bookings", query=query, headers=BOOKINGS)
    assert [found["start"][11:13] for found in answer["data"]] == starts
    assert answer["pagination"]["returnedItems"] == len(starts)


@pytest.mark.parametrize("query", [{"take": "251"}, {"status": "lost"}, {"phone": "+1"}])
def test_a_list_is_refused_what_it_cannot_do(cal_com: CalCom, query: dict[str, str]) -> None:
    """Pages are bounded, statuses are five, and there is no filter by number."""
    book(cal_com)
    assert refused(ask(cal_com, "GET", "/v2/bookings", query=query, headers=BOOKINGS))[0] == 400


def test_the_snapshot_is_in_the_practices_own_time(cal_com: CalCom) -> None:
    """A person compares before and after by it; lapsed reservations are gone."""
    cal_com.seed(
        {"bookings": [{"event_type": 1201, "start": TUESDAY, "name": "M", "phone": "+13125550142", "uid": "b1"}]}
    )
    reserve(cal_com, "2026-11-10T22:00:00Z")
    taken = {
        "id": "b1",
        "title": "Cleaning",
        "start": "2026-11-10T15:00:00-06:00",
        "attendee": "M",
        "phone": "+13125550142",
        "staff": "Dr. Hana Hale",
        "status": "accepted",
        "payment": "",
    }
    snapshot = cal_com.snapshot()
    assert snapshot["bookings"] == [taken]
    assert [held["start"] for held in snapshot["reservations"]] == ["2026-11-10T16:00:00-06:00"]
    cal_com.now = lambda: NOW + timedelta(minutes=6)
    assert cal_com.snapshot()["reservations"] == []


@pytest.mark.parametrize("method", ["PUT", "GET", "DELETE"])
def test_what_is_not_served_is_not_there(cal_com: CalCom, method: str) -> None:
    """A path of the real API that the sandbox lacks fails loudly."""
    assert refused(ask(cal_com, method, "/v2/bookings/b1/reassign", headers=BOOKINGS))[0] == 404


@pytest.mark.parametrize(
    ("required", "attendee", "said"),
    [
        (["email"], MARY, "{email}error_required_field"),
        (["email"], {**MARY, "email": "mary@moss.example"}, None),
        (["attendeePhoneNumber"], {**MARY, "phoneNumber": "", "email": "m@m.example"}, "{attendeePhoneNumber}"),
        (["smsReminderNumber"], {**MARY, "phoneNumber": "", "email": "m@m.example"}, "Missing attendee phone number"),
        (["insurance"], MARY, "Missing required booking field response: insurance"),
        ([], MARY, None),
    ],
)
def test_an_event_types_form_has_to_be_answered(
    required: list[str], attendee: dict[str, str], said: str | None
) -> None:
    """SB-3: what an event type requires is refused where it is missing; a new one requires a mail address."""
    system = CalCom(lambda: NOW)
    system.seed({"event_types": [{**NEW, **({} if required == ["email"] else {"required": required})}]})
    status, answer = book(system, attendee=attendee)
    assert status == (201 if said is None else 400)
    assert said is None or said in answer["error"]["message"]


def test_the_host_cancels_with_a_reason_only(cal_com: CalCom) -> None:
    """CAL-1: the key is the host's, and Cal.com refuses a host without one, or with a blank one."""
    _, made = book(cal_com)
    path = f"/v2/bookings/{made['data']['uid']}/cancel"
    for form in ({}, {"cancellationReason": " "}):
        answer = ask(cal_com, "POST", path, form, headers=BOOKINGS)
        assert refused(answer) == (400, "BadRequestException")
        assert "Cancellation reason is required" in answer[1]["error"]["message"]
    assert ask(cal_com, "POST", path, {}, headers={"cal-api-version": "2024-08-13"})[0] == 200


def test_what_is_over_or_cannot_be_cancelled_is_refused(cal_com: CalCom) -> None:
    """CAL-6: each has words of its own."""
    cal_com.seed({"event_types": [{**CLEANING, "id": 7, "cancellable": False}]})
    _, kept = book(cal_com, eventTypeId=7)
    _, past = book(cal_com, "2026-11-10T16:00:00Z")
    cal_com.now = lambda: NOW + timedelta(days=7, hours=2)
    for made, words in ((kept, "does not allow cancellations"), (past, "already ended")):
        path = f"/v2/bookings/{made['data']['uid']}/cancel"
        answer = ask(cal_com, "POST", path, {"cancellationReason": "ill"}, headers=BOOKINGS)
        assert words in answer[1]["error"]["message"]


@pytest.mark.parametrize(("deed", "status"), [("confirm", "accepted"), ("decline", "rejected")])
def test_a_booking_may_wait_for_its_host(cal_com: CalCom, deed: str, status: str) -> None:
    """CAL-2: such an event type answers `pending`; the host has the last word, once."""
    cal_com.seed({"event_types": [{**CLEANING, "confirmed": True}]})
    _, made = book(cal_com)
    assert made["data"]["status"] == "pending"
    path = f"/v2/bookings/{made['data']['uid']}/{deed}"
    assert ask(cal_com, "POST", path, {}, headers=BOOKINGS)[1]["data"]["status"] == status
    assert refused(ask(cal_com, "POST", path, {}, headers=BOOKINGS))[0] == 400


def test_a_host_who_cancels_ends_everybodys_seat(cal_com: CalCom) -> None:
    """CAL-4: who shares a time stands beside the others, and only a named seat is given up alone."""
    cal_com.seed({"event_types": [{**CLEANING, "seats": 2}]})
    _, first = book(cal_com, metadata={"mine": "1"})
    _, second = book(cal_com, attendee={**MARY, "name": "Omar"})
    assert first["data"]["uid"] == second["data"]["uid"]
    assert [it["metadata"] for it in second["data"]["attendees"]] == [{"mine": "1"}, {}]
    assert "metadata" not in second["data"]
    assert refused(book(cal_com))[0] == 400
    path = f"/v2/bookings/{first['data']['uid']}/cancel"
    one = {"cancellationReason": "ill", "seatUid": second["data"]["seatUid"]}
    assert ask(cal_com, "POST", path, one, headers=BOOKINGS)[1]["data"]["status"] == "accepted"
    assert (
        ask(cal_com, "POST", path, {"cancellationReason": "ill"}, headers=BOOKINGS)[1]["data"]["status"] == "cancelled"
    )


def test_what_repeats_is_booked_as_a_list(cal_com: CalCom) -> None:
    """CAL-4: every occurrence is a booking of its own, a week apart."""
    cal_com.seed({"event_types": [{**CLEANING, "repeats": 3}]})
    _, made = book(cal_com)
    assert [it["start"][8:10] for it in made["data"]] == ["10", "17", "24"]
    assert len({it["recurringBookingUid"] for it in made["data"]}) == 1


def test_the_later_version_of_bookings_is_served_too(cal_com: CalCom) -> None:
    """SB-3: 2026-02-25 is the documented version, and takes what the one before it takes."""
    later = {**BOOKINGS, "cal-api-version": "2026-02-25"}
    body = {"start": TUESDAY, "eventTypeId": 1201, "attendee": MARY}
    assert ask(cal_com, "POST", "/v2/bookings", body, headers=later)[0] == 201


def test_an_event_type_shows_how_it_is_set_up(cal_com: CalCom) -> None:
    """CAL-3: a new one requires a mail address; who is not known is shown nothing."""
    cal_com.seed({"event_types": [NEW]})
    known = {"authorization": "Bearer cal_1", "cal-api-version": "2024-06-14"}
    _, answer = ask(cal_com, "GET", "/v2/event-types/1201", headers=known)
    required = {it["slug"] for it in answer["data"]["bookingFields"] if it["required"] and not it.get("hidden")}
    assert required == {"name", "email"}
    assert refused(ask(cal_com, "GET", "/v2/event-types/9", headers=known))[0] == 404
    nobody = {"cal-api-version": "2024-06-14"}
    assert refused(ask(cal_com, "GET", "/v2/event-types/1201", headers=nobody))[0] == 401
