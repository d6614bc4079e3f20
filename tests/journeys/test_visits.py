"""A visit that stands is cancelled or moved, by the terms of the practice."""

from datetime import datetime

import pytest

from infra.cli.report import lacks
from tests.journeys.conversation import Ended, over
from tests.journeys.people import Customer, said, shown, weekday
from tests.journeys.stage import Stage, journey

CANCELLED, FROM, TO = weekday(4, 9), weekday(4, 11), weekday(4, 16)


def _with_visit(stage: Stage, name: str, start: datetime) -> Customer:
    """A customer who booked and paid earlier."""
    customer = stage.town.customer(name)
    payment = f"pi_{customer.payer}"
    stage.world.sandbox.seed("stripe", {"payments": [{"id": payment, "customer": customer.payer, "amount": 12000}]})
    stage.town.booking(name, customer.phone, start, payment=payment)
    return customer


@journey
def cancelled(stage: Stage) -> Ended:
    talk = stage.conversation(_with_visit(stage, "Philippa Humberstone", CANCELLED))
    talk.ask("Something came up at work, please cancel my visit")
    talk.ask("yes")
    return over(talk)


@journey
def moved(stage: Stage) -> Ended:
    talk = stage.conversation(_with_visit(stage, "Ambrose Twelvetrees", FROM))
    talk.ask(f"can I move my appointment to {said(TO)}?")
    talk.ask("yes")
    return over(talk)


@pytest.mark.parametrize("name", ["cancelled", "moved"])
def test_it_is_proven(name: str, request: pytest.FixtureRequest) -> None:
    """Every party told, an unbroken chain, closed."""
    ended: Ended = request.getfixturevalue(name)
    assert lacks(ended.report, ("hubspot", "cal_com", "twilio", "ses", "sns")) == []


def test_a_cancelled_visit_is_refunded_in_time(cancelled: Ended, stage: Stage) -> None:
    """More than a day ahead, all that was paid goes back, and the time is free again."""
    quote, told = cancelled.texts
    assert quote.startswith(f"Shall we cancel your visit on {shown(CANCELLED)}? We will refund what you paid.")
    assert told.startswith(f"Your visit on {shown(CANCELLED)} is cancelled. $120.00 is on its way back to your card.")
    (visit,), (paid,) = stage.visits(cancelled.customer), stage.payments(cancelled.customer)
    assert (visit["status"], paid["refunded"]) == ("cancelled", 12000)
    assert cancelled.effect("refund")["evidence"]["id"].startswith("re_")


def test_a_moved_visit_keeps_its_payment(moved: Ended, stage: Stage) -> None:
    """The new time is booked before the old one is given up, and nothing more is paid."""
    quote, told = moved.texts
    assert quote.startswith(f"Shall we move your visit from {shown(FROM)} to {shown(TO)}?")
    assert told.startswith(f"Your visit has moved from {shown(FROM)} to {shown(TO)}.")
    old, new = stage.visits(moved.customer)
    assert (old["start"], old["status"]) == (FROM.isoformat(), "cancelled")
    assert (new["start"], new["status"]) == (TO.isoformat(), "accepted")
    assert old["payment"] == new["payment"]
    assert len(stage.payments(moved.customer)) == 1
    acts = [it["step"] for it in moved.report["effects"] if it["step"] in {"booking", "cancellation"}]
    assert acts == ["booking", "cancellation"]
