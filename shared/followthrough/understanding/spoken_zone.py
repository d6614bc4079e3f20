"""The time zone that a customer says with a time: "3 pm EST", "a las 3 hora del este".

Only what is sure is converted: the zones of the United States where their clocks show that name on that day, and UTC.
All else, "my time" and an abbreviation that several countries use, is asked about.
"""

from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from followthrough.understanding.calendar_words import any_of, pattern
from followthrough.understanding.folding import words_of

_ZONES = {
    **dict.fromkeys(("est", "edt", "et", "eastern", "este"), "America/New_York"),
    **dict.fromkeys(("cst", "cdt", "ct", "central", "centro"), "America/Chicago"),
    **dict.fromkeys(("mst", "mdt", "mt", "mountain", "montana"), "America/Denver"),
    **dict.fromkeys(("pst", "pdt", "pt", "pacific", "pacifico"), "America/Los_Angeles"),
    **dict.fromkeys(("utc", "gmt"), "UTC"),
}
_NAMES = words_of("est edt cst cdt mst mdt pst pdt utc gmt")
_SHORT = words_of("et ct mt pt")
"""These may be words of a trade, "3 pm PT" is physical therapy: they count only where they make no difference."""
_ELSEWHERE = words_of(
    """bst ist cet cest eet eest msk jst kst hkt sgt aest aedt acst acdt awst nzst nzdt brt ast adt akst akdt hst hdt
    sast gst pkt wib"""
)
_BESIDE = r"(?:(?<=\d)|(?<=\d )|(?<=[ap]m )|(?<=[ap]m, )|(?<=clock )|(?<=noon ))"
_END = r"(?= ?(?:$|[~,.;!?)]))"
_REGION = "(?:eastern|central|mountain|pacific)"
_NO_ZONE = "(?!(?:any|this|that|next|last|first|the|same|some|all|each|every|your|a|our) )"
_ZONE = pattern(
    r"(?P<offset>(?:utc|gmt) ?[-+] ?\d{1,2}(?::?\d\d)?)",
    rf"(?P<name>{any_of(_NAMES)})",
    rf"(?P<region>{_REGION})(?: (?:standard|daylight))? time(?: zone)?",
    r"hora (?:del? |de la )?(?P<hora>este|central|centro|montana|pacifico)",
    rf"{_BESIDE}\(?(?:(?P<short>{any_of([*_SHORT, *_ELSEWHERE])})|(?P<alone>{_REGION}){_END})",
    rf"{_BESIDE}\(?(?P<other>{_NO_ZONE}(?:(?:new|los|san|hong) )?[a-z]+ time|hora (?:del? )?[a-z]+|mi hora)",
)


def spoken_zone(text: str) -> tuple[set[str], str]:
    """Return the zones that folded `text` names, as it names them, and the text without them."""
    said = {next(name for name in match.groups() if name) for match in _ZONE.finditer(text)}
    return said, " ".join(_ZONE.sub(" ", text).split())


def zone_of(said: set[str], own: ZoneInfo, day: date, at: time) -> ZoneInfo | None:
    """Return the zone in which a day and time is meant: `own` where none was said; None when it is not sure."""
    if not said:
        return own
    name = next(iter(said))
    here = datetime.combine(day, at, own)
    seasons = {_shown(here.replace(month=month, day=1)) for month in (1, 7)}
    if len(said) > 1 or (name in seasons and name != _shown(here)):
        return None  # "3 pm CST" in July, in Chicago: the clocks there show another name
    if name == _shown(here):
        return own
    there = ZoneInfo(_ZONES[name]) if name in _ZONES else None
    if there is None or (name in _NAMES and name not in {"gmt", _shown(here.replace(tzinfo=there))}):
        return None
    if here.replace(tzinfo=there).utcoffset() == here.utcoffset():
        return own
    return None if name in _SHORT else there


def _shown(moment: datetime) -> str:
    return (moment.tzname() or "").casefold()
