from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, strategies as st

from followthrough.understanding.dates import find_time
from followthrough.understanding.folding import words_of
from tests.understanding.meaning import CHICAGO, NOW, said
from tests.understanding.phrases import PHRASES
from tests.understanding.practice import WORDS

TABLE = [tuple(part.strip() for part in line.split("|")) for line in PHRASES.strip().splitlines()]
SCRAPS = [
    *words_of("next this tuesday sun tomorrow today at 3 3pm half past or not in 2 weeks dec 31 the 24th noon morning"),
    *words_of("proximo martes a las de la tarde y media dentro de 3 dias 99 feb 30 0"),
    *("15:00", "12/3", "2026-12-03", "24:00", "/", ":", "-", "mañana", "t"),
]


def local(now: str, zone: str = "America/Chicago") -> datetime:
    return datetime.fromisoformat(now).replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)


@pytest.mark.parametrize(("language", "text", "meant"), TABLE)
def test_a_phrase_is_read_as_meant(language: str, text: str, meant: str) -> None:
    """Each phrase of the table gives its moment, whether a clock time was said, or nothing where only asking helps."""
    found = find_time(text, NOW, "America/Chicago", language, WORDS.counted)
    if meant == "-":
        assert found is None
    else:
        assert found is not None
        assert f"{found.at.astimezone(CHICAGO):%Y-%m-%d %H:%M}" == meant.lstrip("~")
        assert found.has_time is not meant.startswith("~")


@pytest.mark.parametrize(
    ("now", "text", "meant"),
    [
        ("2026-11-22 10:00", "next Tuesday at 3", "2026-11-24 15:00"),  # a Sunday
        ("2026-11-23 10:00", "next Tuesday at 3", "2026-12-01 15:00"),  # a Monday
        ("2026-11-23 10:00", "Tuesday at 3", "2026-11-24 15:00"),
        ("2026-11-24 10:00", "next Tuesday at 3", "2026-12-01 15:00"),  # a Tuesday
        ("2026-11-24 10:00", "Tuesday at 3", "2026-12-01 15:00"),
        ("2026-11-24 10:00", "this Tuesday at 3", "2026-11-24 15:00"),
    ],
)
def test_next_tuesday_depends_on_today(now: str, text: str, meant: str) -> None:
    """The next of a weekday is at least two days away, a plain one at least one, "this" one may be today."""
    assert said(text, local(now)) == meant


@pytest.mark.parametrize(
    ("text", "counted", "meant"),
    [
        ("tomorrow, 2 teeth hurt", WORDS.counted, "2026-11-19 09:00"),
        ("mañana, me duelen 2 muelas", WORDS.counted, "2026-11-19 09:00"),
        ("my pain is at 3 teeth, tomorrow", WORDS.counted, "2026-11-19 09:00"),
        ("tomorrow at 4 for my 2 teeth", WORDS.counted, "2026-11-19 16:00"),
        ("tomorrow at 3 tooth hurts", WORDS.counted, "2026-11-19 15:00"),
        ("tomorrow, 1 tooth hurts", WORDS.counted, "2026-11-19 09:00"),
        ("tomorrow, 2 tyres are flat", WORDS.counted, None),
        ("tomorrow, 2 tyres are flat", {"tyre": "TYRES"}, "2026-11-19 09:00"),
        ("tomorrow, 2 teeth hurt", {"tyre": "tyres"}, None),
        ("tomorrow, 2 tyresome", {"tyre": "tyres"}, None),
        ("tomorrow at 3", {"tyre": "tyres"}, "2026-11-19 15:00"),
    ],
)
def test_what_the_tenant_counts_is_no_hour(text: str, counted: dict[str, str], meant: str | None) -> None:
    """A number before a word that the tenant counts is no time; before any other word it may be one, and is asked."""
    found = find_time(text, NOW, "America/Chicago", "en", counted)
    assert (f"{found.at.astimezone(CHICAGO):%Y-%m-%d %H:%M}" if found else None) == meant


