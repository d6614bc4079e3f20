"""The day that a customer names, in English or Spanish, and what is left of the text once it is taken out."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from followthrough.understanding import day_words
from followthrough.understanding.calendar_words import MONTHS, SHORT_WEEKDAYS, WEEKDAYS, number
from followthrough.understanding.date_order import month_first
from followthrough.understanding.meant_day import Lead, SaidDays, calendar_day, coming_weekday, meant_day, months_later

_NOON = 12
_MONTHS = 12
TAKEN = " ~ "
"""Stands where something was read, so that what was apart stays apart."""


@dataclass(frozen=True)
class SpokenDay:
    """What was read: `on` is None when no day was named, or when it is `unclear` which."""

    on: date | None
    unclear: bool
    rest: str
    hour_or_day: bool = False
    """Whether a number may as well have been the hour, as in "Tuesday 3"."""


def _read_iso(match: re.Match[str], today: date, _language: str, said: SaidDays) -> None:
    said.dates.append(calendar_day(int(match["year"]), int(match["month"]), int(match["day"]), today))


def _read_slashed(match: re.Match[str], today: date, language: str, said: SaidDays) -> None:
    one, two, year = int(match["one"]), int(match["two"] or match["two2"]), match["year"] or match["year2"]
    first = month_first(language) if max(one, two) <= _MONTHS else two > _MONTHS
    if first is None and one != two:
        said.dates.append(None)
        return
    month, day = (one, two) if first else (two, one)
    said.dates.append(calendar_day(int(year) if year else None, month, day, today))


def _read_month_day(match: re.Match[str], today: date, language: str, said: SaidDays) -> None:
    day = 1 if match["day"] in {"1ro", "1o"} else number(match["day"])
    beside = match.groupdict()
    if beside.get("before") or beside.get("after") or (match["month"] == "mar" and language[:2] == "es"):
        said.dates.append(None)  # which of two numbers, and March, or martes?
        return
    said.dates.append(calendar_day(int(match["year"]) if match["year"] else None, MONTHS[match["month"]], day, today))


def _read_named(match: re.Match[str], today: date, _language: str, said: SaidDays) -> None:
    said.dates.append(today + timedelta(days=2 if match["two"] else 1 if match["one"] else 0))


def _read_weeks_from(match: re.Match[str], today: date, _language: str, said: SaidDays) -> None:
    named = {"today": today, "tomorrow": today + timedelta(days=1)}
    start = named.get(match["day"]) or coming_weekday("", WEEKDAYS[match["day"]], today)
    said.dates.append(start + timedelta(weeks=number(match["count"])))


def _read_from_today(match: re.Match[str], today: date, _language: str, said: SaidDays) -> None:
    if match["c"]:
        said.dates.append(_later(today, number(match["c"]), match["u"]))
        return
    named = {"hoy": today, "manana": today + timedelta(days=1)}
    start = named.get(match["start"]) or coming_weekday("", WEEKDAYS[match["start"]], today)
    weeks = 1 if match["weeks"] in {"ocho", "8"} else 2
    said.dates.append(None if match["unsure"] else start + timedelta(weeks=weeks))


def _read_in(match: re.Match[str], today: date, _language: str, said: SaidDays) -> None:
    count = number(match["c1"] or match["c2"] or match["c3"])
    said.dates.append(_later(today, count, match["u1"] or match["u2"] or match["u3"]))


def _later(today: date, count: int, unit: str) -> date:
    match unit:
        case "day" | "dia":
            return today + timedelta(days=count)
        case "week" | "semana":
            return today + timedelta(weeks=count)
        case _:
            return months_later(today, count)


def _read_week(match: re.Match[str], _today: date, _language: str, said: SaidDays) -> None:
    said.weeks.append(1 if match["next"] or match["next2"] else 0)


def _read_weekday(match: re.Match[str], _today: date, _language: str, said: SaidDays) -> None:
    words = match["lead"] or match["lead2"] or match["tail"]
    lead: Lead = "" if not words else "this" if re.fullmatch(day_words.THIS, words) else "next"
    said.weekdays.append((lead, WEEKDAYS[match["day"]] if match["day"] else SHORT_WEEKDAYS[match["short"]]))
    if match["bare"]:
        said.month_days.append(number(match["bare"]))
    if match["either"]:
        said.dates.append(None)  # a day, or minutes?


def _read_day_of_month(match: re.Match[str], _today: date, _language: str, said: SaidDays) -> None:
    said.month_days.append(int(match["a"] or match["b"] or match["c"]))


_Reader = Callable[[re.Match[str], date, str, SaidDays], None]
# In this order: what is longer and surer is taken out before a part of it could be misread.
_READERS: tuple[tuple[re.Pattern[str], _Reader], ...] = (
    (day_words.ISO, _read_iso),
    (day_words.DAY_FIRST, _read_month_day),
    (day_words.MONTH_FIRST, _read_month_day),
    (day_words.SLASHED, _read_slashed),
    (day_words.WEEKS_FROM, _read_weeks_from),
    (day_words.FROM_TODAY, _read_from_today),
    (day_words.IN, _read_in),
    (day_words.WEEK, _read_week),
    (day_words.NAMED, _read_named),
    (day_words.WEEKDAY_SAID, _read_weekday),
    (day_words.DAY_OF_MONTH, _read_day_of_month),
)


def spoken_day(text: str, today: date, language: str) -> SpokenDay:
    """Read the day named in folded `text`; `language`, with or without a region, decides when 12/3 is."""
    said = SaidDays()
    hour_or_day = False
    text = day_words.ORDINAL.sub(_in_digits, text)
    for expression, read in _READERS:
        for match in expression.finditer(text):
            read(match, today, language, said)
            bare = match.groupdict().get("bare")
            hour_or_day = hour_or_day or (bare is not None and number(bare) <= _NOON and language[:2] != "es")
        text = " ".join(expression.sub(TAKEN, text).split())
    if not said.anything():
        return SpokenDay(None, unclear=False, rest=text)
    on = None if day_words.UNREAD.search(text) else meant_day(said, today)
    return SpokenDay(on, unclear=on is None, rest=text, hour_or_day=hour_or_day)


def _in_digits(match: re.Match[str]) -> str:
    word = match["one"] or match["of"] or match["large"]
    return f"{match['beside'] or ''}{day_words.ORDINALS[word]}th"
