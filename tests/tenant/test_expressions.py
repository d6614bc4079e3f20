"""CEL as this product uses it: what it can say, and that nothing is silently wrong."""

from typing import Any

import pytest

from followthrough.contracts.calendar import Slot
from followthrough.contracts.crm import Person
from followthrough.contracts.payments import Refund
from followthrough.tenant.complaints import Mistake
from followthrough.tenant.expressions import LONGEST_TEXT, NotEvaluated, compile_expression, constant, evaluate
from followthrough.tenant.home import Home
from followthrough.tenant.types import Many, Maybe, Plain, Type, of_model, record

HOME = Home("USD", "America/Chicago")
SCOPE: dict[str, Type] = {
    "patient": of_model(Person),
    "slot": of_model(Slot),
    "openings": Many(of_model(Slot)),
    "words": Many(Plain.TEXT),
    "price": record("price", {"amount": Plain.MONEY, "share": Plain.NUMBER}),
    "refund": Maybe(of_model(Refund)),
    "agreed": Plain.YES_NO,
    "odd": Plain.ANYTHING,
    "now": Plain.TIME,
}
VALUES: dict[str, Any] = {
    "patient": {"id": "p1", "tier": "gold", "status": "", "name": "Ana"},
    "slot": {"start": "2026-11-24T21:00:00Z", "end": "2026-11-24T16:00:00-06:00", "weekend": False},
    "openings": [{"start": "2026-11-24T21:00:00Z"}, {"start": "2026-11-25T21:00:00Z"}],
    "words": ["a", "b"],
    "price": {"amount": 9000, "share": "0.5"},
    "agreed": True,
    "odd": {"part": 3},
    "now": "2026-11-24T15:30:00+00:00",
}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("=patient", VALUES["patient"]),
        ("=openings", VALUES["openings"]),
        ("=patient.tier", "gold"),
        ("= slot.start ", "2026-11-24T21:00:00Z"),
        ('=patient.tier == "gold"', True),
        ('=patient.status == "blocked"', False),
        ('=patient.tier in ["gold", "silver"]', True),
        ('=patient.tier.startsWith("g") && !slot.weekend', True),
        ("=price.amount * 2", 18000),
        ('=price.amount - money("5.00") > money("80.00")', True),
        ('=price.amount + money("0.50") == money("90.5")', True),
        ('=price.amount >= money("90")', True),
        ('=price.amount < 2 * money("45.01")', True),
        ('=price.amount in [money("10"), money("90.00")]', True),
        ('=[1, 2].exists(each, price.amount * each > money("0.00"))', True),
        ('=agreed ? price.amount : money("120.00")', 9000),
        ("=agreed ? price.amount * 2 + price.amount : price.amount", 27000),
        ("=price.share > 0.4", True),
        ('=patient.name == "" ? "you" : patient.name', "Ana"),
        ("=slot.start > now", True),
        ("=slot.end > slot.start", True),
        ('=slot.start > timestamp("2026-11-24T00:00:00Z")', True),
        ('=slot.start - now > duration("5h")', True),
        ('=slot.start + duration("24h")', "2026-11-25T21:00:00Z"),
        ('=slot.start.getHours("America/Chicago")', 15),
        ('=slot.start.getHours("UTC")', 21),
        ('=slot.start.getHours("+02:00")', 23),
        ("=hours_until(slot.start)", 5),
        ("=hours_until(slot.start) < 24", True),
        ("=hours_until(now)", 0),
        ("=size(openings) > 1", True),
        ('="b" in words', True),
        ('=words.filter(word, word == "a")', ["a"]),
        ("=odd.part == 3", True),
        ("=agreed", True),
        ("=1 == 1", True),
    ],
)
def test_says(text: str, value: object) -> None:
    """What operators need to say has the value that they expect, as a JSON value."""
    assert evaluate(text, SCOPE, VALUES, HOME) == value


