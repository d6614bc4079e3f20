"""The Cal.com adapter against the sandbox account."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from followthrough.contracts.adapter import Adapter
from followthrough.contracts.calendar import (
    Booking,
    CancelBooking,
    FindBooking,
    FindOpenings,
    Hold,
    HoldSlot,
    NewBooking,
    ReleaseHold,
    Slot,
)
from followthrough.contracts.manifest import Lapses
from followthrough.errors import (
    Declined,
    Differs,
    NotFound,
    OutcomeUnknown,
    Refused,
    SystemFailure,
    Taken,
    Throttled,
    Unreachable,
)
from followthrough.integration.cal_com.adapter import CalCom
from followthrough.integration.cal_com.failures import REFUSALS, Refusal, accepted, throttled
from followthrough.integration.cal_com.records import Booked
from followthrough.integration.cal_com.settings import LONGEST_HOLD, CalComSecret, CalComSettings
from simulation.cal_com.server import CalCom as Sandbox
from simulation.exchange import Request
from tests.integration.contract import CALL, NOW, SOMEBODY_ELSES, AdapterContract, Trial, result
from tests.integration.served import Served, replied

TUESDAY = datetime(2026, 11, 10, 21, 0, tzinfo=UTC)
"""Three in the afternoon in Chicago."""

SLOT = Slot(start=TUESDAY, end=TUESDAY + timedelta(minutes=30), weekend=False)
CLEANING: dict[str, Any] = {
    "id": 1201,
    "title": "Cleaning",
    "length": 30,
    "time_zone": "America/Chicago",
    "hours": {day: ["09:00", "17:00"] for day in ("mon", "tue", "wed", "thu", "fri", "sat")},
    "host": {"name": "Dr. Hana Hale", "email": "hana@brightsmile.example"},
    "required": ["attendeePhoneNumber"],
}


def sandbox() -> Sandbox:
    system = Sandbox(lambda: NOW)
    system.seed({"event_types": [CLEANING]})
    return system


def build(secret: str, endpoint: str) -> CalCom:
    return CalCom(CalComSettings(event_type=1201), CalComSecret.model_validate({"api_key": secret}), endpoint)


def booking(**changes: Any) -> NewBooking:
    known = {"start": TUESDAY, "name": "Mary Moss", "phone": "+13125550142", "payment": "pi_1"}
    return NewBooking(**{**known, **changes})


def as_hold(adapter: Adapter, slot: Slot = SLOT) -> Hold:
    found = result(adapter.run("hold", HoldSlot(slot=slot), CALL))
    assert isinstance(found, Hold)
    return found


def booked(adapter: Adapter, **changes: Any) -> Booking:
    found = result(adapter.run("book", booking(**changes), CALL))
    assert isinstance(found, Booking)
    return found


def free(adapter: Adapter) -> Slot:
    """The first slot that is open: a test may prepare an operation more than once."""
    openings = adapter.run("find_openings", FindOpenings(around=TUESDAY), CALL).result
    assert isinstance(openings, list)
    assert isinstance(openings[0], Slot)
    return openings[0]


def to_find(adapter: Adapter) -> FindBooking:
    booked(adapter, start=free(adapter).start)
    return FindBooking(phone="+13125550142")


class TestCalComContract(AdapterContract):
    """What every adapter promises."""

    trial = Trial(
        kind=CalCom,
        build=build,
        system=sandbox,
        secret="cal_live_secret",
        prepare={
            "find_openings": lambda _: FindOpenings(around=TUESDAY),
            "find_booking": to_find,
            "hold": lambda adapter: HoldSlot(slot=free(adapter)),
            "release": lambda adapter: ReleaseHold(id=as_hold(adapter, free(adapter)).id),
            "book": lambda adapter: booking(start=free(adapter).start),
            "cancel": lambda adapter: CancelBooking(id=booked(adapter, start=free(adapter).start).id),
        },
    )

    def test_openings_begin_with_the_tenants_own_day(self, adapter: Adapter) -> None:
        """Late in the evening in Chicago it is already tomorrow in UTC; the asked day is Chicago's."""
        late = datetime(2026, 11, 11, 3, 0, tzinfo=UTC)
        openings = adapter.run("find_openings", FindOpenings(around=late, days=1), CALL).result
        assert isinstance(openings, list)
        assert len(openings) == 16
        assert openings[0].start == datetime(2026, 11, 10, 15, 0, tzinfo=UTC)
        assert openings[-1].end == datetime(2026, 11, 10, 23, 0, tzinfo=UTC)

    def test_a_day_is_a_day_when_the_clocks_change(self, adapter: Adapter) -> None:
        """The Sunday on which summer time begins has 23 hours; the Monday after it is not cut."""
        saturday = datetime(2027, 3, 13, 18, 0, tzinfo=UTC)
        openings = adapter.run("find_openings", FindOpenings(around=saturday, days=3), CALL).result
        assert isinstance(openings, list)
        assert [opening.start.day for opening in openings].count(15) == 16
        assert openings[-1].end == datetime(2027, 3, 15, 22, 0, tzinfo=UTC)

    def test_the_weekend_is_the_tenants(self, adapter: Adapter) -> None:
        """A Saturday slot is a weekend slot; Sunday has none."""
        openings = adapter.run("find_openings", FindOpenings(around=TUESDAY), CALL).result
        assert isinstance(openings, list)
        assert {opening.start.day for opening in openings if opening.weekend} == {14}

    def test_what_is_held_or_booked_is_no_opening(self, adapter: Adapter) -> None:
        """Nobody is offered a slot that somebody else is about to take."""
        day = FindOpenings(around=TUESDAY, days=1)
        as_hold(adapter)
        booked(adapter, start=TUESDAY - timedelta(hours=1))
        openings = adapter.run("find_openings", day, CALL).result
        assert isinstance(openings, list)
        assert len(openings) == 14
        assert TUESDAY not in [opening.start for opening in openings]

    def test_of_two_who_want_one_slot_the_second_is_told_that_it_is_taken(self, adapter: Adapter) -> None:
        """Two holds of the same slot, or of an overlapping one, exclude each other."""
        as_hold(adapter)
        with pytest.raises(Taken, match="cal_com: slot_reserved"):
            adapter.run("hold", HoldSlot(slot=SLOT), SOMEBODY_ELSES)

    def test_a_booked_slot_can_be_neither_held_nor_booked(self, adapter: Adapter) -> None:
        """Cal.com words both differently; both are Taken."""
        booked(adapter)
        for operation, request in (("hold", HoldSlot(slot=SLOT)), ("book", booking())):
            with pytest.raises(Taken, match="cal_com: slot_booked"):
                adapter.run(operation, request, SOMEBODY_ELSES)

    def test_ones_own_hold_does_not_block_ones_booking(self, adapter: Adapter, server: Served) -> None:
        """CAL-5: a hold is not linked to the booking that follows it: the form would refuse it, and it lapses alone."""
        hold = as_hold(adapter)
        booked(adapter, hold=hold.id)
        sent = server.requests[-1].json()
        assert set(sent) == {"eventTypeId", "start", "attendee", "metadata"}

    def test_a_hold_says_until_when(self, adapter: Adapter) -> None:
        """The customer may be told how long they have."""
        assert as_hold(adapter).until == NOW + timedelta(minutes=15)

    def test_a_hold_lapses_as_declared(self, adapter: Adapter, server: Served) -> None:
        """After the declared time the slot is free for whoever asks."""
        as_hold(adapter)
        declared = CalCom.operations["hold"].settle
        assert isinstance(declared, Lapses)
        assert isinstance(server.system, Sandbox)
        server.system.now = lambda: NOW + declared.after + timedelta(seconds=1)
        assert as_hold(adapter).start == TUESDAY

    def test_no_hold_is_longer_than_its_declared_lapse(self) -> None:
        """An unknown hold counts as gone after the declared time, so none may last longer."""
        with pytest.raises(ValueError, match="less than or equal"):
            CalComSettings(event_type=1, hold_minutes=int(LONGEST_HOLD.total_seconds() // 60) + 1)

    def test_a_released_slot_is_open_again(self, adapter: Adapter) -> None:
        """Releasing gives the slot back at once; releasing what is gone is done as well."""
        hold = as_hold(adapter)
        adapter.run("release", ReleaseHold(id=hold.id), CALL)
        adapter.run("release", ReleaseHold(id="11111111-2222-3333-4444-555555555555"), CALL)
        assert as_hold(adapter).id != hold.id

    def test_a_booking_names_who_attends_and_what_was_paid(self, adapter: Adapter) -> None:
        """Words are made from this: the time, the staff and the payment."""
        made = booked(adapter)
        assert made == Booking(
            id=made.id,
            start=TUESDAY,
            end=TUESDAY + timedelta(minutes=30),
            status="accepted",
            staff="Dr. Hana Hale",
            staff_email="hana@brightsmile.example",
            payment="pi_1",
        )

    @pytest.mark.parametrize(("language", "sent"), [("es", "es"), ("es-MX", "es"), ("pt-BR", "pt-BR"), ("tlh", None)])
    def test_the_attendees_language_is_one_that_cal_com_has(
        self, language: str, sent: str | None, adapter: Adapter, server: Served
    ) -> None:
        """An unknown language would be refused; then Cal.com's default is better than no booking."""
        adapter.run("book", booking(email="mary@moss.example"), replace(CALL, language=language))
        attendee = server.requests[-1].json()["attendee"]
        assert attendee.get("language") == sent
        assert attendee["email"] == "mary@moss.example"

    def test_the_next_booking_of_a_person_is_found_by_phone(self, adapter: Adapter) -> None:
        """The next one to come counts, neither past nor cancelled ones nor somebody else's."""
        later = booked(adapter, start=TUESDAY + timedelta(hours=1))
        cancelled = booked(adapter, start=TUESDAY - timedelta(hours=2))
        adapter.run("cancel", CancelBooking(id=cancelled.id), CALL)
        booked(adapter, start=TUESDAY - timedelta(hours=1), phone="+13125550199")
        found = result(adapter.run("find_booking", FindBooking(phone="+13125550142"), CALL))
        assert found == later

    def test_a_person_without_a_booking_has_none(self, adapter: Adapter) -> None:
        """Nothing is an answer, not an error."""
        booked(adapter, phone="+13125550199")
        assert adapter.run("find_booking", FindBooking(phone="+13125550142"), CALL).result is None

    def test_bookings_are_looked_through_page_by_page(self, adapter: Adapter, server: Served) -> None:
        """The one booking of this person comes after two hundred others."""
        days = (NOW + timedelta(days=number) for number in range(1, 400))
        open_days = [day for day in days if day.weekday() < 6][:210]
        others = [
            {"event_type": 1201, "start": day.isoformat(), "name": "A. Nother", "phone": "+13125550199"}
            for day in open_days
        ]
        mine = {
            "event_type": 1201,
            "start": "2028-01-04T16:00:00Z",
            "name": "M",
            "phone": "+13125550142",
            "uid": "mine",
        }
        server.system.seed({"bookings": [*others, mine]})
        found = result(adapter.run("find_booking", FindBooking(phone="+13125550142"), CALL))
        assert isinstance(found, Booking)
        assert found.id == "mine"
        assert len(server.requests) == 3

    def test_a_booking_that_was_cancelled_since_does_not_stand(self, adapter: Adapter) -> None:
        """It is found, and nobody is told that it is booked."""
        made = booked(adapter)
        adapter.run("cancel", CancelBooking(id=made.id), CALL)
        with pytest.raises(Declined, match="cancelled"):
            adapter.read_back("book", booking(), CALL)

    def test_a_cancellation_gives_a_reason_that_names_nobody(self, adapter: Adapter, server: Served) -> None:
        """CAL-1: the key is the host's, whom Cal.com refuses without a reason; the reason is always the same words."""
        said = set()
        for name in ("Mary Moss", "Omar Haddad"):
            made = booked(adapter, start=free(adapter).start, name=name)
            done = adapter.run("cancel", CancelBooking(id=made.id), CALL)
            assert done.evidence is not None
            assert done.evidence.status == "cancelled"
            said.add(server.requests[-1].body)
        (body,) = said
        assert b"cancellationReason" in body
        assert not any(word in body for word in (b"Mary", b"Omar", b"1312"))

    @pytest.mark.parametrize("confirmed", [True, False])
    def test_what_waits_for_its_host_is_not_booked(self, adapter: Adapter, server: Served, *, confirmed: bool) -> None:
        """CAL-2: a pending booking is unknown until the host has spoken, and is then what the host says."""
        server.system.seed({"event_types": [{**CLEANING, "confirmed": True}]})
        with pytest.raises(OutcomeUnknown, match="waits_for_the_host"):
            adapter.run("book", booking(), CALL)
        with pytest.raises(OutcomeUnknown, match="waits_for_the_host"):
            adapter.read_back("book", booking(), CALL)
        (made,) = server.system.snapshot()["bookings"]
        host = {"authorization": "Bearer cal_host", "cal-api-version": "2024-08-13"}
        deed = "confirm" if confirmed else "decline"
        server.system.handle(Request("POST", f"/v2/bookings/{made['id']}/{deed}", {}, host))
        if confirmed:
            found = result(adapter.read_back("book", booking(), CALL))
            assert isinstance(found, Booking)
            assert (found.id, found.status) == (made["id"], "accepted")
        else:
            with pytest.raises(Declined, match="rejected"):
                adapter.read_back("book", booking(), CALL)

    @pytest.mark.parametrize(("shared", "differs"), [({"seats": 4}, "seats"), ({"repeats": 3}, "recurrence")])
    def test_what_is_shared_is_never_one_customers_visit(
        self, shared: dict[str, int], differs: str, adapter: Adapter, server: Served
    ) -> None:
        """CAL-4: seats and series are left to people at once, found again where an answer was lost, and never cancelled
        for everybody.
        """
        server.system.seed({"event_types": [{**CLEANING, **shared}]})
        with pytest.raises(Differs, match=differs):
            adapter.run("book", booking(), CALL)
        with pytest.raises(Differs, match=differs):
            adapter.read_back("book", booking(), CALL)
        assert adapter.read_back("book", booking(), SOMEBODY_ELSES) is None
        with pytest.raises(Refused, match=f"has_{differs}"):
            adapter.run("find_booking", FindBooking(phone="+13125550142"), CALL)

    @pytest.mark.parametrize(
        ("changed", "said"),
        [
            ({}, None),
            ({"required": ["smsReminderNumber"]}, None),
            ({"required": ["email"]}, "requires a mail address"),
            ({"required": ["attendeePhoneNumber", "insurance"]}, "requires an answer to `Insurance`"),
            ({"confirmed": True}, "host's confirmation"),
            ({"seats": 4}, "offers seats"),
            ({"repeats": 3}, "repeats"),
            ({"price": 9000}, "price of its own"),
            ({"cancellable": False}, "cannot be cancelled"),
        ],
    )
    def test_an_event_type_says_whether_it_can_be_booked(
        self, changed: dict[str, Any], said: str | None, adapter: Adapter, server: Served
    ) -> None:
        """CAL-3: each thing in an event type that fails customers is one sentence, which says what to switch."""
        server.system.seed({"event_types": [{**CLEANING, **changed}]})
        assert isinstance(adapter, CalCom)
        found = adapter.check()
        assert len(found) == (said is not None)
        assert all(it.startswith("event type 1201 ") and str(said) in it for it in found)
        if said is None:
            booked(adapter)

    def test_a_check_changes_nothing_and_says_what_the_key_lacks(self, server: Served) -> None:
        """CAL-3: a key that is refused, and an event type that the key does not see, are sentences too."""
        before = server.system.snapshot()
        wrong, elsewhere = (
            build("wrong", server.endpoint),
            CalCom(CalComSettings(event_type=7), CalComSecret.model_validate({"api_key": "cal_1"}), server.endpoint),
        )
        assert "refuses the API key" in wrong.check()[0]
        assert "does not see event type 7 (not_found)" in elsewhere.check()[0]
        assert server.system.snapshot() == before

    @pytest.mark.parametrize("fault", ["throttle", "crash", "drop"])
    def test_a_calendar_that_is_away_says_nothing_of_itself(self, fault: str, adapter: Adapter, server: Served) -> None:
        """CAL-3: an outage is no sentence about the event type."""
        server.fault = fault
        assert isinstance(adapter, CalCom)
        with pytest.raises((Throttled, Unreachable)):
            adapter.check()

    def test_what_was_never_booked_cannot_be_cancelled(self, adapter: Adapter) -> None:
        """An unknown booking is NotFound, not silently done."""
        with pytest.raises(NotFound, match="cal_com: not_found"):
            adapter.run("cancel", CancelBooking(id="nonsense"), CALL)

    def test_nothing_is_booked_in_the_past_or_outside_opening_hours(self, adapter: Adapter) -> None:
        """Both are refused; only the second is a matter of another time."""
        with pytest.raises(Refused, match="in_the_past"):
            adapter.run("book", booking(start=NOW - timedelta(days=1)), CALL)
        with pytest.raises(Taken):
            adapter.run("book", booking(start=TUESDAY + timedelta(hours=8)), CALL)

    def test_no_address_holds_personal_data(self, adapter: Adapter, server: Served) -> None:
        """Addresses end up in logs on both sides."""
        for operation, prepare in self.trial.prepare.items():
            adapter.run(operation, prepare(adapter), CALL)
        asked = [f"{request.path} {request.query}" for request in server.requests]
        assert not any("3125550142" in address or "Moss" in address for address in asked)

    def test_every_call_names_its_version(self, adapter: Adapter, server: Served) -> None:
        """Without the version another, older API would answer."""
        for operation, prepare in self.trial.prepare.items():
            adapter.run(operation, prepare(adapter), CALL)
        assert isinstance(adapter, CalCom)
        adapter.check()
        versions = {(request.path.split("/")[2], request.headers["cal-api-version"]) for request in server.requests}
        assert versions == {("slots", "2024-09-04"), ("bookings", "2024-08-13"), ("event-types", "2024-06-14")}


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({}, 60),
        ({"X-RateLimit-Reset-Default": "17"}, 17),
        ({"X-RateLimit-Reset-Default": "60", "X-RateLimit-Reset-Burst": "4"}, 60),
        ({"x-ratelimit-reset-default": "1793718025"}, 25),
        ({"X-RateLimit-Reset-Default": "1793710000"}, 60),
        ({"X-RateLimit-Reset-Default": "soon"}, 60),
        ({"X-RateLimit-Reset-Default": "0"}, 1),
        ({"X-RateLimit-Reset-Default": "60", "Retry-After": "7"}, 7),
    ],
)
def test_a_429_is_read_by_cal_coms_own_rules(headers: dict[str, str], seconds: float) -> None:
    """THR-1: seconds or a Unix timestamp, a minute where nothing is said, and Retry-After before all."""
    read = throttled(replied(429, None, headers))
    assert (read.code, read.seconds) == ("too_many_requests", seconds)


