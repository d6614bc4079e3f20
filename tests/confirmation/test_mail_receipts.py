"""SES's words on a mail to the desk: it counts as told when it arrived, and what bounces goes the next way."""

from itertools import permutations

import pytest

from followthrough.ledger.agreement import Recorded, disagreement
from followthrough.ledger.models import Obligation, ObligationStatus
from tests.confirmation.test_delivery import book
from tests.workbench.bench import Bench
from tests.workbench.world import TENANT, Edits, World

DESK = "desk@brightsmile.example"
MAIL_THEN_NOTICES: Edits = (
    (
        "{tell: desk, by: [notices], say: booked_desk}\n      - {tell: desk, by: [mail], say: booked_desk}",
        "{tell: desk, by: [mail, notices], say: booked_desk}",
    ),
)


def told(bench: Bench) -> Obligation:
    return bench.obligations()["operator", "mail"]


@pytest.fixture
def sent(here: World) -> Bench:
    """A booking of which the desk was sent a mail, with notices as the next way; nothing was reported of it yet."""
    bench = Bench(here, edits=MAIL_THEN_NOTICES, mail_reports=False)
    book(bench)
    assert (told(bench).status, bench.context().closed_at) == (ObligationStatus.SENT, None)
    return bench


def mail(bench: Bench) -> str:
    return next(it.evidence.id for it in bench.effects() if it.adapter == "ses" and it.evidence)


def test_a_mail_that_arrived_closes(sent: Bench) -> None:
    """The desk is told when SES says so, and not when SES took the mail."""
    assert sent.report_mails() == 1
    assert (told(sent).status, told(sent).way) == (ObligationStatus.DELIVERED, "mail")
    assert sent.context().closed_at is not None
    assert sent.notices.sent == []


@pytest.mark.parametrize("order", list(permutations(["Send", "DeliveryDelay", "Delivery"])))
def test_disordered_events(sent: Bench, order: tuple[str, ...]) -> None:
    """Whatever order they come in, the mail ends delivered."""
    for event in order:
        sent.mail_report(mail(sent), event)
    assert told(sent).status is ObligationStatus.DELIVERED
    assert sent.context().closed_at is not None


@pytest.mark.parametrize("event", ["Bounce", "Reject", "Rendering Failure"])
def test_a_mail_that_failed_goes_the_next_way(sent: Bench, event: str) -> None:
    """At once, and the trace tells why."""
    sent.mail_report(mail(sent), event)
    assert (told(sent).status, told(sent).way, told(sent).failure) == (ObligationStatus.SENT, "notices", None)
    assert len(sent.notices.bodies("front-desk")) == 1
    assert sent.context().closed_at is not None
    reasons = [it.fact.reason for it in sent.trace() if it.fact.kind == "told" and it.fact.step == "tell desk"]
    assert [reason.split(" it as ")[0] for reason in reasons] == ["mail accepted", "mail reports", "notices accepted"]


def test_a_whole_interaction_whose_mail_bounces(here: World) -> None:
    """From the text to the closing, with SES reporting by itself."""
    bench = Bench(here, edits=MAIL_THEN_NOTICES)
    bench.mail.bouncing.add(DESK)
    book(bench)
    assert (told(bench).status, told(bench).way) == (ObligationStatus.SENT, "notices")
    assert bench.mail.bodies(DESK) == bench.notices.bodies("front-desk")
    assert bench.context().closed_at is not None


def test_a_bounce_reported_twice_counts_once(sent: Bench) -> None:
    """The same failure again does not spoil the way that was taken instead."""
    for _ in range(3):
        sent.mail_report(mail(sent), "Bounce")
    assert (told(sent).status, told(sent).way, len(sent.notices.sent)) == (ObligationStatus.SENT, "notices", 1)


def test_a_late_delivery_is_good_news(sent: Bench) -> None:
    """A mail that bounced and arrives nevertheless was the way that worked, even where all was closed already."""
    sent.mail_report(mail(sent), "Bounce")
    sent.mail_report(mail(sent), "Delivery")
    assert (told(sent).status, told(sent).way, told(sent).failure) == (ObligationStatus.DELIVERED, "mail", None)
    receipt = told(sent).receipt
    assert receipt is not None
    assert receipt.id == mail(sent)
    owed = list(sent.obligations().values())
    assert disagreement(Recorded(sent.context(), sent.effects(), owed), sent.trace()) is None


def test_delivered_stays_delivered(sent: Bench) -> None:
    """A receiver that took the mail and bounces it later is too late; a complaint is nothing new."""
    sent.mail_report(mail(sent), "Delivery")
    before = sent.told()
    for late in ("Bounce", "Complaint", "Delivery", "Reject"):
        sent.mail_report(mail(sent), late)
    assert (told(sent).status, sent.told(), sent.notices.sent) == (ObligationStatus.DELIVERED, before, [])


@pytest.mark.parametrize(("event", "way"), [("Delivery", "mail"), ("Bounce", "notices")])
def test_a_report_that_is_faster_than_our_record(here: World, event: str, way: str) -> None:
    """What is reported before we have written down the mail's id is not lost."""
    bench = Bench(here, edits=MAIL_THEN_NOTICES, mail_reports=False)
    bench.mail_report("ses-1", event)
    book(bench)
    assert (mail(bench), told(bench).way) == ("ses-1", way)
    assert bench.context().closed_at is not None


def test_without_another_way_the_desk_was_told_in_vain(here: World) -> None:
    """A desk whose only mail bounces is exhausted, and no alert is sent about it to the same desk."""
    bench = Bench(here)
    bench.mail.bouncing.add(DESK)
    book(bench)
    assert (told(bench).status, told(bench).failure) == (ObligationStatus.EXHAUSTED, "bounced")
    assert not any("`tell" in body for body in bench.notices.bodies())
    assert bench.context().closed_at is not None


def test_nothing_more_is_said_in_what_was_closed_by_force(sent: Bench) -> None:
    """An erasure closes an execution where it stands: a mail that bounces later is followed by nothing."""
    case = sent.case()
    case.save(closed_at=sent.clock.now)
    case.commit()
    before = sent.told()
    sent.mail_report(mail(sent), "Bounce")
    assert (told(sent).status, sent.told(), sent.notices.sent) == (ObligationStatus.SENT, before, [])


def test_strangers_mails_change_nothing(sent: Bench) -> None:
    """A report on a mail that we do not know is accepted and forgotten."""
    before = sent.told()
    sent.mail_report("ses-of-nobody", "Bounce")
    assert (told(sent).status, sent.told()) == (ObligationStatus.SENT, before)
    assert sent.ledger.find_receipt(TENANT, "ses-of-nobody") is None
