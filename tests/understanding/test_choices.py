from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, strategies as st

from followthrough.understanding.choices import choice_of, pick
from tests.understanding.practice import WORDS

CHICAGO = ZoneInfo("America/Chicago")
NOW = datetime(2026, 11, 18, 16, tzinfo=UTC)
OFFERED = [
    datetime(2026, 11, day, hour, minute, tzinfo=CHICAGO).astimezone(UTC)
    for day, hour, minute in ((24, 15, 30), (25, 9, 0), (25, 14, 0))  # Tuesday, and twice Wednesday
]
KINDS = {
    "cleaning": {"en": "Cleaning", "es": "Limpieza"},
    "deep_cleaning": {"en": "Deep cleaning", "es": "Limpieza profunda"},
    "checkup": {"en": "Check-up", "es": "Revisión"},
}


def chosen(text: str, offered: list[datetime] = OFFERED, language: str = "en") -> int | None:
    return choice_of(text, len(offered), offered, "America/Chicago", language, NOW, WORDS.counted)


@pytest.mark.parametrize(
    ("index", "texts"),
    [
        (0, "1|the first one|3:30|Tuesday|the 24th|Nov 24|la del martes"),
        (
            0,
            "yes the first one|3:30 works, thanks|any is fine",
        ),
        (
            1,
            "la segunda|9|at 9|#2|a las 9|wednesday morning|Wednesday at 9|the morning one|I'll take the 9am",
        ),
        (1, "2|No, the second one|the 2nd one"),
        (2, "3|the 2pm one|2pm|the last one|option 3|la tercera por favor|la de las 2|el miércoles a las 2"),
    ],
)
def test_an_offer_is_recognised_however_it_is_named(index: int, texts: str) -> None:
    """By its place, its time, its day, or several of these, in either language."""
    assert {text: chosen(text) for text in texts.split("|")} == dict.fromkeys(texts.split("|"), index)


@pytest.mark.parametrize(
    "text",
    [
        *("Wednesday", "yes", "4pm", "Thursday at 3", "tomorrow", "first or second", "not the first", "option 4"),
        *("none", "ninguna", "no", "how about Friday?", "the first one on Wednesday", "hello", "", "other times?"),
    ],
)
def test_what_fits_no_offer_or_several_is_asked_again(text: str) -> None:
    """Two offers on the day, a number that is a place and an hour, another time, none of them: nothing is chosen."""
    assert chosen(text) is None


@pytest.mark.parametrize(("text", "index"), [("yes", 0), ("sí", 0), ("3:30", 0), ("no", None), ("4pm", None)])
def test_a_yes_takes_the_only_offer(text: str, index: int | None) -> None:
    """One offer needs no more than a yes."""
    assert chosen(text, OFFERED[:1]) == index


@pytest.mark.parametrize(
    ("text", "value"),
    [
        *(
            ("cleaning", "cleaning"),
            ("a deep cleaning please", "deep_cleaning"),
            ("limpieza profunda", "deep_cleaning"),
        ),
        *(
            ("2", "deep_cleaning"),
            ("the last one", "checkup"),
            ("check up", "checkup"),
            ("deep_cleaning", "deep_cleaning"),
        ),
        *(
            ("none", None),
            ("cleaning or check-up", None),
            ("not the cleaning", None),
            ("option 9", None),
            ("xyz", None),
        ),
    ],
)
def test_a_choice_is_picked_by_wording_value_or_place(text: str, value: str | None) -> None:
    """The wording in any language, the value or the place picks a choice; two choices or none pick nothing."""
    assert pick(text, KINDS, "en") == value


def test_nothing_to_choose_from_means_nothing_chosen() -> None:
    """No offer and no choice is no error."""
    assert choice_of("the last one", 0, [], "UTC", "en", NOW, {}) is None
    assert pick("the last one", {}, "en") is None


@given(st.text(max_size=80), st.integers(0, 3))
def test_a_choice_is_always_one_of_the_offers(text: str, options: int) -> None:
    """Whatever is said, the index is within what was offered."""
    index = chosen(text, OFFERED[:options])
    assert index is None or 0 <= index < options
    assert pick(text, KINDS, "es") in {None, *KINDS}