def test_slashes_follow_the_language() -> None:
    """The day comes first in Spanish and in British English, the month in American English."""
    assert said("12/3", language="en-US") == "2026-12-03 09:00"
    assert said("12/3", language="es") == said("12/3", language="en-GB") == "2027-03-12 09:00"


@pytest.mark.parametrize(
    ("language", "meant"),
    [
        ("en-GB", "2026-12-03 14:00"),
        ("en-AU", "2026-12-03 14:00"),
        ("es-US", "2026-12-03 14:00"),
        ("en-US", "2027-03-12 14:00"),
        ("en-PH", "2027-03-12 14:00"),
        ("en", "2027-03-12 14:00"),
        ("en-CA", None),
    ],
)
def test_slashes_follow_the_region(language: str, meant: str | None) -> None:
    """D7: 3/12 is what people of the region write so; where they write both, it is asked about."""
    assert said("3/12 at 2pm", language=language) == meant


def test_what_can_be_one_date_only_is_that_in_every_region() -> None:
    """D7: the thirteenth month and the same number twice leave one reading, whatever is customary."""
    for language in ("en-US", "en-GB", "en-CA", "es"):
        assert said("25/12 at 2pm", language=language) == "2026-12-25 14:00"
        assert said("12/12 at 2pm", language=language) == "2026-12-12 14:00"


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("a week from right now", "2026-11-25 09:00"),
        ("a day from right now", "2026-11-19 09:00"),
        ("two weeks from right now at 3", "2026-12-02 15:00"),
        ("3 days from today", "2026-11-21 09:00"),
        ("2 hours from right now", "2026-11-18 12:00"),
        ("half an hour from now", "2026-11-18 10:30"),
        ("de hoy en ocho", "2026-11-25 09:00"),
        ("de hoy en ocho a las 4", "2026-11-25 16:00"),
        ("de hoy en quince", "2026-12-02 09:00"),
        ("de mañana en ocho", "2026-11-26 09:00"),
        ("el lunes en ocho", "2026-11-30 09:00"),
        ("de hoy en 3 días", "2026-11-21 09:00"),
        ("de hoy en un mes", "2026-12-18 09:00"),
        ("de hoy en ocho días", None),
        ("estoy en la oficina hoy en 15 minutos", None),
        ("a day from tomorrow", None),
        ("right now", "2026-11-18 10:00"),
    ],
)
def test_what_is_counted_from_now_is_not_now(text: str, meant: str | None) -> None:
    """D5: "from right now" and "de hoy en ocho" count from today, and are not today."""
    assert said(text) == meant


@pytest.mark.parametrize(
    "text",
    [
        *("14th April 15", "14 April 15", "14th April 15 at 3", "14 de abril 15", "14 April 15th"),
        *(
            "at 9 30 December",
            "a las 9 30 de diciembre",
            "at 20 to 3 December",
            "Friday 20 after 3",
            "Friday 15 to 6pm",
        ),
        *("viernes 20 para las 4", "Friday 3 11 am"),
    ],
)
def test_a_number_that_may_be_a_day_or_something_else_is_asked_about(text: str) -> None:
    """D9: with a number on both sides of the month, or between a day and an hour, nobody can tell which is what."""
    assert said(text) is None


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("14th April 3pm", "2027-04-14 15:00"),
        ("14 April at 3", "2027-04-14 15:00"),
        ("14 April 2027 at 3", "2027-04-14 15:00"),
        ("14 April 9 in the morning", "2027-04-14 09:00"),
        ("14 de abril 15:30", "2027-04-14 15:30"),
        ("at 3 April 15", "2027-04-15 15:00"),
        ("around 4 Nov 24, 2026", "2026-11-24 16:00"),
        ("9:30 Dec 3", "2026-12-03 09:30"),
        ("9:30 3 December", "2026-12-03 09:30"),
        ("a las 3 3 de diciembre", "2026-12-03 15:00"),
        ("Tuesday 24 10 am", "2026-11-24 10:00"),
        ("Friday 20 3pm", "2026-11-20 15:00"),
        ("3 December 3-5pm", "2026-12-03 15:00"),
    ],
)
def test_a_date_beside_a_time_is_read(text: str, meant: str) -> None:
    """D9: where only one reading is left, a number beside the month is no reason to ask."""
    assert said(text) == meant


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("2026-12-03 15:00", "2026-12-03 15:00"),
        ("2026-12-03 03:20 pm", None),
        ("2026-12-03 15:00 EST", None),
        ("2026-12-03 15:00 or Friday at 3", None),
        ("in 2 hours", "2026-11-18 12:00"),
        ("in 2 hours at 3pm", None),
        ("in an hour and 20 minutes", None),
    ],
)
def test_an_exact_moment_stands_alone(text: str, meant: str | None) -> None:
    """D1: an ISO time and "in two hours" are taken only when nothing beside them says another time."""
    assert said(text) == meant


