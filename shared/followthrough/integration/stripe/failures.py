"""What Stripe's errors mean for us.

Sources: https://docs.stripe.com/error-codes, https://docs.stripe.com/error-low-level and
https://docs.stripe.com/api/idempotent_requests
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final

from followthrough.errors import Declined, NotFound, OutcomeUnknown, Refused, SystemFailure, Throttled, Unreachable
from followthrough.integration.reply import refused, retry_after
from followthrough.integration.wire import never_left

if TYPE_CHECKING:
    from stripe import StripeError

NAME: Final = "stripe"

STORED_FAILURE: Final = "stored_failure"
"""Stripe replays the server error that it stored under our key: the key will never tell us more."""

OTHER_PARAMETERS: Final = "idempotency_error"
"""The key was used before with other parameters: this call did nothing, the earlier one may have."""


@contextmanager
def translated(*, write: bool) -> Iterator[None]:
    """Raise the SystemFailure that stands for whatever Stripe's package raises inside."""
    from stripe import StripeError  # noqa: PLC0415  half a second that only a user of Stripe pays

    try:
        yield
    except StripeError as error:
        # Stripe's own text may quote a phone number, so it goes no further.
        raise failure(error, write=write) from None


def failure(error: "StripeError", *, write: bool) -> SystemFailure:
    """Translate one error. A read has no outcome, so whatever breaks it is Unreachable: safe to repeat."""
    from stripe import APIConnectionError  # noqa: PLC0415  as above

    lost = OutcomeUnknown if write else Unreachable
    if isinstance(error, APIConnectionError):
        return Unreachable(NAME, "no_connection") if never_left(error) else lost(NAME, "connection_lost")
    status = error.http_status or 0
    said = _said(error)
    code = str(said.get("code") or said.get("type") or f"http_{status}")
    headers = {name.lower(): value for name, value in (error.headers or {}).items()}
    if status == HTTPStatus.TOO_MANY_REQUESTS:
        return Throttled(NAME, code, retry_after(headers))
    if status == HTTPStatus.CONFLICT:
        # An earlier attempt with this key is still at work over there: it may yet succeed.
        return lost(NAME, "idempotency_key_in_use")
    if refused(status):
        return _refusal(status, code, said)
    replayed = headers.get("idempotent-replayed") == "true"
    return lost(NAME, STORED_FAILURE if replayed else f"http_{status}")


def _refusal(status: int, code: str, said: Mapping[str, Any]) -> Refused:
    match status:
        case HTTPStatus.PAYMENT_REQUIRED:
            return Declined(NAME, str(said.get("decline_code") or code))
        case HTTPStatus.UNAUTHORIZED:
            return Refused(NAME, "unauthorized")
        case HTTPStatus.FORBIDDEN:
            return Refused(NAME, "forbidden")
    return NotFound(NAME, code) if code == "resource_missing" else Refused(NAME, code)


def _said(error: "StripeError") -> Mapping[str, Any]:
    """Return the `error` object of the body; empty when something in between answered instead of Stripe."""
    body = error.json_body
    said = body.get("error") if isinstance(body, Mapping) else None
    return said if isinstance(said, Mapping) else {}
