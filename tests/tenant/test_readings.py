"""How an expression may be misread: amounts as numbers, UTC as the tenant's clock, words that a choice never is."""

from typing import Any

import pytest
from hypothesis import given, strategies as st

from followthrough.tenant.complaints import Mistake
from followthrough.tenant.expressions import compile_expression, evaluate
from followthrough.tenant.home import Home
from followthrough.tenant.types import Many, OneOf, Plain, Type, record

CHICAGO, MADRID = Home("USD", "America/Chicago"), Home("EUR", "Europe/Madrid")
SCOPE: dict[str, Type] = {
    "price": record("price", {"amount": Plain.MONEY, "deposit": Plain.MONEY, "share": Plain.NUMBER}),
    "count": Plain.WHOLE,
    "agreed": Plain.YES_NO,
    "inputs": record("inputs", {"urgency": OneOf(("low", "emergency")), "note": Plain.TEXT}),
    "language": OneOf(("en", "es")),
    "slot": record("slot", {"start": Plain.TIME}),
    "times": Many(Plain.TIME),
    "openings": Many(record("Slot", {"start": Plain.TIME, "weekend": Plain.YES_NO})),
    "now": Plain.TIME,
}
VALUES: dict[str, Any] = {
    "price": {"amount": 9000, "deposit": 20000, "share": 0.5},
    "count": 3,
    "agreed": True,
    "inputs": {"urgency": "low", "note": "é 😀"},
    "language": "en",
    "slot": {"start": "2026-11-25T00:30:00Z"},
    "times": ["2026-11-25T00:30:00Z"],
    "openings": [],
    "now": "2026-11-24T15:30:00Z",
}


def mistakes(text: str, home: Home = CHICAGO) -> list[Mistake]:
    """Return what is wrong with an expression."""
    try:
        compile_expression(text, SCOPE, home)
    except Mistake as mistake:
        return mistake.all
    return []


@pytest.mark.parametrize(
    ("text", "offset", "said"),
    [
        (
            "=price.deposit > 200",
            14,
            'money cannot be compared with a whole number: write the amount as money("2',
        ),
        ("=price.deposit > 200.00", 14, 'with a number with decimals: write the amount as money("200.00")'),
        (
            "=200 < price.deposit",
            4,
            'number cannot be compared with money: write the amount as money("200.00")',
        ),
        ("=price.deposit == 0", 14, 'write the amount as money("200.00")'),
        ("=price.deposit != count", 14, 'write the amount as money("200.00")'),
        (
            "=price.deposit + 5 > price.amount",
            14,
            "`+` does not work with money and a whole number: write the amount",
        ),
        ("=price.deposit - 5.0 > price.amount", 14, "write the amount as"),
        ("=price.amount * 1.5", 13, "money is multiplied by a whole number only"),
        ("=price.amount * price.amount", 13, "money is multiplied by a whole number only"),
        ("=price.amount / 2", 13, "money may not come out even"),
        ("=price.amount % 2", 13, "money may not come out even"),
        ("=price.amount in [100, 200]", 13, "does not work with money and a list"),
        ("=agreed ? price.amount : 5", 7, "on both sides of `:` stands the same kind of value"),
        ('=price.amount > money("2.005")', 21, "2.005 has more decimals than USD has"),
        ('=price.amount > money("$2")', 21, "an amount of money is a number such as 90 or 90.00"),
        ("=price.amount > money(inputs.note)", 20, 'an amount that is written out, such as money("200.00")'),
        ("=price.amount > money(200)", 20, "`money` is given an amount in quotes"),
    ],
)
def test_money_is_no_number(text: str, offset: int, said: str) -> None:
    """M5: money is compared with money and added to money; who writes a bare number is told what to write."""
    (found,) = mistakes(text)
    assert said in found.message
    assert found.offset == offset


def test_an_amount_has_the_decimals_of_the_tenants_currency() -> None:
    """M5: an amount is read in the tenant's own currency."""
    text = '=price.amount >= money("90.00")'
    assert evaluate(text, SCOPE, VALUES, CHICAGO) is True
    assert "more decimals than JPY" in mistakes('=price.amount > money("90.50")', Home("JPY", "Asia/Tokyo"))[0].message
    assert evaluate('=money("9000") == price.amount', SCOPE, VALUES, Home("JPY", "Asia/Tokyo")) is True


def test_what_is_made_of_money_is_money() -> None:
    """M5: sums, differences and multiples of money are money, so that they may be charged and a number may not."""
    for text in ("=price.amount + price.deposit", "=2 * price.amount", "=count * price.amount - price.deposit"):
        assert compile_expression(text, SCOPE, CHICAGO).type is Plain.MONEY
    assert compile_expression("=count * 2", SCOPE, CHICAGO).type is Plain.WHOLE
    assert evaluate("=count * price.amount - price.deposit", SCOPE, VALUES, CHICAGO) == 7000


@given(st.integers(0, 10**9), st.integers(0, 10**9), st.sampled_from(["<", "<=", ">", ">=", "==", "!="]))
def test_money_compares_as_the_amounts_do(one: int, other: int, sign: str) -> None:
    """M5: whatever two amounts are, they compare as the people do who read them."""
    values = {**VALUES, "price": {"amount": one, "deposit": other, "share": 0.5}}
    written = f"{other // 100}.{other % 100:02}"
    for text in (f"=price.amount {sign} price.deposit", f'=price.amount {sign} money("{written}")'):
        assert evaluate(text, SCOPE, values, CHICAGO) is bool(eval(f"{one} {sign} {other}"))


