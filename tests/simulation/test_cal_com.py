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
CLEANING = {"id": 1201, "title": "Cleaning", "length": 30, "time_zone": "America/Chicago", "hours": OPEN, "host": HOST}
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
    """A cleaning blocks an emergency that overlaps, whichever type is asked for."""
    book(cal_com)
    answer = book(cal_com, eventTypeId=1300)
    assert refused(answer) == (400, "BadRequestException")
    assert answer[1]["error"]["message"] == "User either already has booking at this time or is not available"
    assert refused(reserve(cal_com))[0] == 422


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
        {"metadata": {"key": "x" * 501}},
        {"metadata": {f"key {n}": "" for n in range(51)}},
        {"eventTypeId": "twelve"},
    ],
)
def test_a_form_with_a_mistake_books_nothing(cal_com: CalCom, changes: dict[str, Any]) -> None:
    """Unknown fields, missing contacts, bad numbers, bad times and long metadata are all refused."""
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
    again = ask(cal_com, "POST", path, {}, headers=BOOKINGS)
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
    ask(cal_com, "POST", f"/v2/bookings/{made[-1]}/cancel", {}, headers=BOOKINGS)
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
