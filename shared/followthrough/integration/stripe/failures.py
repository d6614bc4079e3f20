"""What Stripe's errors mean for us.

Sources: https://docs.stripe.com/error-codes, https://docs.stripe.com/error-low-level and
https://docs.stripe.com/api/idempotent_requests
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http import HTTPStatus
from typing import TYPE_CHECKING, Final

from followthrough.errors import Declined, NotFound, OutcomeUnknown, Refused, SystemFailure, Throttled, Unreachable
from followthrough.integration.reply import refused, retry_after
from followthrough.integration.shapes import is_word, malformed

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
    except SystemFailure:
        raise
    except StripeError as error:
        # Stripe's own text may quote a phone number, so it goes no further.
        raise failure(error, write=write) from None
    except Exception as odd:  # noqa: BLE001  the package stumbles over what it cannot read in many ways
        raise malformed(NAME, f"answer: {type(odd).__name__}", write=write) from None


def failure(error: "StripeError", *, write: bool) -> SystemFailure:
    """Translate one error. A read has no outcome, so whatever breaks it is Unreachable: safe to repeat."""
    lost = OutcomeUnknown if write else Unreachable
    status = error.http_status or 0
    said = _said(error)
    code = said.get("code") or said.get("type") or f"http_{status}"
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


def _refusal(status: int, code: str, said: Mapping[str, str]) -> Refused:
    match status:
        case HTTPStatus.PAYMENT_REQUIRED:
            return Declined(NAME, said.get("decline_code") or code)
        case HTTPStatus.UNAUTHORIZED:
            return Refused(NAME, "unauthorized")
        case HTTPStatus.FORBIDDEN:
            return Refused(NAME, "forbidden")
    return NotFound(NAME, code) if code == "resource_missing" else Refused(NAME, code)


def _said(error: "StripeError") -> Mapping[str, str]:
    """Return the codes in the body's `error`; empty when something in between answered instead of Stripe."""
    body = error.json_body
    said = body.get("error") if isinstance(body, Mapping) else None
    given = said if isinstance(said, Mapping) else {}
    return {name: given[name] for name in ("code", "type", "decline_code") if is_word(given.get(name))}
