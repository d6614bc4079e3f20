"""What HubSpot's refusals mean for us.

Source: https://developers.hubspot.com/docs/api-reference/error-handling and the `Error` schema of HubSpot's public API
specifications (category, correlationId, message).
"""

from collections.abc import Mapping
from typing import Final

from followthrough.errors import NotFound, Refused, SystemFailure, Throttled
from followthrough.integration.reply import DEFAULT_RETRY_SECONDS, Reply, retry_after
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


def accepted(reply: Reply, shape: type[AnyShape]) -> AnyShape:
    """Read what HubSpot did. Raises the SystemFailure that stands for what it refused, or cannot be read."""
    if not reply.ok:
        raise failure(reply)
    return reply.read(shape)


def failure(reply: Reply) -> SystemFailure:
    """Translate one refusal, by its category or its HTTP status."""
    category = str(reply.refusal().get("category"))
    known = category in REFUSALS
    code = category if known else f"http_{reply.status}"
    kind = REFUSALS[code] if known else STATUSES.get(reply.status, Refused)
    if issubclass(kind, Throttled):
        return Throttled(NAME, code, retry_after(reply.headers, WAITS.get(reply.status, DEFAULT_RETRY_SECONDS)))
    return kind(NAME, CODES.get(code, code))
