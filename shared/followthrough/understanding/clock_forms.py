"""The forms in which a clock time may be said, over the symbols of `clock_words` (a grammar, matched to the end).

A run that no form matches to its end names no time, however much of it would: "9 30 15" is not half past nine.
"""

import re
from typing import NamedTuple

NOON = 12
PARTS = frozenset({"morning", "night", "afternoon", "evening"})
"""Parts of the day as the symbols call them; "night" is from midnight to dawn, "evening" ends at midnight."""


class Clock(NamedTuple):
    """A clock time as said: `half` is "a" or "p", `part` a part of the day, both may be empty; `zero_led` as in 07:30.

    `less` are the minutes counted back from the hour: "quarter to 4" is 4 and 15 less.
    """

    hour: int
    minute: int
    less: int = 0
    half: str = ""
    part: str = ""
    zero_led: bool = False


_LEAD = "(?P<lead>(?:(?:at|about|after|for) )*)"
_TAIL = "(?P<tail>(?: (?:am|pm|sharp|ish|morning|night|afternoon|evening))*)"
_H = r"w?(?P<h>\d{1,2})"
_M = r"(?P<m>w?[0-5]\d)"
_NO_HOUR = r"(?P<m>w?(?:0\d|1[3-9]|[2-5]\d))"
_FIVES = r"(?:15|20|25|[345][05])"


def _form(said: str, tail: str = _TAIL) -> re.Pattern[str]:
    return re.compile(_LEAD + said + tail)


_CERTAIN = (
    _form(rf"{_H} : {_M}(?: : [0-5]\d)?(?: hour| h)?"),
    _form(r"(?P<h>1[3-9]|2[0-3]) h(?: (?:plus )?(?P<m>[0-5]\d))?(?: min| h)?"),
    _form(rf"{_H} \. {_M} (?:hour|h)"),
    _form(r"(?P<h>[01]\d|2[0-3])(?P<m>[0-5]\d) (?:hour|h)"),
    _form(rf"(?P<m>w?[0-5]?\d|half|quarter)(?: min)? (?:past|after) (?:at )?{_H}"),
    _form(rf"(?P<less>w?[0-5]?\d) min (?:to|of|before|for) (?:at )?{_H}"),
    _form(rf"(?P<less>w?{_FIVES}|quarter) (?:to|before|for) (?:at )?{_H}"),
    _form(rf"(?P<less>w?(?:5|10)) (?:before|for) (?:at )?{_H}"),
    _form(r"(?P<less>w(?:5|10)) to (?:at )?w(?P<h>\d{1,2})", "(?P<tail>(?: sharp)?)"),
    _form(rf"(?P<less>w{_FIVES}|w5|w10|quarter) of (?:at )?{_H}"),
    _form(rf"{_H} plus (?P<m>half|quarter)"),
    _form(rf"{_H} less (?P<less>quarter)"),
    _form(rf"(?P<m>half) {_H}"),
)
"""What can be nothing but a time of day."""

_LED = (
    _form(rf"(?P<less>w?(?:5|10)) to (?:at )?{_H}"),
    _form(rf"{_H} h(?: (?:plus )?(?P<m>[0-5]\d))?(?: min| h)?"),
    _form(rf"{_H} {_M}"),
)
"""What is a time of day after "at"; without it "10 to 3pm" may be a span, "1 h 30" how long something takes, and
"Friday 3 11 am" the third at eleven.
"""

_MARKED = (
    _form(_H),
    _form(rf"{_H} \. {_M}"),
    _form(rf"{_H}(?: -)? {_NO_HOUR}"),
    _form(r"(?P<h>\d{1,2})(?P<m>[0-5]\d)"),
    _form(rf"(?P<less>w?{_FIVES}) of (?:at )?{_H}"),
    _form(rf"{_H} plus (?P<m>w?[0-5]\d|w5)(?: min)?"),
    _form(rf"{_H} less (?P<less>w?[0-5]\d|w5)(?: min)?"),
)
"""What is a time of day after "at", or before "pm", "sharp" or "in the evening"."""

_CLOCK_WORD = re.compile(
    r"(?<!\w)(?:at|about|after|for|past|am|pm|sharp|ish|some|morning|night|afternoon|evening)(?!\w)|:"
)
_DURATION = re.compile(
    r"(?:(?:at|about|after|for|from|between) )*(?:w?\d+ (?:(?:to|or|-|\.|plus|and) w?\d+ )?)?(?:min|hour|h)"
    r"(?: (?:(?:plus|and) )?(?:half|quarter|w?\d+(?: min)?))?"
)


def clock_of(symbols: str) -> Clock | None:
    """Read one time from a run, to the run's end; None when it says none, several, or something else as well."""
    for forms, is_sure in ((_CERTAIN, _always), (_LED, _is_led), (_MARKED, _is_marked)):
        for form in forms:
            match = form.fullmatch(symbols)
            if match and is_sure(match):
                return _clock(match)
    return None


def is_time(symbols: str) -> bool:
    """Tell whether a run is about a time of day; "2", "about 20 minutes" and "312-555-0100" are not."""
    return _CLOCK_WORD.search(symbols) is not None and not _DURATION.fullmatch(symbols)


def _always(_match: re.Match[str]) -> bool:
    return True


def _is_led(match: re.Match[str]) -> bool:
    return "at" in match["lead"] or "for" in match["lead"]


def _is_marked(match: re.Match[str]) -> bool:
    return bool(match["lead"] or match["tail"])


def _clock(match: re.Match[str]) -> Clock | None:
    groups = match.groupdict()
    said = groups["tail"].split()
    halves, parts = {word[0] for word in said if word in {"am", "pm"}}, {word for word in said if word in PARTS}
    hour, minute, less = int(groups["h"]), _minutes(groups.get("m")), _minutes(groups.get("less"))
    if len(halves) > 1 or len(parts) > 1 or (hour > NOON and (less or (halves and groups.get("m") is None))):
        return None
    return Clock(hour, minute, less, "".join(halves), "".join(parts), zero_led=match["h"].startswith("0"))


def _minutes(words: str | None) -> int:
    return {"half": 30, "quarter": 15}.get(words or "") or int((words or "0").removeprefix("w"))
