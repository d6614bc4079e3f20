"""When a customer wants something, in words of English or Spanish: a small grammar that would rather ask than guess.

No library was good enough to act on unasked. This grammar returns None whenever two readings are left, and a quote
repeats the full date and time before anything is booked.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from followthrough.understanding.calendar_words import ENGLISH_NUMBER, SPANISH_NUMBER, number, pattern
from followthrough.understanding.clauses import wanted
from followthrough.understanding.counts import without_counts
from followthrough.understanding.folding import LONGEST_READ, folded
from followthrough.understanding.spoken_day import spoken_day
from followthrough.understanding.spoken_time import SpokenTime, spoken_time

OPENING, DAY_END = time(9), time(23, 59)
HOURS_OF_PART = {
    "morning": (time(9), time(12)),
    "afternoon": (time(14), time(18)),
    "evening": (time(18), time(21)),
}
"""When each part of the day begins and ends, local."""

_QUARTER_HOUR = 15


@dataclass(frozen=True)
class FoundTime:
    """A moment that a customer named: `at` is aware UTC and never past.

    `has_time` tells whether a clock time was said ("at 3", "noon", "in two hours"). Without one, `at` is when the
    `part` of the day ("morning", "afternoon", "evening") begins, or 09:00 local without a part; when that is over
    today, or something is wanted as soon as possible, it is the next quarter of an hour.
    """

    at: datetime
    has_time: bool
    part: str | None = None


_INSTANT = re.compile(
    r"(?<![\d-])\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d(?::\d\d(?:\.\d{1,6})?)?(?: ?[Zz]|[+-]\d\d:?\d\d)?(?!\w)"
)
_FROM_NOW = pattern(
    rf"in (?P<c1>half an|an?|{ENGLISH_NUMBER}) (?P<u1>hour|hr|minute|min)s?(?: time)?(?! and)",
    rf"(?:en|dentro de) (?P<c2>media|{SPANISH_NUMBER}) (?P<u2>hora|minuto)s?(?! y)",
)
_AT_ONCE = pattern(
    "asap|as soon as possible|right now|right away|immediately|(?:see|help) me now|(?<!from )now(?= ?[.!?]*$)",
    "lo antes posible|cuanto antes|lo mas pronto posible|ahora mismo|ya mismo|de inmediato|ahora(?= ?[.!?]*$)",
)
# A limit is no date ("before Tuesday"), nor is a habit ("any Monday"); "come by tomorrow" is a visit.
_LIMIT = re.compile(
    r"(?<!\w)(?:before|after|until|till|since|from|later than|earlier than|(?<!come )(?<!stop )(?<!swing )(?<!drop )"
    r"(?<!pass )by|any|every|each|antes del?|despues del?|a partir del?|hasta|desde"
    r"|cada|cualquier|(?:todos|todas) l[oa]s)"
    r"(?: the| el| las?| on)? ?~"
)
_LEFT_NUMBER = re.compile(
    r"(?<![\w$#:.])\d{1,4}(?![\w%]| ?(?:minutes?|mins?|hours?|years?|yrs?|kids?|people|persons?|children|"
    r"minutos?|horas?|anos?|ninos?|personas?|hijos?)\b)"
)


def find_time(text: str, now: datetime, time_zone: str, language: str, counted: Mapping[str, str]) -> FoundTime | None:
    """Find the one moment that `text` names, or None when it names no day, several, or none that can still come.

    `now` is aware; `time_zone` is an IANA name. English and Spanish words are understood whatever the `language`, which
    decides only that 12/3 is 3 December in "en" and "en-US" and 12 March elsewhere. `counted` are things that
    the tenant counts, one by many ("tooth": "teeth"): a number before one is no hour.
    """
    zone = ZoneInfo(time_zone)
    here = now.astimezone(zone)
    instants = _INSTANT.findall(text[:LONGEST_READ])
    words = wanted(folded(text), lambda clause: _says_when(clause, here.date(), language, counted))
    if instants or words is None:
        return _instant(instants, now, zone)
    day = spoken_day(words, here.date(), language)
    spans = list(_FROM_NOW.finditer(day.rest))
    if spans:
        return None if len(spans) > 1 or day.on or day.unclear else _from_now(spans[0], now)
    spoken = spoken_time(day.rest, counted)
    left = without_counts(spoken.rest, (*counted, *counted.values()))
    left_open = spoken.at is None and (day.hour_or_day or _LEFT_NUMBER.search(left) is not None)
    if day.unclear or spoken.unclear or left_open or _LIMIT.search(spoken.rest):
        return None
    if day.on is None:
        at_once = _AT_ONCE.search(words) and spoken.at is None and spoken.part is None
        return FoundTime(_rounded_up(now, _QUARTER_HOUR), has_time=False) if at_once else None
    return _on(day.on, spoken, zone, now)


def moment(day: date, at: time, zone: ZoneInfo, now: datetime) -> datetime:
    """Return a local day and time in UTC.

    A time that the clocks skip is an hour later, one that they show twice is the first of the two that is not over.
    """
    first = datetime.combine(day, at, zone).astimezone(UTC)
    return first if first >= now else datetime.combine(day, at.replace(fold=1), zone).astimezone(UTC)


def _on(day: date, said: SpokenTime, zone: ZoneInfo, now: datetime) -> FoundTime | None:
    if said.at is not None:
        at = moment(day, said.at, zone, now)
        return FoundTime(at, has_time=True, part=said.part) if at >= now else None
    begin, end = HOURS_OF_PART.get(said.part or "", (OPENING, DAY_END))
    at = max(moment(day, begin, zone, now), _rounded_up(now, _QUARTER_HOUR))
    return FoundTime(at, has_time=False, part=said.part) if at <= moment(day, end, zone, now) else None


def _instant(instants: list[str], now: datetime, zone: ZoneInfo) -> FoundTime | None:
    try:
        said = {datetime.fromisoformat(each.upper().replace(" Z", "Z")) for each in instants}
        every = {each.astimezone(UTC) if each.tzinfo else moment(each.date(), each.time(), zone, now) for each in said}
    except (ValueError, OverflowError):
        return None
    if len(every) != 1:
        return None
    at = every.pop()
    return FoundTime(at, has_time=True) if at >= now else None


def _from_now(match: re.Match[str], now: datetime) -> FoundTime:
    count = match["c1"] or match["c2"]
    amount = 0.5 if count in {"half an", "media"} else number(count)
    unit = "hours" if (match["u1"] or match["u2"]).startswith("h") else "minutes"
    return FoundTime(_rounded_up(now + timedelta(**{unit: amount}), 1), has_time=True)


def _rounded_up(at: datetime, minutes: int) -> datetime:
    over = timedelta(minutes=at.minute % minutes, seconds=at.second, microseconds=at.microsecond)
    return at.astimezone(UTC) - over + (timedelta(minutes=minutes) if over else timedelta())


def _says_when(clause: str, today: date, language: str, counted: Mapping[str, str]) -> bool:
    day = spoken_day(clause, today, language)
    time_said = spoken_time(day.rest, counted)
    return day.on is not None or day.unclear or time_said.at is not None or time_said.unclear
