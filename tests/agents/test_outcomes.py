"""How a chain goes on when a system does not do what was asked."""

from datetime import timedelta

import pytest

from followthrough.ledger.models import EffectStatus, Status
from tests.workbench.agreement import disagreements
from tests.workbench.bench import DANA, LUCIA, MAYA, OMAR, RAY, Bench
from tests.workbench.oddjob import AwayCalendar
from tests.workbench.watched import watched
from tests.workbench.world import TENANT, World

CLEANING = "I'd like a cleaning next Wednesday at 3 pm"
HOLDS, BOOKINGS, NOTES = "/v2/slots/reservations", "/v2/bookings", "/crm/objects/2026-03/notes"
INTENTS = "/v1/payment_intents"


def test_throttled_waits_as_long_as_asked(bench: Bench) -> None:
    """A 429 costs the customer its Retry-After and nothing else."""
    bench.fault("hubspot", "throttled", "/crm/objects/2026-03/contacts", seconds=40)
    began = bench.clock.now
    assert "Shall we book it" in bench.text(MAYA, CLEANING)[-1]
    assert 40 <= (bench.clock.now - began).total_seconds() - 20 < 42


@pytest.mark.parametrize("fault", ["drop after commit", "broken after commit", "broken", "drop before"])
@pytest.mark.parametrize(
    ("system", "path"), [("stripe", INTENTS), ("cal_com", BOOKINGS), ("hubspot", NOTES), ("twilio", "")]
)
def test_lost_answer_is_settled(bench: Bench, system: str, path: str, fault: str) -> None:
    """Whatever becomes of the answer to a write, the thing is done exactly once and the booking goes on."""
    bench.text(MAYA, CLEANING)
    bench.fault(system, fault, path, method="POST")
    assert "Booked" in bench.text(MAYA, "yes")[-1]
    assert disagreements(bench) == []
    assert len(bench.sandbox.snapshot("stripe")["payments"]) == 1


def test_hold_whose_outcome_is_unknown_and_was_not_made_is_made_anew(bench: Bench) -> None:
    """A hold that never reached the calendar leaves the slot free: it is asked for again, and nobody is asked twice."""
    bench.fault("cal_com", "drop before", HOLDS)
    assert "3:00" in bench.text(MAYA, CLEANING)[-1]
    hold = bench.effect("hold")
    assert (hold.status, hold.attempt) == (EffectStatus.DONE, 2)


def test_hold_whose_outcome_is_unknown_and_was_made_is_offered_around(bench: Bench) -> None:
    """A hold that was made without our knowing keeps the slot until it lapses: others are offered."""
    bench.fault("cal_com", "drop after commit", HOLDS)
    assert "That time is not free" in bench.text(MAYA, CLEANING)[-1]
    assert "Shall we book it" in bench.text(MAYA, "the first one")[-1]
    assert "Booked" in bench.text(MAYA, "yes")[-1]


def test_slot_that_is_always_taken_ends_the_chain(bench: Bench) -> None:
    """A calendar that shows a slot free and refuses to hold it does not keep the chain going round for ever."""
    bench.fault("cal_com", "drop before", HOLDS, times=100)
    assert "something went wrong" in bench.text(MAYA, CLEANING)[-1]
    assert bench.context().status is Status.FAILED
    assert len(bench.machine().path) < 200


def test_slot_taken_meanwhile_is_offered_around(bench: Bench) -> None:
    """Of two customers after one slot the first holds it, and the second is offered others."""
    bench.text(MAYA, CLEANING, settle=False)
    bench.text(OMAR, CLEANING, settle=False)
    bench.settle()
    assert "Shall we book it" in bench.heard(MAYA)[-1]
    assert "That time is not free" in bench.heard(OMAR)[-1]


def test_system_that_stays_away_ends_the_chain(bench: Bench) -> None:
    """A calendar that cannot be reached is visited for some minutes; then all is undone and everybody is told."""
    bench.text(MAYA, CLEANING)
    bench.systems.instead["calendar"] = away = AwayCalendar()
    began = bench.clock.now
    delayed, heard = bench.text(MAYA, "yes")
    assert "takes a little longer" in delayed
    assert "the calendar did not take the booking" in heard
    assert 120 < (bench.clock.now - began).total_seconds() < 600
    assert away.visits > 8
    assert (bench.effect("payment").status, bench.effect("booking").status) == (
        EffectStatus.UNDONE,
        EffectStatus.NOT_DONE,
    )
    assert any("Undone" in body and "payment" in body for body in bench.notices.bodies())


def test_declined_card(bench: Bench) -> None:
    """A declined card gives the slot back; the customer is told why, the desk and the record too."""
    bench.text(DANA, CLEANING)
    (heard,) = bench.text(DANA, "yes")
    assert heard.startswith("Your card was not charged")
    assert bench.effect("hold").status is EffectStatus.UNDONE
    assert bench.sandbox.snapshot("cal_com")["reservations"] == []
    assert {it.party for it in bench.obligations().values()} == {"customer", "operator", "record"}
    assert bench.context().closed_at is not None


def test_unknown_charge_is_not_called_declined(bench: Bench) -> None:
    """Where nobody knows whether the card was charged, nobody says that it was not."""
    bench.text(MAYA, CLEANING)
    bench.fault("stripe", "broken", "/v1/payment_intents", times=10_000)
    *_, heard = bench.text(MAYA, "yes")
    assert "not charged" not in heard
    assert bench.effect("payment").status is EffectStatus.UNKNOWN
    assert any("payment" in body for body in bench.notices.bodies())


