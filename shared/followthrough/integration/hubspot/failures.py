"""What HubSpot's refusals mean for us.

Source: https://developers.hubspot.com/docs/api-reference/error-handling and the `Error` schema of HubSpot's public API
specifications (category, correlationId, message).
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from followthrough.contracts.call import Call
from followthrough.errors import NotFound, Refused, SystemFailure, Throttled
from followthrough.integration.reply import A_DAY_SECONDS, DEFAULT_RETRY_SECONDS, TOO_MANY, Reply, retry_after
from followthrough.integration.shapes import AnyShape

NAME: Final = "hubspot"

REFUSALS: Final[Mapping[str, type[SystemFailure]]] = {
    "OBJECT_NOT_FOUND": NotFound,
    "VALIDATION_ERROR": Refused,
    "CONFLICT": Refused,
    "OBJECT_ALREADY_EXISTS": Refused,
    "INVALID_AUTHENTICATION": Refused,
    "EXPIRED_AUTHENTICATION": Refused,
    "MISSING_SCOPES": Refused,
    "RATE_LIMITS": Throttled,
}
"""What each category of an error body is to us; a category that is not here is judged by its HTTP status."""

CODES: Final[Mapping[str, str]] = {
    "INVALID_AUTHENTICATION": "unauthorized",
    "EXPIRED_AUTHENTICATION": "unauthorized",
    "MISSING_SCOPES": "forbidden",
    "http_401": "unauthorized",
    "http_403": "forbidden",
}
"""Our own words for refusals of whoever asks, which say nothing about what was asked."""

STATUSES: Final[Mapping[int, type[SystemFailure]]] = {404: NotFound, 423: Throttled, 477: Throttled}
"""What a status is to us where the body names no known category; any other refusal is for good."""

WAITS: Final[Mapping[int, float]] = {423: 2.0, 477: 3600.0}
"""Seconds to wait where no Retry-After says so: 423 is a lock of two seconds, 477 a move of the account between regions
that may take hours."""


SECONDS_OF_POLICIES: Final[Mapping[str, float]] = {
    "SECONDLY": 1.0,
    "TEN_SECONDLY_ROLLING": 10.0,
    "DAILY": A_DAY_SECONDS,
}
"""How long each limit lasts, by the `policyName` of a 429. Source:
https://developers.hubspot.com/docs/developer-tooling/platform/usage-guidelines."""

WINDOW: Final = "x-hubspot-ratelimit-interval-milliseconds"
"""The header that says how long the window lasts; answers to searches lack it."""

DAILY: Final = "daily_limit"
"""Our code for an account that has used up its day."""


def throttled(reply: Reply) -> Throttled:
    """Read a 429: by its Retry-After, which HubSpot may leave out, by the limit's name, or by the window's length."""
    policy = str(reply.refusal().get("policyName")).upper()
    window = next((value for name, value in reply.headers.items() if name.lower() == WINDOW), "")
    otherwise = float(window) / 1000 if window.isdecimal() else SECONDS_OF_POLICIES["TEN_SECONDLY_ROLLING"]
    seconds = retry_after(reply.headers, SECONDS_OF_POLICIES.get(policy, otherwise))
    return Throttled(NAME, DAILY if policy == "DAILY" else TOO_MANY, seconds)


@contextmanager
def until_midnight(call: Call) -> Iterator[None]:
    """Let a used up day end at midnight, in the time zone of the tenant: HubSpot counts anew at the account's."""
    try:
        yield
    except Throttled as limited:
        if limited.code != DAILY or limited.seconds < A_DAY_SECONDS:
            raise
        zone = ZoneInfo(call.time_zone)
        midnight = datetime.combine(call.now.astimezone(zone).date() + timedelta(days=1), time(), zone)
        raise Throttled(NAME, DAILY, (midnight - call.now).total_seconds()) from None


def accepted(reply: Reply, shape: type[AnyShape]) -> AnyShape:
    """Read what HubSpot did. Raises the SystemFailure that stands for what it refused, or cannot be read."""
    if not reply.ok:
        raise failure(reply)
    return reply.read(shape)


def failure(reply: Reply) -> SystemFailure:
    """Translate one refusal, by its category or its HTTP status."""
    return refused(reply, str(reply.refusal().get("category")))


def refused(reply: Reply, category: str) -> SystemFailure:
    """Translate a refusal of a category, which may be of one record among many."""
    known = category in REFUSALS
    code = category if known else f"http_{reply.status}"
    kind = REFUSALS[code] if known else STATUSES.get(reply.status, Refused)
    if issubclass(kind, Throttled):
        return Throttled(NAME, code, retry_after(reply.headers, WAITS.get(reply.status, DEFAULT_RETRY_SECONDS)))
    return kind(NAME, CODES.get(code, code))
