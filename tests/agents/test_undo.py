"""What a chain did that cannot finish is undone, newest first, and what cannot be undone is told."""

from followthrough.ledger.models import EffectStatus, Status
from followthrough.routing.bounds import MAX_TRIES
from tests.workbench.agreement import disagreements
from tests.workbench.bench import IAN, MAYA, OMAR, Bench

CLEANING = "I'd like a cleaning next Wednesday at 3 pm"
REFUNDS, BOOKINGS, HOLDS = "/v1/refunds", "/v2/bookings", "/v2/slots/reservations"


def spoil(bench: Bench) -> None:
    """Let somebody else book the held slot: Cal.com's reservations block no booking."""
    start = bench.context().variables["hold"]["start"]
    bench.sandbox.seed(
        "cal_com", {"bookings": [{"event_type": 1201, "start": start, "name": "A Thief", "phone": "+13125550177"}]}
    )
    bench.before["cal_com"] = bench.sandbox.snapshot("cal_com")


def test_undone_newest_first(bench: Bench) -> None:
    """The payment goes back before the hold that was made before it."""
    bench.text(MAYA, CLEANING)
    spoil(bench)
    assert "did not take the booking" in bench.text(MAYA, "yes")[-1]
    undoing = [it.step for it in bench.effects() if it.undoes]
    assert undoing == ["undo payment", "undo hold"]
    assert [bench.effect(step).status for step in ("payment", "hold")] == [EffectStatus.UNDONE] * 2
    (payment,) = bench.sandbox.snapshot("stripe")["payments"]
    assert payment["refunded"] == payment["amount"]


def test_undo_that_fails_is_told_and_the_rest_is_undone(bench: Bench) -> None:
    """A refund that never works goes to the operators with everything known; the hold is still given back."""
    bench.text(MAYA, CLEANING)
    spoil(bench)
    bench.fault("stripe", "throttled", REFUNDS, times=200, seconds=5)
    (heard,) = bench.text(MAYA, "yes")
    assert "front desk" in heard
    assert [bench.effect(step).status for step in ("payment", "hold")] == [EffectStatus.DONE, EffectStatus.UNDONE]
    assert any("`undo payment`" in body for body in bench.notices.bodies())
    assert bench.context().closed_at is not None


def test_undo_whose_answer_is_lost_is_settled(bench: Bench) -> None:
    """A refund that was made without an answer is not made twice."""
    bench.text(MAYA, CLEANING)
    spoil(bench)
    bench.fault("stripe", "drop after commit", REFUNDS)
    bench.text(MAYA, "yes")
    assert len(bench.sandbox.snapshot("stripe")["refunds"]) == 1
    assert disagreements(bench) == []


def test_what_was_never_done_is_not_done_to_be_undone(bench: Bench) -> None:
    """A booking that nobody could settle and that was not made is not made now, only to be cancelled."""
    bench.text(MAYA, CLEANING)
    bench.fault("cal_com", "broken", BOOKINGS, method="POST", times=62)
    before = len(bench.sandbox.snapshot("cal_com")["bookings"])
    bench.text(MAYA, "yes")
    assert bench.effect("booking").status is EffectStatus.NOT_DONE
    assert len(bench.sandbox.snapshot("cal_com")["bookings"]) == before
    assert bench.effect("payment").status is EffectStatus.UNDONE


def test_what_turns_out_to_have_been_done_is_undone(bench: Bench) -> None:
    """A booking whose every answer was lost is found in the calendar when undoing, and cancelled."""
    bench.text(MAYA, CLEANING)
    bench.fault("cal_com", "broken after commit", BOOKINGS, method="POST")
    bench.fault("cal_com", "broken", BOOKINGS, method="GET", times=60)
    bench.text(MAYA, "yes")
    assert bench.context().status is Status.FAILED
    assert bench.effect("booking").status is EffectStatus.UNDONE
    assert disagreements(bench) == []


def test_silence_gives_the_slot_back(bench: Bench) -> None:
    """A question that nobody answers in time ends the chain: the hold is undone, everybody told, nothing charged."""
    bench.text(MAYA, CLEANING)
    bench.let_pass(minutes=14)
    assert bench.context().status is Status.OPEN
    bench.let_pass(minutes=2)
    assert bench.context().status is Status.EXPIRED
    assert bench.effect("hold").status is EffectStatus.UNDONE
    assert "We did not hear from you in time" in bench.heard(MAYA)[-1]
    assert bench.sandbox.snapshot("stripe")["payments"] == []
    assert bench.context().closed_at is not None


def test_answer_that_comes_too_late_starts_over(bench: Bench) -> None:
    """A yes after the time was up books nothing; it opens a conversation of its own."""
    bench.text(MAYA, CLEANING)
    bench.let_pass(minutes=16)
    assert "Which would you like" in bench.text(MAYA, "yes")[-1]
    assert len(bench.contexts()) == 2
    assert bench.sandbox.snapshot("stripe")["payments"] == []


def test_no_undoes_the_hold(bench: Bench) -> None:
    """A customer who does not agree has nothing held and nothing charged."""
    bench.text(MAYA, CLEANING)
    assert "nothing was booked and nothing was charged" in bench.text(MAYA, "no thanks")[-1]
    assert bench.context().status is Status.REFUSED
    assert bench.sandbox.snapshot("cal_com")["reservations"] == []
    assert bench.text(OMAR, CLEANING)[-1].count("3:00") == 1


def test_move_that_cannot_be_finished_keeps_the_old_visit(bench: Bench) -> None:
    """When the old visit cannot be cancelled the new booking is, and the customer still has the visit."""
    bench.text(IAN, "can I move my appointment to next Friday at 10 am?")
    bench.fault("cal_com", "throttled", "/v2/bookings/.*/cancel", times=9, seconds=1)
    assert "could not be moved" in bench.text(IAN, "yes")[-1]
    standing = [it for it in bench.sandbox.snapshot("cal_com")["bookings"] if it["status"] == "accepted"]
    assert [it["attendee"] for it in standing] == ["Ian Frost"]
    assert "T15:00" in standing[0]["start"]


def test_what_was_left_to_people_is_not_undone_after_all(bench: Bench) -> None:
    """Who was told that a refund did not work may have paid back by hand: coming back for the hold changes nothing."""
    bench.text(MAYA, CLEANING)
    spoil(bench)
    bench.fault("stripe", "throttled", REFUNDS, times=MAX_TRIES + 1, seconds=5)
    bench.fault("cal_com", "throttled", HOLDS, method="DELETE", times=2, seconds=5)
    bench.text(MAYA, "yes")
    assert [bench.effect(step).status for step in ("payment", "hold")] == [EffectStatus.DONE, EffectStatus.UNDONE]
    assert bench.sandbox.snapshot("stripe")["refunds"] == []
    assert sum("`undo payment`" in body for body in bench.notices.bodies()) == 1