def test_a_part_of_the_day_is_told() -> None:
    """A part of the day is no clock time, but is not lost either."""
    found = find_time("Friday afternoon", NOW, "America/Chicago", "en", WORDS.counted)
    assert found is not None
    assert (found.part, found.has_time) == ("afternoon", False)


@pytest.mark.parametrize(
    ("now", "text", "meant"),
    [
        ("2026-11-18 11:07", "today", "2026-11-18 11:15"),
        ("2026-11-18 15:40", "this afternoon", "2026-11-18 15:45"),
        ("2026-11-18 18:30", "this afternoon", None),
        ("2026-11-18 23:50", "today", None),
        ("2026-11-18 16:00", "today at 3", None),
    ],
)
def test_what_is_over_today_is_not_offered(now: str, text: str, meant: str | None) -> None:
    """The rest of today begins at the next quarter of an hour; what is over is asked about."""
    assert said(text, local(now)) == meant


def test_a_time_that_the_clocks_skip_is_an_hour_later() -> None:
    """At 02:30 on the day the clocks go forward it is 03:30."""
    found = find_time("March 14 at 2:30 am", local("2027-03-01 10:00"), "America/Chicago", "en", WORDS.counted)
    assert found is not None
    assert found.at == datetime(2027, 3, 14, 8, 30, tzinfo=UTC)


def test_a_time_that_comes_twice_is_the_one_still_to_come() -> None:
    """When the clocks go back, 01:30 is the first of the two, until that is over."""
    first = datetime(2026, 11, 1, 6, 30, tzinfo=UTC)
    for now, at in ((first - timedelta(days=2), first), (first + timedelta(minutes=5), first + timedelta(hours=1))):
        found = find_time("Nov 1 at 1:30 am", now, "America/Chicago", "en", WORDS.counted)
        assert found is not None
        assert found.at == at


def test_today_is_the_customers_today() -> None:
    """Late on Tuesday in Chicago it is Wednesday in UTC: tomorrow is Wednesday."""
    assert said("tomorrow at 3", datetime(2026, 11, 18, 4, tzinfo=UTC)) == "2026-11-18 15:00"
    assert said("tomorrow at 3", datetime(2026, 11, 18, 4, tzinfo=UTC), "Asia/Tokyo") == "2026-11-19 15:00"


@given(
    st.one_of(st.text(max_size=120), st.lists(st.sampled_from(SCRAPS), max_size=8).map(" ".join)),
    st.datetimes(datetime(2000, 1, 1), datetime(2090, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001  the strategy adds it
    st.sampled_from(["America/Chicago", "Europe/Madrid", "Pacific/Apia", "UTC", "Asia/Kathmandu"]),
    st.sampled_from(["en", "es", "en-GB"]),
)
def test_no_text_breaks_it_or_gives_a_past_time(text: str, now: datetime, zone: str, language: str) -> None:
    """Whatever is said whenever and wherever: nothing, or an aware UTC time that is not over."""
    found = find_time(text, now, zone, language, WORDS.counted)
    if found is not None:
        assert found.at.tzinfo is UTC
        assert found.at >= now
