"""What a provider answered, and when it wants to be asked again: what an adapter's translations read."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

DEFAULT_RETRY_SECONDS = 1.0
BAD_REQUEST = 400


@dataclass(frozen=True)
class Reply:
    """What a provider answered: a 2xx, or a 4xx that the adapter translates.

    `body` is the JSON value, None when there is none; `at` the provider's own clock (its Date header), else ours.
    """

    status: int
    body: Any = field(repr=False)
    at: datetime
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)

    @property
    def ok(self) -> bool:
        """Tell whether the provider did what was asked."""
        return self.status < BAD_REQUEST


def retry_after(value: str | None, at: datetime) -> float:
    """Read a Retry-After header, seconds or an HTTP date as seen from `at`; one second when it is absent or garbled.

    Source: RFC 9110, section 10.2.3.
    """
    if value is None:
        return DEFAULT_RETRY_SECONDS
    if re.fullmatch(r"\d{1,9}(\.\d{1,9})?", value.strip()):
        return float(value)
    until = http_date(value)
    return max(0.0, (until - at).total_seconds()) if until else DEFAULT_RETRY_SECONDS


def http_date(value: str | None) -> datetime | None:
    """Read an HTTP date; None when it is absent or garbled."""
    try:
        moment = parsedate_to_datetime(value or "")
    except ValueError:
        return None
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
