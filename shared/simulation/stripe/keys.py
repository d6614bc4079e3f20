"""Stripe's idempotency keys: the first answer under a key is kept for a day and given again.

Source: https://docs.stripe.com/api/idempotent_requests
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from simulation.exchange import Request, Response
from simulation.stripe.objects import error

KEPT = timedelta(hours=24)

# Refused before the endpoint began: such answers are not kept, and the key stays free.
_BEFORE_EXECUTION = {"parameter_missing", "parameter_unknown", "parameter_invalid_integer", "parameter_invalid_empty"}


@dataclass(frozen=True)
class Kept:
    """What was asked first under a key, when, and the answer."""

    path: str
    form: dict[str, list[str]]
    at: datetime
    answer: Response


class Keys:
    """The keys of one account."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        """Live by the clock `now`."""
        self._now = now
        self._kept: dict[str, Kept] = {}
        self.in_flight: dict[str, int] = {}
        """How often a key is still to be answered with "in use"; `*` stands for any key."""

    def once(self, request: Request, do: Callable[[], Response]) -> Response:
        """Do it, unless the request's key has an answer already."""
        key = request.headers.get("idempotency-key")
        if key is None:
            return do()
        for busy in (key, "*"):
            if self.in_flight.get(busy, 0) > 0:
                self.in_flight[busy] -= 1
                return _in_use(key)
        kept = self._kept.get(key)
        if kept is not None and self._now() - kept.at < KEPT:
            return _again(kept, key, request)
        answer = do()
        if answer.status != 429 and _code(answer) not in _BEFORE_EXECUTION:  # noqa: PLR2004  limits come before keys
            self._kept[key] = Kept(request.path, request.form(), self._now(), answer)
        return answer


def _again(kept: Kept, key: str, request: Request) -> Response:
    if kept.path != request.path:
        message = (
            "Keys for idempotent requests can only be used for the same endpoint they were first used for "
            f"('{request.path}' vs '{kept.path}'). Try using a key other than '{key}' if you meant to execute a "
            "different request."
        )
        return error(400, "idempotency_error", message)
    if kept.form != request.form():
        message = (
            "Keys for idempotent requests can only be used with the same parameters they were first used with. Try "
            f"using a key other than '{key}' if you meant to execute a different request."
        )
        return error(400, "idempotency_error", message)
    return replace(kept.answer, headers={**kept.answer.headers, "Idempotent-Replayed": "true"})


def _in_use(key: str) -> Response:
    message = (
        "There is currently another in-progress request using this Idempotent Key (that probably means you submitted "
        f"twice, and the other request is still going through): {key}. Please try again later."
    )
    return error(409, "invalid_request_error", message, code="idempotency_key_in_use")


def _code(answer: Response) -> str | None:
    body = answer.body
    said = body.get("error") if isinstance(body, dict) else None
    return said.get("code") if isinstance(said, dict) else None
