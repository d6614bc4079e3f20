"""Spans of time as people write them."""

import re
from datetime import timedelta

from pydantic import TypeAdapter

_UNITS = {"second": 1, "minute": 60, "hour": 3600, "day": 86400, "week": 604800}
_WRITTEN = re.compile(r"^(\d{1,4}) (second|minute|hour|day|week)s?$")
_LARGEST_FIRST = dict(sorted(_UNITS.items(), key=lambda unit: -unit[1]))
_ISO = TypeAdapter(timedelta)


def parse_duration(value: object) -> timedelta:
    """Read "15 minutes", "2 hours", "1 day", or the ISO 8601 that a stored release holds.

    Raises ValueError that says what is expected.
    """
    if isinstance(value, timedelta) or (isinstance(value, str) and value.startswith("P")):
        return _ISO.validate_python(value)
    match = _WRITTEN.match(value) if isinstance(value, str) else None
    if match is None:
        message = 'a span of time is a number and a unit, such as "15 minutes", "2 hours" or "1 day"'
        raise ValueError(message)
    return timedelta(seconds=int(match[1]) * _UNITS[match[2]])


def in_words(span: timedelta) -> str:
    """Write a span in the largest unit that it is a whole number of: "15 minutes", "1 day"."""
    seconds = int(span.total_seconds())
    unit = next(name for name, size in _LARGEST_FIRST.items() if seconds % size == 0)
    number = seconds // _UNITS[unit]
    return f"{number} {unit}{'' if number == 1 else 's'}"
