import pytest
from hypothesis import given, strategies as st

from followthrough.understanding.answers import wants_none, yes_or_no

YES = """yes|yep|Yes please|YES!!|ok|sure|sí|si por favor|Sí, claro|vale|dale|👍|👍🏽|sounds good|perfect
|that works for me|como no|¡Sí!|de acuerdo|está bien|yes please go ahead and book that appointment|ok thanks|y"""
NO = """no|nope|No thanks|no gracias|👎|nah|n|no, it's too expensive|I don't want it|no quiero
|not now|I can't|No. Sorry|mejor no"""
UNSURE = """yes but no|yes if it's cheaper|maybe|ok how much?|yes at 4|claro que no|no sé|not sure
|ok let me check with my wife|no tengo tarjeta|right now I'm at work|👍👎|hello|why not|yes or no?
|si puede ser más tarde
|yes Wednesday|yes no||no problem"""


def _each(lines: str) -> list[str]:
    return [line.strip("\n") for line in lines.split("|")]


@pytest.mark.parametrize("text", _each(YES))
def test_a_plain_yes_agrees(text: str) -> None:
    """Agreement in either language, a word or a thumb, is a yes."""
    assert yes_or_no(text, "en") is True


@pytest.mark.parametrize("text", _each(NO))
def test_a_plain_no_refuses(text: str) -> None:
    """A refusal in either language is a no."""
    assert yes_or_no(text, "en") is False


@pytest.mark.parametrize("text", _each(UNSURE))
def test_a_condition_or_a_doubt_is_neither(text: str) -> None:
    """What is neither, both, a question, or a yes to something else is asked again: a yes moves money."""
    assert yes_or_no(text, "en") is None


def test_a_letter_is_read_by_its_language() -> None:
    """In Spanish "y" is "and" and "s" is a yes."""
    assert (yes_or_no("y", "en"), yes_or_no("y", "es")) == (True, None)
    assert (yes_or_no("s", "en"), yes_or_no("s", "es")) == (None, True)


@pytest.mark.parametrize("text", ["none", "none of these", "Ninguna", "ninguno de los dos", "another day please", "no"])
def test_turning_every_offer_down_is_recognised(text: str) -> None:
    """Somebody who wants none of the offers can say so."""
    assert wants_none(text)


@pytest.mark.parametrize("text", ["the first", "yes", "No, the second one", "Wednesday", "no?"])
def test_other_answers_turn_nothing_down(text: str) -> None:
    """A choice, even one that begins with a no, is no refusal of all."""
    assert not wants_none(text)


@given(st.text(max_size=100), st.sampled_from(["en", "es", "de"]))
def test_no_text_with_a_refusal_in_it_is_a_yes(text: str, language: str) -> None:
    """Whatever comes before it, "nope" keeps an answer from moving money."""
    assert yes_or_no(f"{text}, nope", language) is not True
