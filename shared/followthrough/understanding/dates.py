"""When a customer wants something, in words of English or Spanish: a small grammar that would rather ask than guess.

No library was good enough to act on unasked. This grammar returns None whenever two readings are left, and a quote
repeats the full date and time before anything is booked.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

from followthrough.understanding.clauses import wanted
from followthrough.understanding.counts import without_counts
from followthrough.understanding.folding import LONGEST_READ, folded
from followthrough.understanding.near_times import FROM_NOW, from_now, is_at_once, rounded_up
from followthrough.understanding.spoken_day import TAKEN, spoken_day
from followthrough.understanding.spoken_time import SpokenTime, spoken_time
from followthrough.understanding.spoken_zone import spoken_zone, zone_of

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
    today, or something is wanted as soon as possible, it is the next quarter of an hour. Beside a clock time the part
    may be "night" as well, from midnight to dawn.
    """

    at: datetime
    has_time: bool
    part: str | None = None


_INSTANT = re.compile(
    r"(?<![\d-])\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d(?::\d\d(?:\.\d{1,6})?)?(?: ?[Zz]|[+-]\d\d:?\d\d)?(?!\w)"
)
# A limit is no date ("before Tuesday"), nor is a habit ("any Monday"); "come by tomorrow" is a visit.
_LIMIT = re.compile(
    r"(?<!\w)(?:before|after|until|till|since|from|than|instead of|any|every|each"
    r"|(?<!come )(?<!stop )(?<!swing )(?<!drop )(?<!pass )by"
    r"|(?:antes|despues) (?:del?|que)|a partir del?|hasta|desde|mas (?:temprano|pronto|tarde) (?:que|del?)"
    r"|(?:en vez|en lugar) del?|que no sea|cada|cualquier|(?:todos|todas) l[oa]s)"
    r"(?: the| el| on| las?)? ?~"
)
_LEFT_NUMBER = re.compile(r"(?<![\w$#:.])\d{1,4}(?![\w%]| ?(?:minutes?|mins?|hours?|minutos?|horas?)(?!\w))")


def find_time(text: str, now: datetime, time_zone: str, language: str, counted: Mapping[str, str]) -> FoundTime | None:
    """Find the one moment that `text` names, or None when it names no day, several, or none that can still come.

    `now` is aware; `time_zone` is an IANA name. English and Spanish words are understood whatever the `language`, which
    with its region ("en-GB") decides only whether 12/3 is in December or in March. `counted` are things that the tenant
    counts, one by many ("tooth": "teeth"): a number before one is no hour.
    """
    zone = ZoneInfo(time_zone)
    today = now.astimezone(zone).date()
    text = text[:LONGEST_READ]
    words = wanted(folded(_INSTANT.sub(TAKEN, text)), lambda clause: _says_when(clause, today, language, counted))
    if words is None:
        return None
    day = spoken_day(words, today, language)
    zones, rest = spoken_zone(day.rest)
    spans, instants = list(FROM_NOW.finditer(rest)), _INSTANT.findall(text)
    spoken = spoken_time(FROM_NOW.sub(TAKEN, rest), counted)
    if day.unclear or spoken.unclear or _LIMIT.search(spoken.rest):
        return None
    if spans or instants:
        alone = len(spans) + bool(instants) == 1 and day.on is None and spoken.at is None and not zones
        return None if not alone else _instant(instants, now, zone) if instants else _from_now(spans[0], now)
    left = without_counts(spoken.rest, (*counted, *counted.values()))
    if spoken.at is None and (day.hour_or_day or _LEFT_NUMBER.search(left)):
        return None
    if day.on is None:
        at_once = is_at_once(words) and spoken.at is None and spoken.part is None
        return FoundTime(rounded_up(now, _QUARTER_HOUR), has_time=False) if at_once else None
    return _on(day.on, spoken, zones, zone, now)


def moment(day: date, at: time, zone: ZoneInfo, now: datetime) -> datetime:
    """Return a local day and time in UTC.

    A time that the clocks skip is an hour later, one that they show twice is the first of the two that is not over.
    """
    first = datetime.combine(day, at, zone).astimezone(UTC)
    return first if first >= now else datetime.combine(day, at.replace(fold=1), zone).astimezone(UTC)


def _on(day: date, said: SpokenTime, zones: set[str], own: ZoneInfo, now: datetime) -> FoundTime | None:
    if said.at is not None:
        zone = zone_of(zones, own, day, said.at)
        # "Tomorrow at 9 PST" is sure only while it is the same day there.
        if zone is None or now.astimezone(zone).date() != now.astimezone(own).date():
            return None
        at = moment(day, said.at, zone, now)
        return FoundTime(at, has_time=True, part=said.part) if at >= now else None
    begin, end = HOURS_OF_PART.get(said.part or "", (OPENING, DAY_END))
    at = max(moment(day, begin, own, now), rounded_up(now, _QUARTER_HOUR))
    return FoundTime(at, has_time=False, part=said.part) if at <= moment(day, end, own, now) else None


def _from_now(span: re.Match[str], now: datetime) -> FoundTime:
    return FoundTime(from_now(span, now), has_time=True)


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


def _says_when(clause: str, today: date, language: str, counted: Mapping[str, str]) -> bool:
    day = spoken_day(clause, today, language)
    time_said = spoken_time(day.rest, counted)
    return day.on is not None or day.unclear or time_said.at is not None or time_said.unclear