@pytest.mark.parametrize(
    ("text", "offset", "word"),
    [
        ('=inputs.urgency == "emergancy"', 18, "emergancy"),
        ('=inputs.urgency != "emergancy"', 18, "emergancy"),
        ('="emergancy" == inputs.urgency', 0, "emergancy"),
        ('=inputs.urgency in ["low", "emergancy"]', 26, "emergancy"),
        ('="emergancy" in [inputs.urgency]', 0, "emergancy"),
        ('=agreed && ("x" == "x" || (inputs.urgency) == "emergancy")', 45, "emergancy"),
        ('=inputs.note == "é 😀" && inputs.urgency == "emergancy"', 42, "emergancy"),
        ("=inputs.note == 'a' &&\n  inputs.urgency == 'emergancy'", 42, "emergancy"),
    ],
)
def test_a_choice_is_never_another_word(text: str, offset: int, word: str) -> None:
    """T4: a choice that is compared with a word that it does not have is refused at that word, with the nearest one."""
    (found,) = mistakes(text)
    said = f"`inputs.urgency` is never `{word}` (did you mean `emergency`?): it is one of low, emergency"
    assert (found.message, found.offset) == (said, offset)


def test_each_word_that_a_choice_never_is_is_told() -> None:
    """T4: of several such words every one is told, and other texts may be compared with anything."""
    found = mistakes('=inputs.urgency in ["now", "low", "soon"] || language == "english" || inputs.note == "now"')
    assert [(it.message.partition(" (")[0].partition(":")[0], it.offset) for it in found] == [
        ("`inputs.urgency` is never `now`", 19),
        ("`inputs.urgency` is never `soon`", 33),
        ("`language` is never `english`", 56),
    ]


@pytest.mark.parametrize(
    ("text", "chicago", "madrid"),
    [
        ("=slot.start.getHours()", 18, 1),
        ("=slot.start.getHours() >= 18", True, False),
        ('=inputs.note == "é 😀" && slot.start.getHours( ) >= 18', True, False),
        ("=slot.start.getDate()", 24, 25),
        ("=slot.start.getDayOfWeek()", 2, 3),
        ("=slot.start.getMinutes()", 30, 30),
        ("=times.exists(time, time.getHours() == 18)", True, False),
        ("=slot.start.getHours() == 18 && now.getHours() == 9", True, False),
        ('=slot.start.getHours("UTC")', 0, 0),
        ("=(slot.start - now).getHours()", 9, 9),
    ],
)
def test_clocks_are_the_tenants_own(text: str, chicago: object, madrid: object) -> None:
    """T5: what a clock or a calendar shows is what it shows where the tenant is; spans of time know no place."""
    assert evaluate(text, SCOPE, VALUES, CHICAGO) == chicago
    assert evaluate(text, SCOPE, VALUES, MADRID) == madrid


def test_a_clock_elsewhere_is_named_by_its_region() -> None:
    """T5: who reads another place's clock names a time zone that exists; one that does not would only fail later."""
    (found,) = mistakes('=slot.start.getHours("America/Chigaco") > 1')
    assert "did you mean `America/Chicago`?" in found.message
    assert found.offset == 20


@pytest.mark.parametrize(
    ("text", "offset", "said"),
    [
        ("=openings[0].weekend", 11, "`openings` is a list: take one by a `choose` step"),
        ("=openings.exists(each, each.weekend)", 26, "`openings` is a list: take one by a `choose` step"),
        ("=openings[0] == openings[0]", 8, "`openings` is a list"),
        ("=openings[0]", 8, "`openings` is a list: take one by a `choose` step"),
        ("=inputs.note.first", 0, "`inputs.note` is text and has no part `first`"),
        ("=inputs.note.first == 'x'", 11, "`inputs.note` is text and has no parts"),
        ("=inputs.note.exists(each, each == 'x')", 6, "only a list can be gone through, and this is text"),
        ("=inputs.note && agreed", 12, "`&&` needs what is yes or no, and this is text"),
        ("=!count", 0, "`!` needs what is yes or no, and this is a whole number"),
        ("=count ? 1 : 2", 6, "needs what is yes or no, and this is a whole number"),
        ("=slot.start + count", 11, "`+` does not work with a time and a whole number"),
        ("=count = 3", 6, "to compare, write `==`"),
        ("=agreed and agreed", 7, "write `&&`"),
        ("=agreed or agreed", 7, "write `||`"),
        ("=count >", 7, "it ends too early"),
        ("=count > 99999999999999999999", 8, "larger than an expression can hold"),
    ],
)
def test_said_in_an_operators_words(text: str, offset: int, said: str) -> None:
    """T18: what CEL objects to is one sentence in an operator's words that says what to do."""
    found = mistakes(text)
    assert (found[0].offset, said in found[0].message) == (offset, True)
    assert not any("operand" in it.message or "overload" in it.message for it in found)


def test_no_template_is_filled_in_within_an_expression() -> None:
    """T3: braces in a text of an expression would be said as braces."""
    (found,) = mistakes('=inputs.note == "" ? "none" : "Note: {{ inputs.note }}"')
    assert "no template is filled in here: join texts and variables with `+`" in found.message
    assert found.offset == 29
