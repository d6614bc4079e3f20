"""The HTTP client that Stripe's package is given: with time limits, and with the headers of every 429.

The package reads the headers of Stripe's own errors only, and a limit may also be enforced by what stands before
Stripe. Imported only when a tenant's Stripe is connected: it brings in the package.
"""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from stripe import RateLimitError, RequestsClient

from followthrough.integration.wire import CONNECT_SECONDS, READ_SECONDS


class StripeWire(RequestsClient):
    """Raises stripe.RateLimitError by itself for a 429 without Stripe's error body."""

    def __init__(self) -> None:
        """Prepare a pool of connections."""
        super().__init__(timeout=(CONNECT_SECONDS, READ_SECONDS))

    # The package's own clients leave out the base class's last parameter in the same way.
    def request(  # type: ignore[override]
        self, method: str, url: str, headers: Mapping[str, str] | None, post_data: Any = None
    ) -> tuple[bytes, int, Mapping[str, str]]:
        """Send one request."""
        body, status, answered = super().request(method, url, headers, post_data)
        if status == HTTPStatus.TOO_MANY_REQUESTS and b'"error"' not in body:
            raise RateLimitError(http_status=status, headers=dict(answered))
        return body, status, answered
