"""Which of several things a customer means: an offered time, or a choice that was named. None means: ask again."""

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from followthrough.understanding.answers import wants_none, yes_or_no
from followthrough.understanding.calendar_words import SHORT_WEEKDAYS, WEEKDAY, WEEKDAYS, any_of, pattern
from followthrough.understanding.clauses import wanted
from followthrough.understanding.folding import folded, words_of
from followthrough.understanding.places import ALONE, COURTESY, PLACES, place_of, places_in
from followthrough.understanding.spoken_day import spoken_day
from followthrough.understanding.spoken_time import SpokenTime, spoken_time
from followthrough.understanding.spoken_zone import spoken_zone, zone_of

_WHICHEVER = re.compile(
    r"(?:any|either|whichever|any of (?:them|those|these)|either of (?:them|those)|anyone|(?:any|either) one)"
    rf"(?: is| works| will| would| do| work| fine| good| ok| okay| for me| be)*{COURTESY}[.!]?"
    rf"|(?:cualquiera(?: de (?:ellas|ellos|las dos|las tres|los dos|los tres))?|me da igual|la que sea){COURTESY}[.!]?"
)
_DAY_SAID = pattern(
    rf"(?:(?:on|next|this|coming|the|el|este|proximo) )*(?P<day>{WEEKDAY}|{any_of(SHORT_WEEKDAYS)})"
    "(?: que viene| proximo)?",
)
_HOURS_OF_PART = {"morning": range(12), "afternoon": range(12, 18), "evening": range(17, 24)}


def choice_of(  # noqa: PLR0917  the offer, and then what its words are read by
    text: str,
    options: int,
    starts: Sequence[datetime],
    time_zone: str,
    language: str,
    now: datetime,
    counted: Mapping[str, str],
) -> int | None:
    """Return the index, from 0, of the offered slot that `text` means; None when unsure or when it means none of them.

    `starts` are the aware starts of the slots in the order offered, one for each of the `options`, or empty when the
    options are no times. A number alone is the place in the list, as offers ask for it; an hour only where the list is
    shorter. `counted` are things that the tenant counts, one by many ("tooth": "teeth").
    """
    words = wanted(folded(text), _says_which)
    if options < 1 or words is None or wants_none(text):
        return None
    words = words.strip(" ,")
    local = [start.astimezone(ZoneInfo(time_zone)) for start in starts]
    alone = ALONE.fullmatch(words)
    if alone:
        place = place_of(alone["n"], options)
        hour = int(alone["n"]) if alone["n"].isdecimal() else PLACES[alone["n"]]
        at_hour = {index for index, start in enumerate(local) if start.hour % 12 == hour and not start.minute}
        return place if place >= 0 else _only(at_hour)
    if _WHICHEVER.fullmatch(words):
        return 0
    evidence, rest = places_in(words, options, local)
    if local:
        evidence += _times(rest, local, language, now, counted)
    if evidence:
        return _only(set.intersection(*evidence))
    return 0 if options == 1 and yes_or_no(text, language) is True else None


def pick(text: str, choices: Mapping[str, Mapping[str, str]], language: str) -> str | None:
    """Return the one of `choices` (wordings by value, then by language) that `text` names by words or place, or None.

    Wordings in `language` go before those in other languages; the value itself is a wording too. Of "cleaning" and
    "deep cleaning" the longer one that was said is meant.
    """
    words = wanted(folded(text), lambda _clause: True)
    if words is None or wants_none(text):
        return None
    said = words_of(words)
    for languages in ({language, ""}, None):
        named: dict[str, list[str]] = {}
        for value, wording in choices.items():
            for code, wording_or_value in {**wording, "": value}.items():
                form = words_of(wording_or_value)
                if (languages is None or code in languages) and _within(form, said):
                    named[value] = max(named.get(value, []), form, key=len)
        if named:
            forms = list(named.values())
            widest = [value for value, form in named.items() if all(_within(other, form) for other in forms)]
            return widest[0] if len(widest) == 1 else None
    alone = ALONE.fullmatch(words.strip(" ,"))
    places = [{place_of(alone["n"], len(choices))}] if alone else places_in(words, len(choices), [])[0]
    only = _only(set.intersection(*places)) if places else None
    return None if only is None or only < 0 else list(choices)[only]


def _times(
    words: str, local: Sequence[datetime], language: str, now: datetime, counted: Mapping[str, str]
) -> list[set[int]]:
    """Read weekdays, dates, times and parts of the day; an empty set among the evidence means that nothing fits."""
    evidence: list[set[int]] = []
    for match in _DAY_SAID.finditer(words):
        weekday = {**WEEKDAYS, **SHORT_WEEKDAYS}[match["day"]]
        evidence.append({index for index, start in enumerate(local) if start.weekday() == weekday})
    day = spoken_day(_DAY_SAID.sub(" ", words).strip(), now.astimezone(local[0].tzinfo).date(), language)
    if day.on or day.unclear:
        evidence.append({index for index, start in enumerate(local) if start.date() == day.on})
    zones, rest = spoken_zone(day.rest)
    at = spoken_time(rest, counted)
    if at.at or at.unclear:
        evidence.append({index for index, start in enumerate(local) if _at(start, at, zones)})
    elif at.part:
        evidence.append({index for index, start in enumerate(local) if start.hour in _HOURS_OF_PART[at.part]})
    return evidence


def _at(start: datetime, said: SpokenTime, zones: set[str]) -> bool:
    own = start.tzinfo
    assert isinstance(own, ZoneInfo), "offers are looked at in the tenant's time zone"
    zone = zone_of(zones, own, start.date(), start.time())
    if said.at is None or zone is None:
        return False
    start = start.astimezone(zone)
    # Who says only "9" among offered times may mean 9 in the evening.
    hours = {said.at.hour} if said.sure else {said.at.hour, (said.at.hour + 12) % 24}
    return start.minute == said.at.minute and start.hour in hours


def _only(indexes: set[int]) -> int | None:
    return next(iter(indexes)) if len(indexes) == 1 else None


def _within(form: Sequence[str], said: Sequence[str]) -> bool:
    return bool(form) and any(said[at : at + len(form)] == form for at in range(len(said)))


def _says_which(clause: str) -> bool:
    return (
        any(char.isdecimal() for char in clause)
        or bool(places_in(clause, 1, [])[0])
        or (_DAY_SAID.search(clause) is not None)
    )
