"""How money, dates and times are said to one person: in their language, the tenant's region, currency and time zone."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from babel import Locale, UnknownLocaleError
from babel.core import parse_locale
from babel.dates import format_date, format_time
from babel.numbers import format_currency
from liquid.context import RenderContext
from liquid.exceptions import LiquidTypeError
from liquid.filter import with_context

from followthrough.tenant.models import Tenant
from followthrough.tenant.money import to_major

FORMATS: Final = "_formats"
"""The name under which filters find them; no template can mention it, because no variable is called so."""


@dataclass(frozen=True)
class Formats:
    """How to speak: the language (with `fallback` when a wording lacks it) and the tenant's `locale`, such as en-US."""

    language: str
    fallback: str
    locale: str
    currency: str
    time_zone: str

    @property
    def region(self) -> Locale:
        """The language as it is spoken where the tenant is; the bare language where Babel knows no such pair."""
        territory = parse_locale(self.locale, sep="-")[1]
        try:
            local = self.language if not territory or "-" in self.language else f"{self.language}-{territory}"
            return Locale.parse(local, sep="-")
        except (UnknownLocaleError, ValueError):
            return Locale.parse(self.language, sep="-")

    @property
    def dialect(self) -> str:
        """The region's code, such as en-GB: it decides how a customer's 3/12 is read."""
        return str(self.region).replace("_", "-")


def is_language(name: str) -> bool:
    """Whether there is such a language, or such a language of a region."""
    try:
        Locale.parse(name, sep="-")
    except (UnknownLocaleError, ValueError, TypeError):
        return False
    return True


def formats_for(tenant: Tenant, language: str) -> Formats:
    """Return how a tenant speaks to somebody of this language, in the tenant's first where it does not speak theirs."""
    first = tenant.languages[0]
    spoken = language if language in tenant.languages else first
    return Formats(spoken, first, tenant.locale, tenant.currency, tenant.time_zone)


def in_language(wording: Mapping[str, str], formats: Formats) -> str:
    """Return a text that is no template, such as a title, in the language spoken."""
    return wording.get(formats.language) or wording[formats.fallback]


@with_context
def money(value: Any, *, context: RenderContext) -> str:
    """Say minor units as people write the currency: 9000 is $90.00."""
    if isinstance(value, bool) or not isinstance(value, int):
        raise LiquidTypeError("money is a whole number of minor units", token=None)
    formats = _formats(context)
    return _spaced(format_currency(to_major(value, formats.currency), formats.currency, locale=formats.region))


@with_context
def date_long(value: Any, *, context: RenderContext) -> str:
    """Say a moment in full: Tuesday, November 24, 2026, 3:00 PM."""
    day, hour = date_filter(value, context=context), time_filter(value, context=context)
    return f"{day}, {hour}"


@with_context
def date_filter(value: Any, *, context: RenderContext) -> str:
    """Say the day of a moment: Tuesday, November 24, 2026."""
    return _spaced(format_date(_local(value, context), "full", locale=_formats(context).region))


@with_context
def time_filter(value: Any, *, context: RenderContext) -> str:
    """Say the time of day of a moment: 3:00 PM."""
    return _spaced(format_time(_local(value, context), "short", locale=_formats(context).region))


def _formats(context: RenderContext) -> Formats:
    formats = context.globals[FORMATS]
    assert isinstance(formats, Formats), "render gives every template its formats"
    return formats


def _local(value: Any, context: RenderContext) -> datetime:
    try:
        moment = value if isinstance(value, datetime) else datetime.fromisoformat(value)
        return moment.astimezone(ZoneInfo(_formats(context).time_zone))
    except (TypeError, ValueError, OverflowError):
        raise LiquidTypeError("a time is ISO 8601 text", token=None) from None


def _spaced(text: str) -> str:
    """Use plain spaces: one narrow space would turn a text message into one of 70 instead of 160 characters."""
    return text.replace("\u202f", " ").replace("\u00a0", " ")
