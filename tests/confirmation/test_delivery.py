"""Confirmations are handed over by the first of their ways that works, and what nobody can be told goes to the desk."""

import pytest

from followthrough.errors import OutcomeUnknown, Refused, Throttled, Unreachable
from followthrough.ledger.models import ObligationStatus
from tests.workbench.bench import MAYA, PRACTICE, Bench
from tests.workbench.world import Edits, World

CLEANING = "I'd like a cleaning next Wednesday at 3 pm"
FALLS_BACK: Edits = (
    ("{tell: desk, by: [notices], say: booked_desk}", "{tell: desk, by: [notices, mail], say: booked_desk}"),
)
TWO_NUMBERS: Edits = (
    (
        'texts: {adapter: twilio, settings: {from: "+13125550100"}}',
        (
            'texts: {adapter: twilio, settings: {from: "+13125550100"}}\n'
            '  reserve: {adapter: twilio, settings: {from: "+13125550101"}}'
        ),
    ),
    ("{tell: customer, by: [texts, mail], say: booked}", "{tell: customer, by: [texts, reserve], say: booked}"),
)

TEXTS_ONLY: Edits = (
    ("{tell: customer, by: [texts, mail], say: booked}", "{tell: customer, by: [texts], say: booked}"),
)


def book(bench: Bench) -> list[str]:
    bench.text(MAYA, CLEANING)
    return bench.text(MAYA, "yes")


def test_everybody_is_told_once(bench: Bench) -> None:
    """Customer, desk and record are each told, with the provider's own id as the receipt."""
    book(bench)
    owed = bench.obligations()
    assert {way for _, way in owed} == {"texts", "notices", "mail", "crm"}
    assert all(it.receipt is not None for it in owed.values())
    assert [len(box.sent) for box in (bench.mail, bench.notices)] == [1, 1]
    assert "Completed by text" in str(bench.sandbox.snapshot("hubspot"))
    assert bench.context().closed_at is not None


def test_next_way_where_the_first_refuses(here: World) -> None:
    """A topic that is gone is not the end: the mail goes out instead, and nobody is alerted."""
    bench = Bench(here, edits=FALLS_BACK)
    bench.notices.failures = [Refused("sns", "no_such_topic")]
    book(bench)
    told = bench.obligations()
    # The desk is owed the very same mail anyway: one says it for both, and one report tells that both arrived.
    assert len(bench.mail.bodies("desk@brightsmile.example")) == 1
    assert [told["operator", first].way for first in ("notices", "mail")] == ["mail", "mail"]
    assert {told["operator", first].status for first in ("notices", "mail")} == {ObligationStatus.DELIVERED}
    assert bench.notices.sent == []


def test_every_way_refused_is_exhausted_and_alerted(here: World) -> None:
    """A customer who can be told in no way is the desk's to call; the execution still closes."""
    bench = Bench(here, edits=TEXTS_ONLY)
    bench.text(MAYA, CLEANING)
    bench.sandbox.seed("twilio", {"opted_out": [MAYA]})
    assert bench.text(MAYA, "yes") == []
    told = bench.obligations()["customer", "texts"]
    assert (told.status, told.failure) == (ObligationStatus.EXHAUSTED, "opted_out")
    assert any("`tell customer`" in body for body in bench.notices.bodies())
    assert bench.context().closed_at is not None


def test_desk_that_cannot_be_told_alerts_nobody_about_itself(bench: Bench) -> None:
    """An alert that fails in every way is exhausted, without an alert about the alert, and the execution closes."""
    bench.text(MAYA, CLEANING)
    bench.sandbox.seed("twilio", {"opted_out": [MAYA]})
    bench.notices.failures = [Refused("sns", "gone")] * 10
    bench.mail.failures = [Refused("ses", "gone")] * 10
    bench.text(MAYA, "yes")
    told = list(bench.ledger.obligations("brightsmile", bench.context().execution))
    assert [it.status for it in told if it.party != "record"] == [ObligationStatus.EXHAUSTED] * 4
    assert bench.context().closed_at is not None


def test_throttled_notice_waits_as_asked(bench: Bench) -> None:
    """A provider that asks for patience is not asked again before, and the others are told meanwhile, once."""
    bench.notices.failures = [Throttled("sns", "throttled", 30)]
    began = bench.clock.now
    book(bench)
    assert (bench.clock.now - began).total_seconds() > 60
    assert [len(box.sent) for box in (bench.mail, bench.notices)] == [1, 1]
    assert sum("Booked" in words for words in bench.heard(MAYA)) == 1


def test_unreachable_for_long_is_given_up(bench: Bench) -> None:
    """Notices that stay away are given up after some minutes; the mail and the customer are told all the same."""
    bench.notices.failures = [Unreachable("sns", "connect_error")] * 100
    assert "Booked" in book(bench)[-1]
    assert bench.obligations()["operator", "notices"].status is ObligationStatus.EXHAUSTED
    assert len(bench.mail.bodies("desk@brightsmile.example")) == 1
    assert bench.context().closed_at is not None


@pytest.mark.parametrize("box", ["mail", "notices"])
def test_sending_that_is_unknown_is_sent_again(bench: Bench, box: str) -> None:
    """A notice of which nobody knows is sent once more: twice is better than never."""
    getattr(bench, box).after = [OutcomeUnknown("ses", "read_timeout")]
    book(bench)
    assert len(getattr(bench, box).sent) == 2
    assert bench.context().closed_at is not None


def test_text_that_is_unknown_is_looked_up(bench: Bench) -> None:
    """A customer's text of which nobody knows is found at the carrier, not sent twice."""
    bench.text(MAYA, CLEANING)
    bench.fault("twilio", "drop after commit", method="POST")
    assert sum("Booked" in words for words in bench.text(MAYA, "yes")) == 1
    assert bench.obligations()["customer", "texts"].status is ObligationStatus.DELIVERED


def test_undelivered_text_takes_the_next_way(here: World) -> None:
    """A text that the carrier accepted and did not deliver is sent by the next way."""
    bench = Bench(here, edits=TWO_NUMBERS, receipts=False)
    book(bench)
    first = bench.obligations()["customer", "texts"].receipt
    assert first is not None
    assert bench.context().closed_at is None
    bench.receipt(first.id, "undelivered")
    told = bench.obligations()["customer", "texts"]
    assert (told.status, told.way) == (ObligationStatus.SENT, "reserve")
    assert told.receipt is not None
    assert told.receipt.id != first.id
    sent = [it["from"] for it in bench.sandbox.snapshot("twilio")["messages"] if "Booked" in it["body"]]
    assert sent == [PRACTICE, "+13125550101"]
    bench.receipt(told.receipt.id, "delivered")
    assert bench.context().closed_at is not None


def test_undelivered_without_another_way_is_exhausted(here: World) -> None:
    """A phone that is switched off for good makes the desk call."""
    bench = Bench(here, edits=TEXTS_ONLY)
    bench.sandbox.seed("twilio", {"unreachable": [MAYA]})
    book(bench)
    told = bench.obligations()["customer", "texts"]
    assert (told.status, told.failure) == (ObligationStatus.EXHAUSTED, "undelivered")
    assert any("`tell customer`" in body for body in bench.notices.bodies())
    assert bench.context().closed_at is not None
