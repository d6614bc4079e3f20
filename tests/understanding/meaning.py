"""What the product makes of a text on Wednesday 18 November 2026 at 10:00 in Chicago."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from followthrough.understanding.dates import find_time
from tests.understanding.practice import WORDS

CHICAGO = ZoneInfo("America/Chicago")
NOW = datetime(2026, 11, 18, 10, tzinfo=CHICAGO).astimezone(UTC)


def said(text: str, now: datetime = NOW, zone: str = "America/Chicago", language: str = "en") -> str | None:
    """Return the local day and time that a text names, nothing where the product asks."""
    found = find_time(text, now, zone, language, WORDS.counted)
    return f"{found.at.astimezone(ZoneInfo(zone)):%Y-%m-%d %H:%M}" if found else None


def clock(text: str, language: str = "en") -> str | None:
    """Return the clock time that a text names; nothing where the product asks, be it only for the hour."""
    found = find_time(text, NOW, "America/Chicago", language, WORDS.counted)
    return f"{found.at.astimezone(CHICAGO):%H:%M}" if found and found.has_time else None
