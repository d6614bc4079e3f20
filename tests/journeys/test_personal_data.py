"""No customer can be recognised in what Step Functions, the logs, the tables and the bucket keep."""

import json
from collections.abc import Iterable, Iterator

import pytest

from tests.journeys import holdings
from tests.journeys.stage import Stage

KEEPERS = {
    "the histories of the machines": holdings.histories,
    "the logs": holdings.logs,
    "the tables": holdings.items,
    "the bucket": holdings.objects,
}
_TELLING = 12
"""Shorter texts ("yes") are in every file; longer ones are the customer's own."""


@pytest.fixture(scope="module")
def revealing(quiet: Stage) -> set[str]:
    """Each customer's names, numbers and mail address, and own words; and what the practice texted them."""
    found: set[str] = set()
    for customer in quiet.town.people:
        found |= {*customer.name.split(), customer.phone[1:], customer.phone[2:], customer.mail}
        found |= {text for text in customer.spoken if len(text) >= _TELLING}
    texts = [message["body"] for message in quiet.world.sandbox.snapshot("twilio")["messages"]]
    # A text without a time, an amount or a reference is the practice's own, word for word.
    return found | {text for text in texts if any(map(str.isdigit, text))}


def _found(kept: Iterable[str], revealing: set[str]) -> Iterator[str]:
    # Inside JSON inside JSON quotes and accents are escaped, once more at every level.
    spellings = {spelt for text in revealing for spelt in (text, _escaped(text), _escaped(_escaped(text)))}
    for each in kept:
        yield from (f"{spelt!r} in {each[:400]}" for spelt in spellings if spelt in each)


def _escaped(text: str) -> str:
    return json.dumps(text)[1:-1]


@pytest.mark.parametrize("keeper", KEEPERS)
def test_nothing_personal_is_kept_in_clear(keeper: str, quiet: Stage, revealing: set[str]) -> None:
    """Neither names nor numbers nor addresses nor words of any customer of any journey are there to be read."""
    kept = list(KEEPERS[keeper](quiet.world))
    assert len(kept) > 1
    assert list(_found(kept, revealing)) == []


def test_the_search_would_find_it(quiet: Stage, revealing: set[str]) -> None:
    """The same search finds every customer in what the providers hold: it is no search for nothing."""
    providers = [json.dumps(quiet.world.sandbox.snapshot(name), ensure_ascii=False) for name in ("hubspot", "twilio")]
    found = " ".join(_found(providers, revealing))
    assert all(customer.phone[1:] in found for customer in quiet.town.people)
    assert all(customer.mail in found for customer in quiet.town.people)
    assert all(customer.name.split()[0] in found for customer in quiet.town.people)