def test_the_sandbox_words_a_limit_as_cal_com_does() -> None:
    """THR-1: without Retry-After, and the adapter reads it all the same."""
    system = sandbox()
    limited = system.limited(Request("GET", "/v2/slots"), 42)
    assert "Retry-After" not in limited.headers
    assert throttled(replied(limited.status, limited.body, limited.headers)).seconds == 42


@pytest.mark.parametrize(
    ("said", "kind", "code"),
    [
        (
            "Someone else reserved this booking time slot before you. This time slot will be freed up in 9 seconds.",
            Taken,
            "slot_reserved",
        ),
        ("responses - {email}error_required_field, ", Refused, "mail_address_required"),
        ("responses - {email}email_validation_error, ", Refused, "mail_address_required"),
        (
            'Missing attendee phone number - it is required by the event type. Pass it as "attendee.phoneNumber"',
            Refused,
            "phone_number_required",
        ),
        ("Missing required booking field response: insurance - it is required by", Refused, "answer_required"),
        ("This event type does not allow cancellations", Refused, "cancellations_disabled"),
        ("Cannot cancel a booking that has already ended", Refused, "already_over"),
        ("Cancellation reason is required when you are the host", Refused, "reason_required"),
        ("One of the hosts either already has booking at this time or is not available", Taken, "slot_booked"),
    ],
)
def test_the_servers_own_words_are_known(said: str, kind: type[SystemFailure], code: str) -> None:
    """CAL-6: whole refusals as the server words them, with its envelope or without: the alert names a cause."""
    for body in ({"error": {"code": "BadRequestException", "message": said}}, {"statusCode": 400, "message": said}):
        with pytest.raises(kind) as failure:
            accepted(replied(400, body), Booked)
        assert failure.value.code == code


