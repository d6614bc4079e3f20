"""The time of day that a customer names, in English or Spanish, in text whose dates were taken out.

A bare hour from 1 to 7 is in the afternoon and from 8 to 12 as said, unless a part of the day says otherwise ("7 in the
morning"): businesses are open by day. Midnight is never read: nobody can tell which night is meant.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import time
from typing import NamedTuple

from followthrough.understanding.clock_words import (
    CLOCKS,
    HOURS,
    MIDNIGHT,
    MINUTES,
    NOON,
    PARTS_OF_DAY,
    RANGE,
    UNDECIDED,
)
from followthrough.understanding.counts import without_counts
from followthrough.understanding.spoken_day import TAKEN

_NOON = 12
_HOURS = range(1, 24)
_MINUTES = range(60)
_BARE_AFTERNOON = range(1, 8)
_EARLIEST = 7
_AFTERNOON = frozenset({12, *range(1, 10)})
_EVENING = frozenset(range(4, 12))
_MINUTES_TO = {5, 10, 20, 25}


class _Said(NamedTuple):
    """A clock time as said: `half` is "a" or "p" or nothing; `zero_led` as in 07:30."""

    hour: int
    minute: int
    half: str = ""
    zero_led: bool = False


_NOON_SAID = _Said(_NOON, 0, "p")


@dataclass(frozen=True)
class SpokenTime:
    """What was read, local: a clock time, a part of the day; `sure` unless am or pm was guessed."""

    at: time | None
    part: str | None
    unclear: bool
    rest: str
    sure: bool = True


def spoken_time(text: str, counted: Mapping[str, str]) -> SpokenTime:
    """Read the time named in folded `text`; of "between 3 and 5" it is the start. Two times are unclear.

    `counted` are things that the tenant counts, one by many ("tooth": "teeth"). "At 3 teeth" names no hour, but "at 3
    tooth hurts" does.
    """
    said: list[_Said] = []

    def take(match: re.Match[str]) -> str:
        read = _range(match) if match.re is RANGE else [_NOON_SAID] if match.re is NOON else [_clock(match)]
        said.extend(read)
        return TAKEN if read else match[0]

    midnight = MIDNIGHT.search(text) is not None
    text = without_counts(RANGE.sub(take, text), counted.values())
    for expression in (*CLOCKS, NOON):
        text = expression.sub(take, text)
    parts = [part for part, expression in PARTS_OF_DAY.items() if expression.search(text)]
    for each in parts:
        text = PARTS_OF_DAY[each].sub(TAKEN, text)
    text = " ".join(text.split())
    part = parts[0] if len(parts) == 1 else None
    times = {_time_of_day(each, part) for each in said}
    unclear = midnight or len(times) > 1 or None in times or (len(parts) > 1 and bool(said))
    unclear = unclear or UNDECIDED.search(text) is not None
    sure = part is not None or any(each.half or each.hour > _NOON or each.zero_led for each in said)
    return SpokenTime(None if unclear or not times else times.pop(), part, unclear, text, sure)


def _clock(match: re.Match[str]) -> _Said:
    groups = match.groupdict()
    hour = HOURS.get(groups["h"]) or int(groups["h"])
    after, before = _minutes(groups.get("m")), _minutes(groups.get("less"))
    if before:
        hour, after = (hour - 1 or _NOON), 60 - before
    return _Said(hour, after, (groups.get("half") or "")[:1], len(groups["h"]) > 1 and groups["h"][0] == "0")


def _minutes(words: str | None) -> int:
    return 0 if not words else int(words) if words.isdecimal() else MINUTES[words]


def _range(match: re.Match[str]) -> list[_Said]:
    """Read the start of a span of hours; nothing when the two numbers need not be hours at all."""
    lead, first, last = match["lead"], match["half1"], match["half2"]
    if not (lead or first or last) or (match["by"] in {"and", "y"} and not (lead or "").startswith(("b", "e"))):
        return []
    (hour, minute), (end, _) = ([int(n) for n in re.split("[:.]", f"{match[g]}:0")[:2]] for g in ("one", "two"))
    if match["by"] == "to" and not (lead or first) and hour in _MINUTES_TO:
        return [_Said(hour, minute, "a"), _Said(hour, minute, "p")]  # ten minutes before 3, or from ten to 3?
    if last and not first:
        earlier = hour % _NOON <= end % _NOON
        first = last if earlier else {"pm": "am", "am": "pm"}[last]
    return [_Said(hour, minute, (first or "")[:1])]


def _time_of_day(said: _Said, part: str | None) -> time | None:
    """Return the time meant, or None when hour, am or pm and part of the day contradict each other."""
    if said.hour not in _HOURS or said.minute not in _MINUTES:
        return None
    half = said.half or {"morning": "a", "afternoon": "p", "evening": "p"}.get(part or "", "")
    if (half == "p" and part == "morning") or (
        half == "a" and (part in {"afternoon", "evening"} or said.hour >= _NOON)
    ):
        return None
    hour = said.hour
    if half == "p" and hour <= _NOON:
        fits = said.half or hour in (_AFTERNOON if part == "afternoon" else _EVENING)
        return time(hour % _NOON + _NOON, said.minute) if fits else None
    if not half and hour in _BARE_AFTERNOON:
        # "07:00" is written on a 24-hour clock; "03:00" may be, or may be three in the afternoon.
        hour = hour + _NOON if not said.zero_led else hour if hour == _EARLIEST else 0
    return time(hour, said.minute) if hour else None
