"""The HTTP client that Twilio's package is given: with time limits, telling a broken request from a refused one.

Imported only when a tenant's Twilio is connected: it brings in the package.
"""

import json
from http import HTTPStatus
from typing import Any

from requests import RequestException
from twilio.http.http_client import TwilioHttpClient
from twilio.rest import Client

from followthrough.errors import OutcomeUnknown, Unreachable
from followthrough.integration.reply import refused
from followthrough.integration.twilio.failures import NAME, Refusal
from followthrough.integration.wire import CONNECT_SECONDS, READ_SECONDS, never_left, quiet


def client(account_sid: str, auth_token: str, endpoint: str | None) -> Any:
    """Return Twilio's client; `endpoint` replaces Twilio's public base URL."""
    # They log each URL, and a list of messages has the customer's number in it.
    quiet("twilio.http_client", "urllib3.connectionpool")
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
        self._inner = TwilioHttpClient()
        # Its constructor takes one number only; what it hands to requests may be a pair.
        self._inner.timeout = (CONNECT_SECONDS, READ_SECONDS)

    def request(self, method: str, uri: str, **rest: Any) -> Any:
        """Send one request. Raises Unreachable, OutcomeUnknown, Refusal."""
        # A read has no outcome, so whatever breaks it is safe to repeat.
        lost = Unreachable if method == "GET" else OutcomeUnknown
        try:
            answer = self._inner.request(method, uri, **rest)
        except RequestException as broken:
            if never_left(broken):
                raise Unreachable(NAME, "no_connection") from None
            raise lost(NAME, "connection_lost") from None
        if refused(answer.status_code):
            raise Refusal(answer.status_code, _code(answer.text, answer.status_code), answer.headers)
        if not HTTPStatus.OK <= answer.status_code < HTTPStatus.MULTIPLE_CHOICES:
            raise lost(NAME, f"http_{answer.status_code}")
        return answer


def _code(text: str, otherwise: int) -> int:
    """Read the code of an error body; the HTTP status when something in between answered instead of Twilio."""
    try:
        code = json.loads(text)["code"]
    except (ValueError, KeyError, TypeError):
        return otherwise
    return code if isinstance(code, int) else otherwise
