"""A time zone that is said aloud is converted where it is sure, and asked about where it is not."""

from datetime import UTC, datetime

import pytest

from tests.understanding.meaning import said
from tests.understanding.test_choices import chosen

SUMMER = datetime(2026, 7, 15, 15, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("next Wednesday at 3 pm EST", "2026-11-25 14:00"),
        ("next Wednesday at 3 pm (EST)", "2026-11-25 14:00"),
        ("next Wednesday at 3 pm, Eastern time", "2026-11-25 14:00"),
        ("next Wednesday at 3:20 pm eastern", "2026-11-25 14:20"),
        ("EST: next Wednesday at 3 pm", "2026-11-25 14:00"),
        ("next Wednesday 3pm Pacific Standard Time", "2026-11-25 17:00"),
        ("next Wednesday at 15:00 UTC", "2026-11-25 09:00"),
        ("el próximo miércoles a las 3 hora del este", "2026-11-25 14:00"),
        ("next Wednesday at 11 pm PST", "2026-11-26 01:00"),
        ("next Wednesday at 3 pm CST", "2026-11-25 15:00"),
        ("next Wednesday at 3 pm central time", "2026-11-25 15:00"),
        ("next Wednesday at 3 pm CT", "2026-11-25 15:00"),
        ("next Wednesday at 3 pm any time works", "2026-11-25 15:00"),
        ("next Wednesday at 3 pm your time", "2026-11-25 15:00"),
        ("next Wednesday at 3 pm EDT", None),
        ("next Wednesday at 3 pm PT", None),
        ("next Wednesday at 3 pm my time", None),
        ("next Wednesday at 3 pm New York time", None),
        ("el próximo miércoles a las 3 hora de Madrid", None),
        ("next Wednesday at 3 pm IST", None),
        ("next Wednesday at 3 pm UTC-5", None),
        ("next Wednesday at 15:00z", None),
        ("next Wednesday at 3 pm EST or PST", None),
    ],
)
def test_a_zone_is_honoured_or_asked_about(text: str, meant: str | None) -> None:
    """D8: in Chicago 3 PM in New York is 2 PM; what is no sure zone of that day is never taken as Chicago's."""
    assert said(text) == meant


@pytest.mark.parametrize(
    ("text", "zone", "meant"),
    [
        ("Friday at 3 pm CDT", "America/Chicago", "2026-07-17 15:00"),
        ("Friday at 3 pm CST", "America/Chicago", None),
        ("Friday at 3 pm EDT", "America/Chicago", "2026-07-17 14:00"),
        ("Friday at 3 pm MST", "America/Phoenix", "2026-07-17 15:00"),
        ("Friday at 3 pm CEST", "Europe/Madrid", "2026-07-17 15:00"),
        ("Friday at 3 pm GMT", "Europe/London", None),
        ("Friday at 3 pm GMT", "Europe/Madrid", "2026-07-17 17:00"),
    ],
)
def test_the_name_of_another_season_is_asked_about(text: str, zone: str, meant: str | None) -> None:
    """D8: "CST" in July is an hour off, or a slip: only what the clocks show that day is sure."""
    assert said(text, SUMMER, zone) == meant


def test_today_elsewhere_may_be_another_day() -> None:
    """D8: when it is tomorrow already at the tenant's, "tomorrow" in the customer's zone is asked about."""
    late = datetime(2026, 11, 18, 5, 30, tzinfo=UTC)  # Tuesday, 23:30 in Chicago, 00:30 on Wednesday in New York
    assert said("tomorrow at 3 pm CST", late) == "2026-11-18 15:00"
    assert said("tomorrow at 3 pm EST", late) is None


def test_an_offer_is_chosen_in_the_zone_that_is_said() -> None:
    """D8: of the offers of 3:30 PM, 9 AM and 2 PM in Chicago, "3 pm EST" is the last and "9 EST" is none."""
    assert (chosen("3 pm EST"), chosen("3 pm"), chosen("9 am EST"), chosen("2 pm my time")) == (2, None, None, None)
