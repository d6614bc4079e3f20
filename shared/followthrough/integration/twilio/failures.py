"""What Twilio's refusals mean for us.

Sources: https://www.twilio.com/docs/api/errors and https://www.twilio.com/docs/usage/requests-to-twilio
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http import HTTPStatus
from typing import Final

from followthrough.errors import NotFound, Refused, SystemFailure, Throttled
from followthrough.integration.reply import DEFAULT_RETRY_SECONDS, retry_after
from followthrough.integration.shapes import malformed

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

    def __init__(self, status: int, code: int, headers: Mapping[str, str]) -> None:
        """Keep what the tables need, and nothing of Twilio's text."""
        self.status, self.code, self.headers = status, code, headers
        super().__init__(f"{status} {code}")


@contextmanager
def translated(*, write: bool) -> Iterator[None]:
    """Raise the SystemFailure that stands for whatever Twilio's package, or our client in it, raises inside."""
    try:
        yield
    except SystemFailure:
        raise
    except Refusal as refusal:
        raise failure(refusal) from None
    except Exception as odd:  # noqa: BLE001  the package stumbles over what it cannot read in many ways
        raise malformed(NAME, f"answer: {type(odd).__name__}", write=write) from None


def failure(refusal: Refusal) -> SystemFailure:
    """Translate one refusal."""
    if refusal.code in BUSY or refusal.status == HTTPStatus.TOO_MANY_REQUESTS:
        word, seconds = BUSY.get(refusal.code, BUSY[20429])
        return Throttled(NAME, word, retry_after(refusal.headers, seconds))
    kind, word = REFUSALS.get(refusal.code, (Refused, str(refusal.code)))
    return kind(NAME, word)
