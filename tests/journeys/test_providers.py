"""Providers that are busy or hang up: waited for as they ask, and never asked to do the same thing twice."""

from datetime import datetime

from infra.cli.report import lacks
from tests.journeys.conversation import Ended, over
from tests.journeys.people import said, weekday
from tests.journeys.stage import Stage, journey

SYSTEMS = ("hubspot", "cal_com", "stripe", "twilio", "ses", "sns")
RETRY_AFTER = 2.0


@journey
def throttled(stage: Stage) -> Ended:
    customer = stage.town.customer("Hyacinth Bramblewood")
    payer = f"customer={customer.payer}"
    stage.world.sandbox.fault(
        "stripe", "throttled", method="POST", path="/v1/payment_intents", seconds=RETRY_AFTER, body=payer
    )
    talk = stage.conversation(customer)
    talk.ask(f"I'd like a cleaning on {said(weekday(7, 9))}")
    talk.ask("yes")
    return over(talk)


@journey
def dropped(stage: Stage) -> Ended:
    customer, sandbox = stage.town.customer("Mortimer Applegarth"), stage.world.sandbox
    # Each does what it was asked to do and hangs up without an answer.
    fault = "drop after commit"
    sandbox.fault("stripe", fault, method="POST", path="/v1/payment_intents", body=f"customer={customer.payer}")
    sandbox.fault("hubspot", fault, method="POST", path="/crm/objects/2026-03/notes$", body=f'"{customer.person}"')
    sandbox.fault("twilio", fault, method="POST", body=rf"(?s)(?=.*{customer.phone[1:]})(?=.*Booked)")
    talk = stage.conversation(customer)
    talk.ask(f"I'd like a cleaning on {said(weekday(7, 11))}")
    talk.ask("yes")
    return over(talk)


def test_a_busy_provider_is_asked_again_when_it_said(throttled: Ended) -> None:
    """Two attempts, as far apart as its Retry-After; the trace tells both."""
    assert throttled.effect("payment")["attempt"] == 2
    tries = [line for line in throttled.report["timeline"] if (line["kind"], line["step"]) == ("effect", "payment")]
    assert [line["outcome"] for line in tries] == ["not done", "done"]
    first, second = (datetime.fromisoformat(line["at"]) for line in tries)
    assert (second - first).total_seconds() >= RETRY_AFTER


def test_a_busy_provider_does_it_once(throttled: Ended, stage: Stage) -> None:
    """The customer notices nothing: charged once, booked once, told."""
    assert [paid["amount"] for paid in stage.payments(throttled.customer)] == [12000]
    assert len(stage.visits(throttled.customer)) == 1
    assert lacks(throttled.report, SYSTEMS) == []


def test_a_charge_whose_answer_was_lost_is_not_charged_again(dropped: Ended, stage: Stage) -> None:
    """The provider's idempotency key gives back the payment that was made."""
    (paid,) = stage.payments(dropped.customer)
    charge = dropped.effect("payment")
    assert (paid["amount"], paid["status"], paid["id"]) == (12000, "succeeded", charge["evidence"]["id"])
    assert (charge["outcome"], charge["attempt"]) == ("done", 2)
    outcomes = [line["outcome"] for line in dropped.report["timeline"] if line["step"] == "payment"]
    assert outcomes == ["unknown", "done"]


def test_a_note_whose_answer_was_lost_is_found_again(dropped: Ended, stage: Stage) -> None:
    """The file has one note of the visit and one of the outcome; the first is known by our own mark in it."""
    notes = stage.notes(dropped.customer)
    assert len(notes) == 2
    assert (dropped.effect("note")["outcome"], dropped.effect("note")["attempt"]) == ("done", 2)


def test_a_text_whose_answer_was_lost_is_not_sent_again(dropped: Ended, quiet: Stage) -> None:
    """The customer reads one confirmation, and its receipt still closes the execution."""
    heard = dropped.conversation.phone.heard()
    assert [text.startswith("Booked:") for text in heard] == [False, True]
    assert dropped.statuses()["customer"] == "delivered"
    assert lacks(dropped.report, SYSTEMS) == []
