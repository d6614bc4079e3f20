"""Whatever fails, and whatever undoing fails, a chain ends as the table in docs/compensation.md says."""

import re

import pytest

from tests.compensation.rows import DOCUMENT, rows, says
from tests.compensation.scenarios import SCENES
from tests.compensation.seen import in_the_systems, owed, seen
from tests.workbench.bench import Bench
from tests.workbench.world import World

ROWS = {(row["Step"], row["What goes wrong"]): row for row in rows(DOCUMENT.read_text("utf-8"))}
MAIL = "maya@torres.example"
"""The only customer's mail address that the CRM knows."""

NOTHING_PAID = re.compile(r"was not charged|nothing was (booked|charged)|Nothing was booked")
REFUNDED, CHARGED = "What you paid is refunded", "Your card was charged"


def test_every_row_has_its_scene() -> None:
    """The table and what is played are the same rows, so that none is only claimed."""
    assert set(ROWS) == set(SCENES)
    assert len(ROWS) >= 30


@pytest.mark.parametrize("key", SCENES, ids=": ".join)
def test_row(here: World, key: tuple[str, str]) -> None:
    """The ledger, the systems' own books, the alerts and the customer's words are those of the row."""
    bench, row = Bench(here), ROWS[key]
    customer = SCENES[key](bench)
    bench.let_pass(minutes=20)
    assert seen(bench, customer) == {name: row[name] for name in seen(bench, customer)}
    said = row["The customer is told"]
    told = (bench.mail.bodies(MAIL) or bench.heard(customer))[-1]
    assert said == "-" or says(said, told), told
    _everybody_hears(bench, row)
    assert bench.context().closed_at is not None
    assert bench.machine().status == "SUCCEEDED"
    if said != "-":
        _is_true(bench, customer, told)


def _everybody_hears(bench: Bench, row: dict[str, str]) -> None:
    """The desk and the file name what was undone, stands or is not known, where the request was not completed."""
    told = owed(bench)
    assert {it.party for it in told} == {"customer", "operator", "record"}
    if row["Status"] == "completed":
        return
    words = [it.words or "" for it in told if it.message in {"not_done_desk", "not_done_record"}]
    assert len(words) == 3
    for label, name in (("Undone", "Undone"), ("Still standing", "Stands"), ("Not known", "Not known")):
        for text in words:
            assert (label in text) == (row[name] != "-")
            assert row[name] == "-" or f": {row[name]}." in text


def _is_true(bench: Bench, customer: str, told: str) -> None:
    """What the words claim of money and visits is what the providers' books say."""
    payments = [it for it in bench.sandbox.snapshot("stripe")["payments"] if it["status"] == "succeeded"]
    left = in_the_systems(bench, customer)
    if NOTHING_PAID.search(told):
        assert payments == []
    if REFUNDED in told:
        assert [it["refunded"] for it in payments] == [it["amount"] for it in payments] != []
    if CHARGED in told:
        assert "payment" in left
    if told.startswith("Booked"):
        assert left == "visit, payment"


def test_words_are_compared_as_a_whole() -> None:
    """A text with less, more or other words than its cell is noticed."""
    assert says("Booked: … paid.", "Booked: on Monday, $9.00 paid. Ref. 0A1B2C3D.")
    assert not says("Booked: … paid.", "Booked: on Monday, $9.00 paid. Thank you. Ref. 0A1B2C3D.")
    assert not says("Nothing was booked.", "Nothing. Ref. 0A1B2C3D.")


def test_rows_are_read_from_their_tables_only() -> None:
    """Other tables of the page are passed over, and so are rules below a header."""
    text = "| a | b |\n| --- | --- |\n| x | y |\n\n| Step | What goes wrong |\n| --- | --- |\n| hold | - |\n"
    assert rows(text) == [{"Step": "hold", "What goes wrong": "-"}]
