"""Currencies: those that some country pays with today, and what it pays with instead of an older one."""

from functools import cache
from typing import Final

from babel.core import get_global

from followthrough.tenant.complaints import nearest

_SINCE: Final = {"BG": ["EUR"]}
"""What the CLDR that Babel carries does not know yet: Bulgaria pays in euros since 1 January 2026."""


def currency_mistake(code: str) -> str | None:
    """Say why a currency cannot be used, and what to write; None when it can."""
    current = _current()
    if any(code in codes for codes in current.values()):
        return None
    now = sorted({new for territory in _territories_of(code) for new in current.get(territory, ())})
    if now:
        return f"`{code}` is no longer paid with: write {' or '.join(now)}"
    every = {each for codes in current.values() for each in codes}
    hint = nearest(code, every)
    return f"there is no currency `{code}` that a country pays with{hint}: write a code such as USD or EUR"


@cache
def _current() -> dict[str, list[str]]:
    """Return what every territory pays with: what CLDR calls legal tender, without an end."""
    found = {
        territory: [code for code, _, end, tender in codes if tender and end is None]
        for territory, codes in get_global("territory_currencies").items()
    }
    return {**found, **_SINCE}


def _territories_of(code: str) -> list[str]:
    """Return where a currency once was legal tender."""
    all_ = get_global("territory_currencies").items()
    return [territory for territory, codes in all_ if any(it[0] == code and it[3] for it in codes)]