@pytest.mark.parametrize(
    ("text", "offset", "said"),
    [
        ("=patient.teir == 'x'", 0, "did you mean `tier`?"),
        ("=agreed && patint.tier == 'x'", 10, "did you mean `patient`?"),
        ("=refund.id == ''", 0, "may be missing"),
        ("=price.share > 3", 12, "write 3.0 instead of 3"),
        ("=patient.tier > 3", 13, "text cannot be compared with a whole number"),
        ("=slot.start > '2026'", 11, "a time cannot be compared with text"),
        ("=openings[0].start > now", 11, "take one by a `choose` step"),
        ("=hours_left(slot.start)", 10, "no function `hours_left`"),
        ("=1 +", 3, "cannot be read"),
        ("=", 0, "missing after `=`"),
        ("=duration('3h')", 0, "cannot be kept"),
        ("=patient == slot", 0, "several parts"),
        ("=while.id == 1", 0, "reserved word"),
        ("=" + "(" * 40 + "1" + ")" * 40, 0, "nested too deeply"),
        ("=" + "+".join("1" * 40), 0, "nested too deeply"),
        ("=" + "1" * 1001, 0, "at most 1000 characters"),
    ],
)
def test_mistakes(text: str, offset: int, said: str) -> None:
    """A wrong expression is refused when it is published, with the place and what to do."""
    with pytest.raises(Mistake) as caught:
        compile_expression(text, SCOPE, HOME)
    assert said in caught.value.message
    assert caught.value.offset == offset


@pytest.mark.parametrize(
    ("text", "changes"),
    [
        ("=patient.tier", {"patient": {}}),
        ('=patient.tier == "gold"', {"patient": {}}),
        ('=patient.tier != "gold"', {"patient": {"tier": 5}}),
        ('=!(patient.tier == "gold")', {"patient": {"tier": None}}),
        ("=price.amount / 0 == 1", {}),
        ("=slot.start > now", {"slot": {"start": "tomorrow"}}),
        ("=hours_until(slot.start) < 24", {"now": None}),
        ('=patient.name.matches("(")', {}),
        ("=odd.missing == 1", {}),
        ("=refund.id", {}),
        ("=nobody", {}),
        ('=patient.name == "x"', {"patient": {"name": "x" * (LONGEST_TEXT + 1)}}),
        ("=size(words) == 0", {"words": ["x"] * 1001}),
    ],
)
def test_errors_are_never_values(text: str, changes: dict[str, Any]) -> None:
    """CEL returns its errors; here each is raised, so that none is taken for true or false."""
    with pytest.raises(NotEvaluated):
        evaluate(text, SCOPE, {**VALUES, **changes}, HOME)


def test_errors_quote_no_data() -> None:
    """An error may be logged, so it tells the expression and nothing of whom it was about."""
    with pytest.raises(NotEvaluated) as caught:
        evaluate("=timestamp(patient.name) > now", SCOPE, VALUES, HOME)
    assert "Ana" not in str(caught.value)


def test_runaway_is_stopped() -> None:
    """Nested loops end at CEL's budget instead of running on."""
    many = "[1,2,3,4,5,6,7,8,9,0]"
    text = f"={many}.map(a, {many}.map(b, {many}.map(c, {many}.map(d, {many}.map(e, a))))).size() > 0"
    with pytest.raises(NotEvaluated, match="more steps"):
        evaluate(text, SCOPE, VALUES, HOME)


@pytest.mark.parametrize(
    ("text", "value"),
    [("=true", True), ("=1 > 2", False), ('=true || patient.tier == "x"', True), ('=patient.tier == "x"', None)],
)
def test_constant(text: str, value: object) -> None:
    """What an expression is whatever happens is found without data."""
    assert constant(text, SCOPE, HOME) is value


def test_types() -> None:
    """The type of the value is known when the expression is published."""
    assert compile_expression("=slot", SCOPE, HOME).type == of_model(Slot)
    assert compile_expression("=refund.amount", SCOPE, HOME).type == Maybe(Plain.MONEY)
    assert compile_expression("=slot.start > now", SCOPE, HOME).type is Plain.YES_NO
    assert compile_expression("=words", SCOPE, HOME).type == Many(Plain.TEXT)
