"""From everything said about a day to the one day that is meant, or to none when the parts disagree.

"Next Tuesday" is the first Tuesday that is at least two days away: on a Monday nobody calls tomorrow "next Tuesday",
and on a Sunday most people mean the coming one. "Tuesday" is the coming one, "this Tuesday" may be today. Since a quote
repeats the full date before anything is booked, a customer who meant another week says so there.
"""

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Literal

ROLL_DAYS = 270
"""A day and month that is over is a slip or a memory, unless next year's comes within these many days."""

HORIZON_DAYS = 730
"""Nobody books further ahead: a later date was mistyped."""

_SAME_DAY_DAYS = 70
_SUNDAY = 6

Lead = Literal["this", "next", ""]


@dataclass
class SaidDays:
    """What bears on the day. A None among `dates` is a date that cannot be meant: 30 February, or over for long.

    `weekdays` pairs how a weekday was introduced with its number (0 is Monday); `month_days` are days without a month;
    `weeks` is 0 for this calendar week and 1 for the next.
    """

    dates: list[date | None] = field(default_factory=list)
    weekdays: list[tuple[Lead, int]] = field(default_factory=list)
    month_days: list[int] = field(default_factory=list)
    weeks: list[int] = field(default_factory=list)

    def anything(self) -> bool:
        """Tell whether a day was named at all; a week alone is no day."""
        return bool(self.dates or self.weekdays or self.month_days)


def calendar_day(year: int | None, month: int, day: int, today: date) -> date | None:
    """Return the date of a named day; without a `year` the coming one. None when there is none or it is over."""
    try:
        if year is not None:
            return date(year + 2000 if year < 100 else year, month, day)  # noqa: PLR2004  a year in two digits
        coming = date(today.year, month, day)
        if coming < today:
            coming = date(today.year + 1, month, day)
            return coming if (coming - today).days <= ROLL_DAYS else None
    except ValueError:
        return None
    return coming


def months_later(today: date, months: int) -> date:
    """Return the same day of a later month, or that month's last day when it is shorter."""
    year, month = divmod(today.month - 1 + months, 12)
    day = today.day
    while True:
        try:
            return date(today.year + year, month + 1, day)
        except ValueError:
            day -= 1


def coming_weekday(lead: Lead, weekday: int, today: date) -> date:
    """Return the day that "this", "next" or plain weekday means."""
    first = today if lead == "this" else today + timedelta(days=2 if lead == "next" else 1)
    return first + timedelta(days=(weekday - first.weekday()) % 7)


def meant_day(said: SaidDays, today: date) -> date | None:
    """Return the day on which everything said agrees; None when it does not, or when the day is over or years away."""
    if said.dates:
        on = said.dates[0] if len(set(said.dates)) == 1 else None
    elif said.month_days:
        on = _with_day_of_month(said, today)
    else:
        on = _weekday_of(said, today)
    if on is None or not 0 <= (on - today).days <= HORIZON_DAYS:
        return None
    if said.weeks and on.weekday() == _SUNDAY:
        return None  # Sunday begins the week for some and ends it for others.
    agreed = (
        all(weekday == on.weekday() for _, weekday in said.weekdays)
        and all(day == on.day for day in said.month_days)
        and all(_monday(on) == _monday(today) + timedelta(weeks=week) for week in said.weeks)
    )
    return on if agreed else None


def _with_day_of_month(said: SaidDays, today: date) -> date | None:
    soon = (today + timedelta(days=ahead) for ahead in range(_SAME_DAY_DAYS))
    weekdays = {weekday for _, weekday in said.weekdays}
    return next((day for day in soon if day.day == said.month_days[0] and weekdays <= {day.weekday()}), None)


def _weekday_of(said: SaidDays, today: date) -> date | None:
    if said.weeks:
        days = {_monday(today) + timedelta(weeks=said.weeks[0], days=weekday) for _, weekday in said.weekdays}
    else:
        days = {coming_weekday(lead, weekday, today) for lead, weekday in said.weekdays}
    return days.pop() if len(days) == 1 else None


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())
