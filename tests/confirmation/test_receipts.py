"""A carrier's words on a text: they only move it forward, however late, often or disordered they come."""

from itertools import permutations
from typing import TYPE_CHECKING

import pytest

from followthrough.ledger.models import ObligationStatus
from tests.confirmation.test_delivery import TWO_NUMBERS, book
from tests.workbench.bench import Bench
from tests.workbench.watched import watched
from tests.workbench.world import TENANT, World

if TYPE_CHECKING:
    from collections.abc import Callable


@pytest.fixture
def told(here: World) -> tuple[Bench, str]:
    """A booking whose text has been sent, and that text's id; nothing was reported yet."""
    bench = Bench(here, receipts=False)
    book(bench)
    receipt = bench.obligations()["customer", "texts"].receipt
    assert receipt is not None
    return bench, receipt.id


def status(bench: Bench) -> ObligationStatus:
    return bench.obligations()["customer", "texts"].status


@pytest.mark.parametrize("order", list(permutations(["queued", "sent", "delivered"])))
def test_disordered_statuses(told: tuple[Bench, str], order: tuple[str, ...]) -> None:
    """Whatever order the statuses come in, the text ends delivered and the execution closes."""
    bench, message = told
    for said in order:
        bench.receipt(message, said)
    assert status(bench) is ObligationStatus.DELIVERED
    assert bench.context().closed_at is not None


def test_open_until_the_carrier_reports(told: tuple[Bench, str]) -> None:
    """A text that was only accepted keeps the execution open."""
    bench, message = told
    bench.receipt(message, "sent")
    assert (status(bench), bench.context().closed_at) == (ObligationStatus.SENT, None)


def test_delivered_stays_delivered(told: tuple[Bench, str]) -> None:
    """A failure that is reported after the delivery is too late to count, and a second delivery is nothing new."""
    bench, message = told
    bench.receipt(message, "delivered")
    before = bench.told()
    for late in ("undelivered", "delivered", "failed", "sent"):
        bench.receipt(message, late)
    assert status(bench) is ObligationStatus.DELIVERED
    assert bench.told() == before


def test_read_is_delivered(told: tuple[Bench, str]) -> None:
    """Who has read a message has got it."""
    bench, message = told
    bench.receipt(message, "read")
    assert status(bench) is ObligationStatus.DELIVERED


def test_failure_reported_twice_counts_once(here: World) -> None:
    """The same failure reported again does not spoil the way that was taken instead."""
    bench = Bench(here, edits=TWO_NUMBERS, receipts=False)
    book(bench)
    first = bench.obligations()["customer", "texts"].receipt
    assert first is not None
    for _ in range(3):
        bench.receipt(first.id, "undelivered")
    assert (status(bench), bench.obligations()["customer", "texts"].way) == (ObligationStatus.SENT, "reserve")


def test_first_way_that_worked_after_all_is_good_news(here: World) -> None:
    """A text that was given up and arrives nevertheless has been delivered."""
    bench = Bench(here, edits=TWO_NUMBERS, receipts=False)
    book(bench)
    first = bench.obligations()["customer", "texts"].receipt
    assert first is not None
    bench.receipt(first.id, "undelivered")
    bench.receipt(first.id, "delivered")
    assert status(bench) is ObligationStatus.DELIVERED
    assert bench.context().closed_at is not None


def test_next_way_that_asks_to_wait_keeps_the_failure(here: World) -> None:
    """Where the next way cannot be taken at once, the ledger knows that the first one failed."""
    bench = Bench(here, edits=TWO_NUMBERS, receipts=False)
    book(bench)
    first = bench.obligations()["customer", "texts"].receipt
    assert first is not None
    bench.fault("twilio", "throttled", times=1, seconds=30)
    bench.receipt(first.id, "undelivered")
    assert bench.obligations()["customer", "texts"].failure == "undelivered"
    bench.receipt(first.id, "undelivered")
    assert bench.obligations()["customer", "texts"].way == "reserve"


def test_strangers_message_changes_nothing(told: tuple[Bench, str]) -> None:
    """A status of a message that we do not know is accepted and forgotten."""
    bench, _ = told
    before = bench.told()
    bench.receipt("SM" + "f" * 32, "delivered")
    assert (status(bench), bench.told()) == (ObligationStatus.SENT, before)


def test_receipt_that_is_faster_than_our_record(told: tuple[Bench, str], here: World) -> None:
    """A delivery reported before we have written down the message's id is not lost."""
    _, message = told
    bench = Bench(here, receipts=False)
    bench.receipt(message, "delivered")
    book(bench)
    receipt = bench.obligations()["customer", "texts"].receipt
    assert receipt is not None
    assert receipt.id == message
    assert status(bench) is ObligationStatus.DELIVERED
    assert bench.context().closed_at is not None


def test_each_party_is_resolved_in_its_way(told: tuple[Bench, str]) -> None:
    """The record by the provider's answer, a notice when it was accepted, a mail and a text by their receipts."""
    bench, message = told
    owed = bench.obligations()
    assert owed["record", "crm"].status is ObligationStatus.DELIVERED
    assert owed["operator", "notices"].status is ObligationStatus.SENT
    assert owed["operator", "mail"].status is ObligationStatus.DELIVERED
    bench.receipt(message, "delivered")
    facts = [it.fact for it in bench.ledger.trace(TENANT, bench.context().execution)]
    assert [it.kind for it in facts][-1] == "closed"


def test_two_last_words_at_the_same_moment_close(here: World) -> None:
    """Each report reads that the other one is missing; who writes second sees that nothing is."""
    others: list[Callable[[], None]] = []

    def meanwhile(point: str, _about: object) -> None:
        if point == "after ledger.load_everything" and others:
            others.pop()()

    bench = Bench(here, receipts=False, mail_reports=False, wrap=lambda ports: watched(ports, meanwhile))
    book(bench)
    ids = {way: it.receipt.id for (_, way), it in bench.obligations().items() if it.receipt}
    others.append(lambda: bench.mail_report(ids["mail"], "Delivery"))
    bench.receipt(ids["texts"], "delivered")
    assert others == []
    assert bench.context().closed_at is not None
    assert [it.fact.kind for it in bench.trace()].count("closed") == 1
