"""A text becomes an appointment that is booked, paid, recorded and confirmed."""

from infra.cli.report import lacks
from tests.journeys.conversation import Ended, over
from tests.journeys.people import said, shown, weekday
from tests.journeys.stage import Stage, journey

SYSTEMS = ("hubspot", "cal_com", "stripe", "twilio", "ses", "sns")
WANTED = weekday(0, 10)
TAKEN = weekday(1, 15)
BEFORE = weekday(1, 14, 30)


@journey
def booked(stage: Stage) -> Ended:
    talk = stage.conversation(stage.town.customer("Zofia Quillfeather", tier="gold"))
    talk.ask(f"I'd like a cleaning on {said(WANTED)}")
    talk.ask("yes please")
    return over(talk)


@journey
def alternative(stage: Stage) -> Ended:
    stage.town.booking("Somebody Else", "+13125559999", TAKEN)
    talk = stage.conversation(stage.town.customer("Barnaby Wickstead"))
    talk.ask(f"Could I see the hygienist on {said(TAKEN)}?")
    talk.ask("the first one")
    talk.ask("yes")
    return over(talk)


def test_a_free_time_is_quoted_and_booked(booked: Ended) -> None:
    """Two texts are enough: the wish and the agreement; each answer names the very time and the very price."""
    quote, confirmation = booked.texts
    assert quote.startswith(f"Teeth cleaning on {shown(WANTED)} for $90.00")
    assert confirmation.startswith(f"Booked: Teeth cleaning, {shown(WANTED)}. $90.00 paid")
    assert booked.decision("slot")["reason"].startswith("the wanted time is one of")
    assert booked.decision("price")["reason"] == "row 1 of cleaning_price: Gold member"


def test_nothing_is_missing_from_its_proof(booked: Ended) -> None:
    """The ledger alone proves it: evidence of every system, all three told, an unbroken chain, closed."""
    assert lacks(booked.report, SYSTEMS) == []


def test_the_calendar_has_it_and_the_card_was_charged_once(booked: Ended, stage: Stage) -> None:
    """What the ledger says is what the providers hold."""
    (visit,), (paid,) = stage.visits(booked.customer), stage.payments(booked.customer)
    assert (visit["start"], visit["status"], visit["id"]) == (
        WANTED.isoformat(), "accepted", booked.effect("booking")["evidence"]["id"],
    )  # fmt: skip
    assert (paid["amount"], paid["status"], paid["id"]) == (
        9000,
        "succeeded",
        booked.effect("payment")["evidence"]["id"],
    )
    assert visit["payment"] == paid["id"]


def test_the_file_holds_the_note_and_the_outcome(booked: Ended, stage: Stage) -> None:
    """The system of record is told twice: what was done, and how it ended."""
    notes = stage.notes(booked.customer)
    assert len(notes) == 2
    assert any("Completed by text" in note for note in notes)


def test_the_slot_that_was_taken_is_replaced_by_one_of_the_nearest(alternative: Ended) -> None:
    """The three nearest free times are offered, and the chosen one is booked."""
    offer, quote, confirmation = alternative.texts
    assert offer.startswith("That time is not free.")
    assert f"1) {shown(weekday(1, 14))}; 2) {shown(BEFORE)}; 3) {shown(weekday(1, 15, 30))}" in offer
    assert quote.startswith(f"Teeth cleaning on {shown(weekday(1, 14))} for $120.00")
    assert confirmation.startswith(f"Booked: Teeth cleaning, {shown(weekday(1, 14))}. $120.00 paid")


def test_the_ledger_holds_the_evidence_of_six_systems(alternative: Ended) -> None:
    """HubSpot, Cal.com, Stripe, Twilio, SES and SNS each have an effect that is done, with the provider's own id."""
    assert lacks(alternative.report, SYSTEMS) == []
    proven = {it["adapter"]: it["evidence"]["id"] for it in alternative.report["effects"] if it["evidence"]}
    assert set(proven) == set(SYSTEMS)
    assert all(proven.values())


def test_the_customers_text_closes_it_by_its_status_callback(alternative: Ended, stage: Stage) -> None:
    """The carrier's receipt, posted to the public URL and signed, is what closes the execution."""
    (receipt,) = alternative.report["confirmations"]["customer"]["receipts"]
    assert receipt["status"] == "delivered"
    told = [it for it in stage.world.sandbox.deliveries if it.form.get("MessageSid") == receipt["receipt"]["id"]]
    assert ("delivered", 200) in {(it.form["MessageStatus"], it.status) for it in told}
    kinds = [line["kind"] for line in alternative.report["timeline"]]
    assert kinds[-1] == "closed"


def test_the_desk_is_told_by_notice_and_by_mail(alternative: Ended, stage: Stage) -> None:
    """The operator hears who comes and when, and that it is paid."""
    receipts = {it["way"]: it for it in alternative.report["confirmations"]["operator"]["receipts"]}
    assert set(receipts) == {"notices", "mail"}
    assert all("Barnaby Wickstead" in it["words"] and "$120.00 paid" in it["words"] for it in receipts.values())
    mails = [mail for mail in stage.mails() if alternative.report["reference"] in mail["Subject"]]
    assert len(mails) == 1
    assert mails[0]["To"] == ["desk@brightsmile.example"]
    assert mails[0]["BodyText"].strip() == receipts["mail"]["words"]


def test_a_mail_counts_when_ses_reports_it_delivered(alternative: Ended) -> None:
    """By way of the stage's configuration set, its topic and the function behind it; a notice when it was accepted."""
    receipts = alternative.report["confirmations"]["operator"]["receipts"]
    assert {it["way"]: it["status"] for it in receipts} == {"mail": "delivered", "notices": "sent"}
    told = {line["reason"] for line in alternative.report["timeline"] if line["kind"] == "told"}
    assert told & {"mail reports it as delivered", "mail had reported it as delivered already"}


def test_the_slot_that_was_held_is_the_slot_that_was_booked(alternative: Ended, stage: Stage) -> None:
    """The calendar has the chosen time and nothing else of this customer."""
    (visit,) = stage.visits(alternative.customer)
    assert visit["start"] == weekday(1, 14).isoformat()
    assert alternative.effect("hold")["outcome"] == "done"
