"""What Twilio's refusals mean for us, and the client that tells a broken request from a refused one.

Sources: https://www.twilio.com/docs/api/errors and https://www.twilio.com/docs/usage/requests-to-twilio
"""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http import HTTPStatus
from typing import Any, Final

from followthrough.errors import NotFound, OutcomeUnknown, Refused, SystemFailure, Throttled, Unreachable
from followthrough.integration.wire import (
    CONNECT_SECONDS,
    DEFAULT_RETRY_SECONDS,
    READ_SECONDS,
    never_left,
    quiet,
    seconds_to_wait,
)

NAME: Final = "twilio"

REFUSALS: Final[Mapping[int, tuple[type[Refused], str]]] = {
    20003: (Refused, "unauthorized"),
    20404: (NotFound, "not_found"),
    21211: (Refused, "invalid_recipient"),
    21212: (Refused, "invalid_sender"),
    21265: (Refused, "invalid_recipient"),
    21266: (Refused, "recipient_is_sender"),
    21408: (Refused, "region_not_permitted"),
    21602: (Refused, "no_words"),
    21604: (Refused, "invalid_recipient"),
    21606: (Refused, "invalid_sender"),
    21608: (Refused, "unverified_recipient"),
    21609: (Refused, "invalid_status_url"),
    21610: (Refused, "opted_out"),
    21612: (Refused, "unroutable"),
    21614: (Refused, "not_a_mobile"),
    21617: (Refused, "too_long"),
    21635: (Refused, "not_a_mobile"),
}
"""Twilio's code to what it means; a code that is not here is Refused under its number."""

BUSY: Final[Mapping[int, tuple[str, float]]] = {
    14107: ("too_many_messages", 30.0),
    20429: ("too_many_requests", DEFAULT_RETRY_SECONDS),
    21611: ("queue_full", 60.0),
    63038: ("daily_limit", 3600.0),
}
"""Twilio's code to what it means and how many seconds to wait where Twilio does not say."""


class Refusal(Exception):  # noqa: N818  what it is
    """Twilio said no: the code of its error body, or the HTTP status."""

    def __init__(self, status: int, code: int, retry_after: str | None) -> None:
        """Keep what the table needs, and nothing of Twilio's text."""
        self.status, self.code, self.retry_after = status, code, retry_after
        super().__init__(f"{status} {code}")


@contextmanager
def translated() -> Iterator[None]:
    """Raise the SystemFailure that stands for a Refusal inside."""
    try:
        yield
    except Refusal as refusal:
        raise failure(refusal) from None


def failure(refusal: Refusal) -> SystemFailure:
    """Translate one refusal."""
    if refusal.code in BUSY or refusal.status == HTTPStatus.TOO_MANY_REQUESTS:
        word, seconds = BUSY.get(refusal.code, BUSY[20429])
        return Throttled(NAME, word, seconds_to_wait(refusal.retry_after) if refusal.retry_after else seconds)
    kind, word = REFUSALS.get(refusal.code, (Refused, str(refusal.code)))
    return kind(NAME, word)


class TwilioWire:
    """Twilio's HTTP client with time limits, which raises SystemFailure and Refusal where Twilio's would return."""

    is_async = False

    def __init__(self) -> None:
        """Prepare a pool of connections."""
        from twilio.http.http_client import (  # noqa: PLC0415  for users of Twilio
            TwilioHttpClient,
        )

        # They log each URL, and a list of messages has the customer's number in it.
        quiet("twilio.http_client", "urllib3.connectionpool")
        self._inner = TwilioHttpClient()
        # Its constructor takes one number only; what it hands to requests may be a pair.
        self._inner.timeout = (CONNECT_SECONDS, READ_SECONDS)

    def request(self, method: str, uri: str, **rest: Any) -> Any:
        """Send one request. Raises Unreachable, OutcomeUnknown, Refusal."""
        from requests import RequestException  # noqa: PLC0415  likewise

        # A read has no outcome, so whatever breaks it is safe to repeat.
        lost = Unreachable if method == "GET" else OutcomeUnknown
        try:
            answer = self._inner.request(method, uri, **rest)
        except RequestException as broken:
            if never_left(broken):
                raise Unreachable(NAME, "no_connection") from None
            raise lost(NAME, "connection_lost") from None
        refused = HTTPStatus.BAD_REQUEST <= answer.status_code < HTTPStatus.INTERNAL_SERVER_ERROR
        if refused and answer.status_code != HTTPStatus.REQUEST_TIMEOUT:
            headers = {name.lower(): value for name, value in answer.headers.items()}
            raise Refusal(answer.status_code, _code(answer.text, answer.status_code), headers.get("retry-after"))
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
