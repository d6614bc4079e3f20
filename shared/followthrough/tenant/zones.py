"""Time zones by the one name that each region has today, and which one to write instead of another.

The names are those of the tz database's `zone.tab`: a region's city, such as America/Chicago. What else the database
knows (EST, US/Central, Asia/Calcutta, Etc/GMT+5) is an older name of such a zone, or no region's clock.
"""

from functools import cache
from importlib.resources import files
from typing import Final
from zoneinfo import available_timezones

from followthrough.tenant.complaints import nearest

UTC: Final = "UTC"

_MEANT: Final = {
    **dict.fromkeys(("EST", "EDT", "ET", "EST5EDT"), "America/New_York"),
    **dict.fromkeys(("CST", "CDT", "CT", "CST6CDT"), "America/Chicago"),
    **dict.fromkeys(("MST", "MDT", "MT", "MST7MDT"), "America/Denver"),
    **dict.fromkeys(("PST", "PDT", "PT", "PST8PDT"), "America/Los_Angeles"),
    "AKST": "America/Anchorage",
    "HST": "Pacific/Honolulu",
    "BST": "Europe/London",
    **dict.fromkeys(("CET", "CEST", "MET"), "Europe/Berlin"),
    **dict.fromkeys(("EET", "EEST"), "Europe/Athens"),
    **dict.fromkeys(("WET", "WEST"), "Europe/Lisbon"),
    "IST": "Asia/Kolkata",
    "JST": "Asia/Tokyo",
    "AEST": "Australia/Sydney",
    **dict.fromkeys(("GMT", "Z", "Zulu", "UCT", "Universal", "Etc/UTC", "Etc/GMT", "Greenwich"), UTC),
}
"""What people mean by abbreviations: the region where most of them live."""


def zone_mistake(name: str) -> str | None:
    """Say why a time zone cannot be used, and what to write; None when it can."""
    if name in _regions():
        return None
    better = _MEANT.get(name) or _newest(name)
    if better is not None:
        return f"`{name}` is not the name of a region's time zone: write {better}"
    if name in available_timezones():
        return f"`{name}` is not the time zone of a region: write one such as America/Chicago"
    return f"there is no time zone `{name}`{nearest(name, _regions())}: write one such as America/Chicago"


@cache
def _regions() -> frozenset[str]:
    lines = (files("tzdata") / "zoneinfo" / "zone.tab").read_text("utf-8").splitlines()
    return frozenset({UTC, *(line.split("\t")[2] for line in lines if line and not line.startswith("#"))})


def _newest(name: str) -> str | None:
    """Return the zone that an older name leads to."""
    newer = _links().get(name)
    return newer if newer is None or newer in _regions() else _newest(newer)


@cache
def _links() -> dict[str, str]:
    """Return the older names with what they lead to: lines such as `L America/Chicago US/Central`."""
    lines = (files("tzdata") / "zoneinfo" / "tzdata.zi").read_text("utf-8").splitlines()
    return {parts[2]: parts[1] for line in lines if (parts := line.split()) and parts[0] == "L"}
