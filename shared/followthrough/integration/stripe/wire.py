"""The HTTP client that Stripe's package is given: with time limits, and with the headers of every 429.

The package reads the headers of Stripe's own errors only, and a limit may also be enforced by what stands before
Stripe. Imported only when a tenant's Stripe is connected: it brings in the package.
"""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

import stripe
from stripe import RateLimitError, RequestsClient, StripeClient

from followthrough.integration.wire import CONNECT_SECONDS, READ_SECONDS, quiet


def client(api_key: str, endpoint: str | None) -> StripeClient:
    """Return Stripe's client, which never tries twice by itself; `endpoint` replaces Stripe's public base URL."""
    # They log each URL, and a search has the customer's number in it.
    quiet("stripe", "urllib3.connectionpool")
    stripe.enable_telemetry = False  # else it writes a file into the home directory
    return StripeClient(
        api_key,
        base_addresses={"api": endpoint.rstrip("/")} if endpoint else None,
        max_network_retries=0,  # repeating is the ledger's decision
        http_client=StripeWire(),
    )


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
