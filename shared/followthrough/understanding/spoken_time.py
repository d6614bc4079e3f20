"""The time of day that a customer names, in English or Spanish, in text whose dates were taken out.

A bare hour from 1 to 7 is in the afternoon and from 8 to 12 as said, unless a part of the day says otherwise ("7 in the
morning"): businesses are open by day. Midnight is never read: nobody can tell which night is meant.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import time

from followthrough.understanding.clock_forms import NOON, Clock, clock_of, is_time
from followthrough.understanding.clock_runs import Run, runs
from followthrough.understanding.clock_spans import start_of
from followthrough.understanding.clock_words import ADRIFT, MIDNIGHT, UNDECIDED
from followthrough.understanding.counts import without_counts
from followthrough.understanding.spoken_day import TAKEN
from followthrough.understanding.spoken_part import spoken_part

_HOURS, _MINUTES, _HOUR = range(1, 24), range(60), 60
_BARE_AFTERNOON = range(1, 8)
_EARLIEST = 7
_HOURS_OF_PART = {
    "night": frozenset(range(1, 7)),
    "morning": frozenset(range(1, NOON)),
    "afternoon": frozenset({NOON, *range(1, 10)}),
    "evening": frozenset(range(4, NOON)),
}
_HALF_OF_PART = {"night": "a", "morning": "a", "afternoon": "p", "evening": "p"}
# "At 320" is a time at the end of what is said, and perhaps a house before other words.
_NUMBER_ALONE = re.compile(r"(?:(?:at|about|after|for) )+\d{3,4}")
_ENDS = re.compile(r" ?(?:$|[~,.;!?)]|(?:on|please|thanks|if|for|would|works?|is|el|por favor|este)(?!\w))")


@dataclass(frozen=True)
class SpokenTime:
    """What was read, local: a clock time, a part of the day; `sure` unless am or pm was guessed."""

    at: time | None
    part: str | None
    unclear: bool
    rest: str
    sure: bool = True


def spoken_time(text: str, counted: Mapping[str, str]) -> SpokenTime:
    """Read the time named in folded `text`; of "between 3 and 5" it is the start.

    Unclear are two times, and a time with anything beside it that could belong to it and is not understood. `counted`
    are things that the tenant counts, one by many ("tooth": "teeth"). "At 3 teeth" names no hour, but "at 3 tooth
    hurts" does.
    """
    text = without_counts(text, counted.values())
    unclear = MIDNIGHT.search(text) is not None
    said: list[Clock] = []
    rest = text
    for run in reversed(list(runs(text))):
        clock, start = _read(run, text)
        if clock is not None:
            said.append(clock)
            rest = rest[:start] + TAKEN + rest[run.end :]
        unclear = unclear or (clock is None and is_time(run.symbols))
    parts, is_apart, rest = spoken_part(rest)
    marked = any(each.half or each.part or each.hour > NOON or each.zero_led for each in said)
    if is_apart and marked:
        parts = set()
    parts |= {clock.part for clock in said if clock.part}
    part = next(iter(parts)) if len(parts) == 1 else None
    times = {_time_of_day(clock, part) for clock in said}
    if said:
        unclear = unclear or len(times) > 1 or None in times or len(parts) > 1 or (is_apart and not marked)
    else:
        unclear = unclear or part == "night"
    unclear = unclear or UNDECIDED.search(rest) is not None or ADRIFT.search(rest) is not None
    return SpokenTime(None if unclear or not times else times.pop(), part, unclear, rest, marked or part is not None)


def _read(run: Run, text: str) -> tuple[Clock | None, int]:
    """Return the time that a run says, if it says one, and where its words begin."""
    symbols, after = run.symbols, text[run.end :]
    if _NUMBER_ALONE.fullmatch(symbols) and not _ENDS.match(after):
        return None, run.start
    found = clock_of(symbols) or start_of(symbols)
    if found is None and run.tokens[0].kind == "F":
        return _read(Run(run.tokens[1:]), text)
    return found, run.start


def _time_of_day(said: Clock, part: str | None) -> time | None:
    """Return the time meant, or None when hour, am or pm and part of the day contradict each other."""
    if said.hour not in _HOURS or said.minute not in _MINUTES or said.less not in _MINUTES:
        return None
    hour = _hour_of_day(said, part)
    if hour is None:
        return None
    minutes = hour * _HOUR + said.minute - said.less
    if said.less:
        # "Quarter to 8" may be before eight in the morning or after seven in the evening; "to 4" is in no evening.
        shown, bare = (minutes // _HOUR - 1) % NOON + 1, not said.half and part is None
        if (bare and shown == _EARLIEST) or (part and shown not in _HOURS_OF_PART[part]):
            return None
    return time(*divmod(minutes, _HOUR)) if minutes >= 0 else None


def _hour_of_day(said: Clock, part: str | None) -> int | None:
    hour, hours = said.hour, _HOURS_OF_PART[part] if part else frozenset(_HOURS)
    half = said.half or _HALF_OF_PART.get(part or "", "")
    if part and half != _HALF_OF_PART[part]:
        return None
    if half == "a":
        return hour if hour < NOON and hour in hours else None
    if half == "p" and hour > NOON:
        return hour
    if half == "p":
        return hour % NOON + NOON if said.half or hour in hours else None
    if hour not in _BARE_AFTERNOON:
        return hour
    # "07:00" is written on a 24-hour clock; "03:00" may be, or may be three in the afternoon.
    return hour + NOON if not said.zero_led else hour if hour == _EARLIEST else None
