"""Spans of time, "between 3 and 5" and "9-11am", of which the start is what is asked for."""

import re

from followthrough.understanding.clock_forms import NOON, Clock

_LAST_HOUR = 23
_MAY_BE_MINUTES = {5, 10}
_END = r"(?:at )?w?(?P<h{0}>\d{{1,2}})(?: [:.] (?P<m{0}>[0-5]\d))?(?: h)?(?: (?P<half{0}>[ap])m)?(?: sharp)?"
_SPAN = re.compile(
    r"(?P<lead>(?:from |between |at |about )*)"
    + _END.format(1)
    + " (?P<by>-|to|until|and|plus|at) "
    + _END.format(2)
    + "(?: (?P<part>morning|night|afternoon|evening))?"
)


def start_of(symbols: str) -> Clock | None:
    """Read the start of the span that a run is, to the run's end; None when its two numbers need not be hours."""
    match = _SPAN.fullmatch(symbols)
    if match is None or not _is_span(match):
        return None
    hour, end, half, last = int(match["h1"]), int(match["h2"]), match["half1"] or "", match["half2"] or ""
    if last and not half:
        half = last if hour % NOON <= end % NOON else "a" if last == "p" else ""
        if not half:
            return None  # "10 - 12 am" may end at noon
    return Clock(hour, int(match["m1"] or 0), 0, half, match["part"] or "", zero_led=match["h1"].startswith("0"))


def _is_span(match: re.Match[str]) -> bool:
    hour, by, lead = int(match["h1"]), match["by"], set(match["lead"].split())
    is_named = bool(lead & {"from", "between"})
    if (
        int(match["h2"]) > _LAST_HOUR
        or (by in {"and", "plus"} and "between" not in lead)
        or (by == "at" and not is_named)
    ):
        return False
    if by == "-" and match["h2"] == "10" and not (is_named or match["half1"] or match["m1"] or match["m2"]):
        return False  # "9-10 am", ten past nine?
    if by == "to" and "from" not in lead and not match["half1"] and hour in _MAY_BE_MINUTES:
        return False  # ten minutes before 3, or from ten to 3?
    marks = (match["half1"], match["half2"], match["part"], match["m1"] and match["m2"])
    return is_named or any(marks) or ("at" in lead and int(match["h2"]) <= NOON)