def test_failed_note_is_told_and_refunds_nothing(bench: Bench) -> None:
    """A note that fails goes to the desk; the booking stands, and is told without it."""
    bench.text(MAYA, CLEANING)
    bench.fault("hubspot", "broken", NOTES, times=200)
    assert "Booked" in bench.text(MAYA, "yes")[-1]
    assert bench.effect("booking").status is EffectStatus.DONE
    assert "note" not in bench.context().variables
    assert any("`note`" in body for body in bench.notices.bodies())


def test_step_whose_condition_fails_is_passed_over(bench: Bench) -> None:
    """A step with `only if` does nothing and adds nothing when its condition does not hold."""
    ian = "+13125550147"
    bench.text(ian, "I need to cancel my appointment")
    assert "is cancelled" in bench.text(ian, "yes")[-1]
    assert "refund" not in bench.context().variables
    assert "acted refund skipped" in bench.told()


def test_blocked_customer_is_refused_with_the_reason(bench: Bench) -> None:
    """A rule that refuses ends the chain before anything is done, and the trace names the rule."""
    (heard,) = bench.text(RAY, CLEANING)
    assert heard.startswith("We are sorry, we cannot book this by text")
    assert [effect.step for effect in bench.effects() if not effect.step.startswith("tell")] == []
    (decided,) = (it.fact for it in bench.trace() if it.fact.step == "eligible")
    assert (decided.facts["fired"], decided.outcome) == ("rule 1", "refused")
    assert bench.sandbox.snapshot("stripe")["payments"] == []


def test_new_customer_is_created_once_though_the_answer_was_lost(bench: Bench) -> None:
    """A customer whose creation was not answered is found again, not created a second time, and not left unknown."""
    number = "+13125550199"
    bench.fault("hubspot", "drop after commit", "/crm/objects/2026-03/contacts/batch/upsert$", method="POST")
    bench.fault("stripe", "drop after commit", "/v1/customers$", method="POST")
    bench.text(number, CLEANING)
    assert disagreements(bench) == []
    assert [it["phone"] for it in bench.sandbox.snapshot("hubspot")["contacts"]].count(number) == 1


def test_spanish_is_answered_in_spanish(bench: Bench) -> None:
    """The customer's language is the answers' language; the desk reads its own."""
    bench.text(LUCIA, "Quisiera una limpieza dental el miércoles a las 3 de la tarde")
    assert bench.text(LUCIA, "sí")[-1].startswith("Reservado")
    assert "paid" in bench.notices.bodies()[-1]


def test_price_by_the_first_row_that_holds(here: World) -> None:
    """The table decides: gold members first, everybody else at last."""
    for number, price in ((MAYA, "$90.00"), (OMAR, "$120.00")):
        bench = Bench(here)
        assert price in bench.text(number, CLEANING)[-1]


def test_every_exchange_is_on_record(here: World) -> None:
    """Of each call the trace keeps what was asked, what came of it, how long it took and the how manyth it was."""
    ticking: list[Bench] = []

    def tick(point: str, _argument: object) -> None:
        if point == "before adapter.run":
            ticking[0].clock.forward(ticking[0].clock.now + timedelta(milliseconds=250))

    bench = Bench(here, wrap=lambda ports: watched(ports, tick))
    ticking.append(bench)
    bench.fault("hubspot", "throttled", "/crm/objects/2026-03/contacts")
    bench.text(MAYA, CLEANING)
    bench.fault("stripe", "drop after commit", INTENTS)
    assert "Booked" in bench.text(MAYA, "yes")[-1]
    facts = [entry.fact for entry in bench.ledger.trace(TENANT, bench.contexts()[0].execution)]
    patient = [it for it in facts if (it.kind, it.step) == ("retrieved", "patient")]
    assert [(it.outcome, it.facts["attempt"], it.facts["milliseconds"] // 100) for it in patient] == [
        ("later", 1, 2),
        ("done", 2, 2),
    ]
    assert all(it.personal["request"]["phone"] == MAYA for it in patient)
    assert patient[1].personal["result"]["name"]
    payment = [it for it in facts if (it.kind, it.step) == ("effect", "payment")]
    assert [(it.outcome, it.facts["attempt"], it.facts["exchange"]) for it in payment] == [
        ("unknown", 1, "call"),
        ("done", 2, "call"),
    ]
    (charged,) = bench.sandbox.snapshot("stripe")["payments"]
    assert [it.personal["request"]["amount"] for it in payment] == [charged["amount"]] * 2


def test_time_stands_still_within_a_step(here: World) -> None:
    """Words that tell the time are the same at every visit: what is unknown is settled, and not done once more."""
    told = ('    en: "{{ service.title }} booked for', '    en: "{{ now | time }} {{ service.title }} booked for')
    bench = Bench(here, edits=(told,))
    bench.text(MAYA, CLEANING)
    bench.fault("hubspot", "broken after commit", f"{NOTES}$", method="POST")
    bench.fault("hubspot", "broken", f"{NOTES}/search", times=5)
    assert "Booked" in bench.text(MAYA, "yes")[-1]
    note = bench.effect("note")
    assert (note.status, note.attempt) == (EffectStatus.DONE, 7)
    assert disagreements(bench) == []
