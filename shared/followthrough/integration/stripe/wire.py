"""The HTTP client that Stripe's package is given: ours, which is bounded in time and size.

The package reads the headers of Stripe's own errors only, and a limit may also be enforced by what stands before
Stripe. Imported only when a tenant's Stripe is connected: it brings in the package.
"""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any
from weakref import finalize

import stripe
from stripe import HTTPClient, RateLimitError, StripeClient

from followthrough.errors import OutcomeUnknown, Unreachable
from followthrough.integration import wire
from followthrough.integration.shapes import is_object, malformed
from followthrough.integration.stripe.failures import NAME


def client(api_key: str, endpoint: str | None) -> StripeClient:
    """Return Stripe's client, which never tries twice by itself; `endpoint` replaces Stripe's public base URL."""
    # They log each URL, and a search has the customer's number in it.
    wire.quiet("stripe", "httpx", "httpcore")
    stripe.enable_telemetry = False  # else it writes a file into the home directory
    return StripeClient(
        api_key,
        base_addresses={"api": endpoint.rstrip("/")} if endpoint else None,
        max_network_retries=0,  # repeating is the ledger's decision
        http_client=StripeWire(),
    )


class StripeWire(HTTPClient):
    """Raises Unreachable and OutcomeUnknown where no answer comes that the package could read, and
    stripe.RateLimitError by itself for a 429 without Stripe's error body.
    """

    name = "httpx"

    def __init__(self) -> None:
        """Prepare a pool of connections."""
        super().__init__()
        self._client = wire.client()
        # Whoever drops the vendor's client need not know that it holds sockets.
        finalize(self, self._client.close)

    # The package's own clients leave out the base class's last parameter in the same way.
    def request(  # type: ignore[override]
        self, method: str, url: str, headers: Mapping[str, str] | None, post_data: Any = None
    ) -> tuple[bytes, int, Mapping[str, str]]:
        """Send one request."""
        write = method.lower() != "get"
        try:
            answer = wire.send(self._client, method.upper(), url, headers=headers, content=post_data)
        except wire.Broken as broken:
            raise (OutcomeUnknown if write and broken.left else Unreachable)(NAME, broken.code) from None
        if answer.status == HTTPStatus.TOO_MANY_REQUESTS and b'"error"' not in answer.content:
            raise RateLimitError(http_status=answer.status, headers=dict(answer.headers))
        if answer.status < HTTPStatus.OK or HTTPStatus.MULTIPLE_CHOICES <= answer.status < HTTPStatus.BAD_REQUEST:
            raise (OutcomeUnknown if write else Unreachable)(NAME, f"http_{answer.status}")
        if answer.status < HTTPStatus.MULTIPLE_CHOICES and not is_object(answer.content):
            raise malformed(NAME, "answer: json_object", write=write)
        return answer.content, answer.status, dict(answer.headers)