@pytest.mark.parametrize("known", REFUSALS, ids=lambda known: f"{known.status} {known.code}")
def test_every_refusal_is_translated(known: Refusal) -> None:
    """Each wording raises what the table says, with our code and none of the words."""
    message = f"Mary Moss: {known.words}."
    body = {"status": "error", "error": {"code": "SomeException", "message": message}}
    with pytest.raises(SystemFailure) as failure:
        accepted(replied(known.status, body), Booked)
    assert type(failure.value) is known.kind
    assert str(failure.value) == f"cal_com: {known.code}"


@pytest.mark.parametrize("body", [None, "text", {"error": None}, {"error": {"message": ["a", "b"]}}, {"message": "x"}])
def test_a_refusal_of_another_shape_is_refused_all_the_same(body: object) -> None:
    """A 4xx is a no, whatever stands in it."""
    with pytest.raises(Refused, match="cal_com: http_418"):
        accepted(replied(418, body), Booked)


def test_a_moved_booking_is_not_taken_for_a_cancelled_one(monkeypatch: pytest.MonkeyPatch) -> None:
    """Cal.com calls the old half of a moved booking cancelled, but the customer still has an appointment."""
    adapter = build("cal_x", "http://127.0.0.1:9")
    times = {"start": "2026-11-05T15:00:00Z", "end": "2026-11-05T15:30:00Z"}
    record = {"uid": "old", "status": "cancelled", "rescheduledToUid": "new", **times}
    already = {"error": {"message": "it has been cancelled and rescheduled already"}}
    monkeypatch.setattr(adapter._connection, "write", lambda *_, **__: replied(400, already))
    monkeypatch.setattr(adapter._connection, "read", lambda *_, **__: replied(200, {"data": record}))
    with pytest.raises(Refused, match="moved_meanwhile"):
        adapter.run("cancel", CancelBooking(id="old"), CALL)
