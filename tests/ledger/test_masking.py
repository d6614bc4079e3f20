"""Card numbers and security codes are masked; phone numbers, times and identifiers are not."""

from time import process_time

import pytest
from hypothesis import given, strategies as st

from followthrough.ledger.masking import mask, mask_facts, passes_luhn

CARDS = [
    "4242424242424242",
    "4242 4242 4242 4242",
    "4242-4242-4242-4242",
    "4242.4242.4242.4242",
    "4 2 4 2 4 2 4 2 4 2 4 2 4 2 4 2",
    "4, 2, 4, 2, 4, 2, 4, 2, 4, 2, 4, 2, 4, 2, 4, 2",
    "4242\n4242\n4242\n4242",
    "4242 4242\r\n4242 4242",
    "4242\t4242\t4242\t4242",
    "4242 - 4242 - 4242 - 4242",
    "4242, 4242, 4242, 4242",
    "4242/4242/4242/4242",
    "4242\u202f4242\u20094242\u22124242",
    "4242\u200b4242\u200b4242\u200b4242",
    "4242\u200e4242\u20604242\uff0d4242",
    "42424242, 42424242",
    "3782, 822463, 10005",
    "4242\u00a04242\u20134242  4242",
    "+4242424242424242",
    "4222222222222",
    "5555 5555 5555 4444",
    "2223003122003222",
    "3782 822463 10005",
    "6011 1111 1111 1117",
    "30569309025904",
    "3566002020360505",
    "6200000000000005",
    "\u0664\u0662\u0664\u0662 \u0664\u0662\u0664\u0662 \u0664\u0662\u0664\u0662 \u0664\u0662\u0664\u0662",
]
NOT_CARDS = [
    "4242 4242 4242 4241",
    "+13125550188",
    "+442071838750000",
    "1 312 555 0100",
    "312 555 0100 847 555 0199",
    "630 555 0100, 630 555 0104",
    "2026-11-22T15:04:05.000000Z",
    "1795359845000",
    "pi_4242424242424242",
    "SM4242424242424242",
    "4242424242424242abc",
    "Ref 88DA4F01, 120.00 USD",
    "424242424242424242424242",
    "4242 4242",
    "4/1/2026, 4/17/2026",
    "4/1/2026 - 4/17/2026",
    "4 1 2026\n4 17 2026",
    "45.00, 50.00, 60.00, 70.08",
    "4,242,424,242,422",
    "375, 412, 420, 431, 433",
    "+5215512345678, 126",
    "+1 312 555 0100\n+1 312 555 0104",
    "pi_4242, 4242, 4242, 4242",
]


@pytest.mark.parametrize("card", CARDS)
def test_cards_are_masked(card: str) -> None:
    """However a card is grouped, only its last four digits stay, and the words around it."""
    ending = "".join(str(int(digit)) for digit in card if digit.isdecimal())[-4:]
    sign = "+" if card.startswith("+") else ""
    assert mask(f"pay with {card}, please") == f"pay with {sign}[card ending {ending}], please"


@pytest.mark.parametrize("text", NOT_CARDS)
def test_what_only_looks_like_a_card_stays(text: str) -> None:
    """Phone numbers, times, identifiers with letters and numbers with a wrong check digit are not touched."""
    assert mask(f"it is {text} today") == f"it is {text} today"


def test_card_between_other_numbers() -> None:
    """A phone number before and an expiry behind do not hide the card between them."""
    text = "call +1 312 555 0100 4242 4242 4242 4242 12/27 or 5555555555554444 0130"
    masked = mask(text)
    assert masked.startswith("call +1 312 555 0100 [card ending 4242] 12/27")
    assert masked.endswith("[card ending 4444] 0130")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("4242424242424242exp12/27", "[card ending 4242]exp12/27"),
        ("card4242424242424242", "card[card ending 4242]"),
        ("Visa4242 4242 4242 4242Exp 12/27", "Visa[card ending 4242]Exp 12/27"),
        ("my card:4242424242424242cvv123", "my card:[card ending 4242]cvv[masked]"),
    ],
)
def test_cards_that_touch_a_word(text: str, expected: str) -> None:
    """Who leaves out the space before `exp` or behind `card` has written a card and no identifier."""
    assert mask(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("cvv 123", "cvv [masked]"),
        ("cvv123", "cvv[masked]"),
        ("cvv code is 123", "cvv code is [masked]"),
        ("CVV number is: 123", "CVV number is: [masked]"),
        ("the security code on the back is 123", "the security code on the back is [masked]"),
        ("security code, see you at 1130", "security code, see you at 1130"),
        ("CVC: 1234.", "CVC: [masked]."),
        ("my security code is 1 2 3", "my security code is [masked]"),
        ("código de seguridad es 987", "código de seguridad es [masked]"),
        ("CVV2=123", "CVV2=[masked]"),
        ("cvv 12345", "cvv 12345"),
        ("room 123", "room 123"),
    ],
)
def test_security_codes(text: str, expected: str) -> None:
    """Three or four digits behind a word for the code are masked, and no others."""
    assert mask(text) == expected


@given(st.integers(min_value=10**14, max_value=10**15 - 1), st.sampled_from(["", " ", "-"]))
def test_every_visa_number_is_masked(digits: int, separator: str) -> None:
    """Any sixteen digits of a network with a right check digit are masked, in groups of four or none."""
    stem = f"4{digits}"[:15]
    number = next(stem + check for check in "0123456789" if passes_luhn(stem + check))
    grouped = separator.join(number[start : start + 4] for start in range(0, 16, 4))
    assert mask(f"card {grouped}") == f"card [card ending {number[-4:]}]"


@given(st.text(alphabet="0123456789 -+.xa,/\n\u2009", max_size=60))
def test_masking_twice_is_masking_once(text: str) -> None:
    """Masked text is stable, so a record that is read and written again does not change."""
    assert mask(mask(text)) == mask(text)


def test_long_runs_of_digits_take_no_time() -> None:
    """A text made to be slow is not: its size is the only thing that counts."""
    started = process_time()
    assert mask("4 " * 20_000 + "x").endswith("x")
    assert process_time() - started < 5


def test_facts_are_masked_but_identifiers() -> None:
    """Texts and numbers of a JSON value are masked, except where the field says that it is an id or a phone number."""
    facts = {
        "note": "4242424242424242",
        "lines": [{"text": "cvv 123", "id": "4242424242424242"}],
        "payments_id": "4242424242424242",
        "phone": "4242424242424242",
        "paid": True,
        "order_id": 4242424242424242,
        "milliseconds": 1795359845000,
        "amount": 12000,
        "card": 4242424242424242,
        "tried": [5555555555554444, 4242424242424241],
    }
    assert mask_facts(facts) == {
        **facts,
        "note": "[card ending 4242]",
        "lines": [{"text": "cvv [masked]", "id": "4242424242424242"}],
        "card": "[card ending 4242]",
        "tried": ["[card ending 4444]", 4242424242424241],
    }
