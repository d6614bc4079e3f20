"""Times that are counted from now: "in two hours", "an hour from now", "as soon as possible"."""

import re
from datetime import UTC, datetime, timedelta

from followthrough.understanding.calendar_words import ENGLISH_NUMBER, SPANISH_NUMBER, number, pattern

_ENGLISH_UNIT, _SPANISH_UNIT = "(?:hour|hr|minute|min)s?", "(?:hora|minuto)s?"
_NO_MORE = r"(?! (?:(?:and|y)(?!\w)|\d))"
FROM_NOW = pattern(
    rf"in (?P<c1>half an|an?|{ENGLISH_NUMBER}) (?P<u1>{_ENGLISH_UNIT})(?: time)?{_NO_MORE}",
    rf"(?P<c2>half an|an?|{ENGLISH_NUMBER}) (?P<u2>{_ENGLISH_UNIT}) from (?:right )?now",
    rf"(?:en|dentro de) (?P<c3>media|{SPANISH_NUMBER}) (?P<u3>{_SPANISH_UNIT}){_NO_MORE}",
)
_AT_ONCE = pattern(
    "asap|as soon as possible|(?<!from )right now|right away|immediately|(?:see|help) me now",
    "(?<!from )(?<!right )now(?= ?[.!?]*$)",
    "lo antes posible|cuanto antes|lo mas pronto posible|ahora mismo|ya mismo|de inmediato|ahora(?= ?[.!?]*$)",
)


def is_at_once(words: str) -> bool:
    """Tell whether folded `words` want something as soon as it can be."""
    return _AT_ONCE.search(words) is not None


def from_now(match: re.Match[str], now: datetime) -> datetime:
    """Return the moment that a match of `FROM_NOW` names, to the minute, in UTC."""
    count, unit = (match[f"{what}1"] or match[f"{what}2"] or match[f"{what}3"] for what in "cu")
    amount = 0.5 if count in {"half an", "media"} else number(count)
    return rounded_up(now + timedelta(**{"hours" if unit.startswith("h") else "minutes": amount}), 1)


def rounded_up(at: datetime, minutes: int) -> datetime:
    """Return the next moment of the clock, in UTC, that is a multiple of `minutes`."""
    over = timedelta(minutes=at.minute % minutes, seconds=at.second, microseconds=at.microsecond)
    return at.astimezone(UTC) - over + (timedelta(minutes=minutes) if over else timedelta())
