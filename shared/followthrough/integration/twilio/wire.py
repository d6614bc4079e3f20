"""The HTTP client that Twilio's package is given: with time limits, telling a broken request from a refused one.

Imported only when a tenant's Twilio is connected: it brings in the package.
"""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any
from weakref import finalize

from pydantic_core import from_json
from twilio.http.response import Response
from twilio.rest import Client

from followthrough.errors import OutcomeUnknown, Unreachable
from followthrough.integration import wire
from followthrough.integration.reply import refused
from followthrough.integration.shapes import is_object, malformed
from followthrough.integration.twilio.failures import NAME, Refusal


def client(account_sid: str, auth_token: str, endpoint: str | None) -> Any:
    """Return Twilio's client; `endpoint` replaces Twilio's public base URL."""
    # They log each URL, and a list of messages has the customer's number in it.
    wire.quiet("httpx", "httpcore")
    # An empty environment: what a machine has in TWILIO_* is not this tenant's.
    made = Client(account_sid, auth_token, http_client=TwilioWire(), environment={"": ""})
    if endpoint:
        made.api.base_url = endpoint.rstrip("/")
    return made


class TwilioWire:
    """Raises SystemFailure and Refusal where Twilio's own would return."""

    is_async = False

    def __init__(self) -> None:
        """Prepare a pool of connections."""
        self._client = wire.client()
        # Whoever drops the vendor's client need not know that it holds sockets.
        finalize(self, self._client.close)

    def request(  # noqa: PLR0917  what Twilio's package asks of a client
        self,
        method: str,
        uri: str,
        params: Mapping[str, Any] | None = None,
        data: Mapping[str, Any] | None = None,
        headers: Mapping[str, str] | None = None,
        auth: tuple[str, str] | None = None,
        **_: Any,
    ) -> Response:
        """Send one request. Raises Unreachable, OutcomeUnknown, Refusal."""
        # A read has no outcome, so whatever breaks it is safe to repeat.
        write = method != "GET"
        lost = OutcomeUnknown if write else Unreachable
        try:
            answer = wire.send(self._client, method, uri, params=params, data=data, headers=headers, auth=auth)
        except wire.Broken as broken:
            raise (lost if broken.left else Unreachable)(NAME, broken.code) from None
        if refused(answer.status):
            raise Refusal(answer.status, _code(answer), answer.headers)
        if not HTTPStatus.OK <= answer.status < HTTPStatus.MULTIPLE_CHOICES:
            raise lost(NAME, f"http_{answer.status}")
        if not is_object(answer.content):
            raise malformed(NAME, "answer: json_object", write=write)
        return Response(answer.status, answer.content.decode(), answer.headers)


def _code(answer: wire.Answered) -> int:
    """Read the code of an error body; the HTTP status when something in between answered instead of Twilio."""
    code = from_json(answer.content).get("code") if is_object(answer.content) else None
    return code if type(code) is int else answer.status
