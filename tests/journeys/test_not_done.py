"""A chain that cannot finish undoes what it did, and says so to everybody in words that are true."""

import pytest

from tests.journeys.conversation import Ended, over
from tests.journeys.people import said, weekday
from tests.journeys.stage import Stage, journey

DECLINED, REFUSED, SNATCHED = weekday(2, 9), weekday(2, 11), weekday(2, 15)


@journey
def declined(stage: Stage) -> Ended:
    talk = stage.conversation(stage.town.customer("Wilhelmina Tarrant", card="pm_card_chargeDeclinedInsufficientFunds"))
    talk.ask(f"I'd like a cleaning on {said(DECLINED)}")
    talk.ask("yes")
    return over(talk)


@journey
def blocked(stage: Stage) -> Ended:
    talk = stage.conversation(stage.town.customer("Thaddeus Mossgrove", status="blocked"))
    talk.ask(f"I'd like a cleaning on {said(weekday(2, 10))}")
    return over(talk)


@journey
def said_no(stage: Stage) -> Ended:
    talk = stage.conversation(stage.town.customer("Ottoline Farthing"))
    talk.ask(f"I'd like a cleaning on {said(REFUSED)}")
    # From now on the carrier accepts texts and cannot deliver them.
    stage.world.sandbox.seed("twilio", {"unreachable": [talk.customer.phone]})
    talk.ask("no thanks")
    return over(talk)


@journey
def snatched(stage: Stage) -> Ended:
    talk = stage.conversation(stage.town.customer("Cornelius Pettibone"))
    talk.ask(f"I'd like a cleaning on {said(SNATCHED)}")
    # The front desk books the very time, which a hold does not prevent.
    stage.town.booking("Walter Walkin", "+13125559998", SNATCHED)
    talk.ask("yes")
    return over(talk)


@pytest.mark.parametrize("name", ["declined", "blocked", "said_no", "snatched"])
def test_all_three_parties_are_told(name: str, request: pytest.FixtureRequest) -> None:
    """What the customer is sent is delivered, the desk's notice accepted, the outcome is in the file; closed."""
    ended: Ended = request.getfixturevalue(name)
    assert ended.statuses() == {"customer": "delivered", "operator": "sent", "record": "delivered"}
    assert ended.report["closed"]
    assert ended.report["trace"]["verified"]


def test_a_declined_card_books_nothing_and_gives_the_time_back(declined: Ended, stage: Stage) -> None:
    """The hold is released in the calendar itself, and no money has moved."""
    assert declined.report["status"] == "failed"
    assert declined.effect("payment")["outcome"] == "not done"
    assert declined.effect("hold")["outcome"] == "undone"
    assert declined.effect("undo hold")["outcome"] == "done"
    assert not stage.held(DECLINED)
    assert stage.visits(declined.customer) == []
    assert not [paid for paid in stage.payments(declined.customer) if paid["status"] == "succeeded"]


def test_the_words_after_a_declined_card_match_what_happened(declined: Ended) -> None:
    """The customer hears the reason, the desk hears the same and what was undone."""
    (told,) = declined.words("customer")
    assert told.startswith("Your card was not charged, so nothing was booked and the time was given back.")
    assert declined.texts[-1] == told
    assert all(
        "Undone: hold." in words and "Your card was not charged" in words for words in declined.words("operator")
    )
    (record,) = declined.words("record")
    assert "Not completed by text (failed): Teeth cleaning. Undone: hold." in record
    assert "booked for" not in " ".join([told, *declined.words("operator"), record])


def test_a_blocked_customer_is_refused_with_the_rule_as_the_reason(blocked: Ended, stage: Stage) -> None:
    """The auditor reads which rule fired; the customer is not called blocked."""
    assert blocked.report["status"] == "refused"
    assert blocked.decision("eligible")["reason"] == 'rule 1 holds: patient.status == "blocked"'
    assert blocked.texts == blocked.words("customer")
    assert "we cannot book this by text" in blocked.texts[0]
    assert "blocked" not in blocked.texts[0]


def test_nothing_is_done_for_who_is_refused(blocked: Ended, stage: Stage) -> None:
    """Only the telling leaves a mark on any system."""
    assert {effect["step"].split()[0] for effect in blocked.report["effects"]} == {"tell"}
    assert (stage.visits(blocked.customer), stage.payments(blocked.customer)) == ([], [])
    assert not stage.held(weekday(2, 10))


def test_a_no_to_the_quote_gives_the_time_back(said_no: Ended, stage: Stage) -> None:
    """Nothing is charged before the customer agreed, and what was held is free again."""
    assert said_no.report["status"] == "refused"
    assert said_no.texts[-1].startswith("All right, nothing was booked and nothing was charged.")
    assert said_no.effect("hold")["outcome"] == "undone"
    assert not stage.held(REFUSED)
    assert (stage.visits(said_no.customer), stage.payments(said_no.customer)) == ([], [])


def test_a_text_that_is_not_delivered_is_mailed(said_no: Ended, stage: Stage) -> None:
    """The carrier's receipt has the same words sent to the address that the CRM knows, by the practice's own sender."""
    (told,) = said_no.report["confirmations"]["customer"]["receipts"]
    assert (told["way"], told["status"]) == ("mail", "delivered")
    (mail,) = [mail for mail in stage.mails() if mail["To"] == [said_no.customer.mail]]
    assert mail["BodyText"].strip() == said_no.texts[-1] == told["words"]
    assert mail["Subject"] == f"Bright Smile Dental: {said_no.report['reference']}"
    assert mail["Source"] == "hello@brightsmile.example"


def test_a_booking_that_fails_after_the_payment_gives_the_money_back(snatched: Ended, stage: Stage) -> None:
    """Payment and hold are undone in reverse order, in the providers' own books."""
    (paid,) = stage.payments(snatched.customer)
    assert (paid["amount"], paid["refunded"]) == (12000, 12000)
    assert stage.visits(snatched.customer) == []
    assert not stage.held(SNATCHED)
    undone = [it["step"] for it in snatched.report["effects"] if it["step"].startswith("undo ")]
    assert undone == ["undo payment", "undo hold"]
    assert {step: snatched.effect(step)["outcome"] for step in ("hold", "payment", "booking")} == {
        "hold": "undone", "payment": "undone", "booking": "not done",
    }  # fmt: skip


def test_the_words_after_a_refund_are_true(snatched: Ended) -> None:
    """Nobody is told that it was booked or is still paid."""
    assert snatched.report["status"] == "failed"
    assert "the calendar did not take the booking" in snatched.texts[-1]
    assert "Booked" not in snatched.texts[-1]
    assert all("Undone: hold, payment." in words for words in snatched.words("operator"))
