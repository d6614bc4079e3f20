"""A small Stripe: customers, cards, payment intents and refunds of API v1, with its keys, declines and error bodies.

Sources: https://docs.stripe.com/api and https://docs.stripe.com/testing
"""

from collections.abc import Callable
from copy import deepcopy
from datetime import datetime, timedelta
from typing import Any

from simulation.exchange import Request, Response
from simulation.stripe.customers import Customers
from simulation.stripe.form import BadParameterError, nested
from simulation.stripe.keys import Keys
from simulation.stripe.money import Money
from simulation.stripe.objects import error
from simulation.stripe.refunds import Refunds
from simulation.stripe.shelf import Shelf


class Stripe:
    """One Stripe account; any key that begins with `sk_` or `rk_` may do everything."""

    name = "stripe"

    def __init__(self, now: Callable[[], datetime], lag: timedelta = timedelta(0)) -> None:
        """Live by the clock `now`; the search finds what was created at least `lag` ago."""
        self.now = now
        self.shelf = Shelf(now)
        self.keys = Keys(now)
        self.customers = Customers(self.shelf, lag)
        self.money = Money(self.shelf, self.customers)
        self.refunds = Refunds(self.shelf)
        self._breaking: list[dict[str, Any]] = []

    def seed(self, data: dict[str, Any]) -> None:
        """Add records and prepare troubles.

        `customers`: `{id?, phone, name?, email?, cards?}`, cards by the names of Stripe's test payment methods, the
        first one being the default. `payments`: `{id?, customer, amount, currency?}`, paid yesterday. `in_flight`: how
        often a key (`*`: any) is answered with 409. `break`: `{path, commit}`, for the next POST to that path: a server
        error, before or after the deed, which Stripe keeps under the key.
        """
        self.customers.seed(data.get("customers", []))
        self.money.seed(data.get("payments", []))
        self.keys.in_flight.update(data.get("in_flight", {}))
        self._breaking += data.get("break", [])

    def snapshot(self) -> dict[str, Any]:
        """Customers with their cards, payments with what went back of them, and refunds."""
        return {
            "customers": self.customers.snapshot(),
            "payments": [{**payment, "refunded": self.refunds.of(payment["id"])} for payment in self.money.snapshot()],
            "refunds": self.refunds.snapshot(),
        }

    def handle(self, request: Request) -> Response:
        """Answer as Stripe would."""
        scheme, _, key = request.headers.get("authorization", "").partition(" ")
        if scheme != "Bearer" or not key:
            return error(401, "invalid_request_error", "You did not provide an API key.")
        if not key.startswith(("sk_", "rk_")):
            return error(401, "invalid_request_error", f"Invalid API Key provided: {key[:3]}***")
        number = f"req_{self.shelf.identity('req', 14)[4:]}"
        answer = self.keys.once(request, lambda: self._do(request)) if request.method == "POST" else self._do(request)
        return Response(answer.status, answer.body, {**answer.headers, "Request-Id": number})

    def fault_body(self, status: int) -> object:
        """What Stripe says when it is too busy or broken."""
        if status == 429:  # noqa: PLR2004  Too Many Requests
            message = "Request rate limit exceeded. You can learn more about rate limits here."
            return error(status, "invalid_request_error", message, code="rate_limit").body
        return error(status, "api_error", "An unknown error occurred").body

    def _do(self, request: Request) -> Response:
        broken = next((one for one in self._breaking if (request.method, one["path"]) == ("POST", request.path)), None)
        if broken is not None:
            self._breaking.remove(broken)
            if broken.get("commit"):
                self._answer(request)
            return Response(500, self.fault_body(500))
        return self._answer(request)

    def _answer(self, request: Request) -> Response:
        form = nested(request.form() if request.method == "POST" else request.query)
        parts = request.path.removeprefix("/v1/").split("/")
        try:
            for kind in (self.customers, self.money, self.refunds):
                answer = kind.answer(request.method, parts, form)
                if answer is not None:
                    # A copy: what is kept under a key stays as it was when the object moves on.
                    return deepcopy(answer)
        except BadParameterError as bad:
            return error(400, "invalid_request_error", bad.message, code=bad.code, param=bad.param)
        return error(404, "invalid_request_error", f"Unrecognized request URL ({request.method}: {request.path}).")
