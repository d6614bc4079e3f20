"""What a provider answered: the answer as adapters' translations read it, and what its status and its headers say."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from typing import Any, Final

from pydantic_core import from_json

from followthrough.clock import utc_now
from followthrough.errors import Throttled
from followthrough.integration import shapes
from followthrough.integration.shapes import AnyShape

DEFAULT_RETRY_SECONDS: Final = 1.0

TOO_MANY: Final = "too_many_requests"
"""Our code for a 429."""

UNIX_TIME: Final = 1e9
"""What is larger is no number of seconds to wait."""

A_DAY_SECONDS: Final = 86_400.0


@dataclass(frozen=True)
class Reply:
    """What a provider answered: a 2xx, or a 4xx that the adapter translates.

    `content` is the body; `at` the provider's own clock (its Date header), else ours; `write` tells what was asked.
    """

    system: str
    status: int
    content: bytes = field(repr=False)
    at: datetime
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    write: bool = field(default=False, kw_only=True)

    @property
    def ok(self) -> bool:
        """Tell whether the provider did what was asked."""
        return self.status < HTTPStatus.BAD_REQUEST

    def read(self, shape: type[AnyShape]) -> AnyShape:
        """Read what it answered. Raises Unreachable, OutcomeUnknown where it does not fit."""
        return shapes.read(shape, self.content, self.system, write=self.write)

    def refusal(self) -> Mapping[str, Any]:
        """Return the JSON object that a refusal holds; empty for anything else, such as a gateway's page."""
        try:
            said = from_json(self.content)
        except ValueError:
            return {}
        return said if isinstance(said, dict) else {}


def refused(status: int) -> bool:
    """Tell whether a status is a no to the request: any 4xx but 408, a gateway's word that it waits no longer."""
    return HTTPStatus.BAD_REQUEST <= status < HTTPStatus.INTERNAL_SERVER_ERROR and status != HTTPStatus.REQUEST_TIMEOUT


def answered_at(headers: Mapping[str, str], otherwise: datetime) -> datetime:
    """Return the provider's own clock (its Date header), else `otherwise`."""
    return _http_date(_header(headers, "date")) or otherwise


def retry_after(headers: Mapping[str, str], otherwise: float = DEFAULT_RETRY_SECONDS) -> float:
    """Return the seconds that a provider asks us to wait, by its Retry-After: seconds, or an HTTP date as seen from its
    own clock; `otherwise` when it is absent or garbled.

    Source: RFC 9110, section 10.2.3.
    """
    value = _header(headers, "retry-after").strip()
    if re.fullmatch(r"\d{1,9}(\.\d{1,9})?", value):
        return float(value)
    until = _http_date(value)
    return max(0.0, (until - answered_at(headers, utc_now())).total_seconds()) if until else otherwise


def reset_after(headers: Mapping[str, str], prefix: str, at: datetime) -> float | None:
    """Return the seconds until a provider counts requests anew, by its headers whose names begin with `prefix` (lower
    case); the longest of several, None where there is none that makes sense.

    Such a header holds seconds or a Unix timestamp, as seen from `at`, the provider's own clock.
    """
    values = [value.strip() for name, value in headers.items() if name.lower().startswith(prefix)]
    numbers = [float(value) for value in values if re.fullmatch(r"\d{1,10}(\.\d{1,9})?", value)]
    left = [number - at.timestamp() if number >= UNIX_TIME else number for number in numbers]
    return max((seconds for seconds in left if 0 <= seconds <= A_DAY_SECONDS), default=None)


def throttled(reply: Reply) -> Throttled:
    """Read a 429 of a provider without rules of its own."""
    return Throttled(reply.system, TOO_MANY, retry_after(reply.headers))


def _header(headers: Mapping[str, str], name: str) -> str:
    """Return a header's value whatever the case of its name; empty when it is absent."""
    return next((value for key, value in headers.items() if key.lower() == name), "")


def _http_date(value: str) -> datetime | None:
    """Read an HTTP date; None when it is absent or garbled."""
    try:
        moment = parsedate_to_datetime(value)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
