"""A small Stripe's refunds.

Sources: https://docs.stripe.com/api/refunds and https://docs.stripe.com/error-codes
"""

from collections.abc import Mapping
from typing import Any

from simulation.exchange import Response
from simulation.stripe.form import checked, whole
from simulation.stripe.objects import error, missing, refund
from simulation.stripe.shelf import Shelf

WRITABLE = {"payment_intent", "charge", "amount", "reason", "metadata"}


class Refunds:
    """What went back from one account."""

    def __init__(self, shelf: Shelf) -> None:
        """Keep them on `shelf`, where the payments are."""
        self._shelf = shelf

    def answer(self, method: str, parts: list[str], form: dict[str, Any]) -> Response | None:
        """Answer what concerns refunds; None for anything else."""
        match method, *parts:
            case "POST", "refunds":
                return self._refund(checked(form, WRITABLE))
            case "GET", "refunds":
                return self._shelf.page("refund", "/v1/refunds", form, "payment_intent", "charge")
            case "GET", "refunds", identity:
                one = self._shelf.get("refund", identity)
                return missing("refund", identity) if one is None else Response(200, one)
        return None

    def snapshot(self) -> list[dict[str, Any]]:
        """Refunds, the oldest first."""
        shown = ("id", "payment_intent", "amount", "currency", "status")
        return [{name: one[name] for name in shown} for one in reversed(self._shelf.all("refund"))]

    def of(self, intent: str) -> int:
        """Sum up what went back of a payment."""
        return sum(one["amount"] for one in self._shelf.all("refund") if one["payment_intent"] == intent)

    def _refund(self, form: Mapping[str, Any]) -> Response:
        wanted = form.get("payment_intent") or form.get("charge")
        intents = self._shelf.all("payment_intent")
        intent = next((one for one in intents if wanted in {one["id"], one["latest_charge"]}), None)
        if intent is None:
            return missing("payment_intent", wanted, param="payment_intent")
        if intent["status"] != "succeeded":
            message = f"This PaymentIntent ({intent['id']}) does not have a successful charge to refund."
            return error(400, "invalid_request_error", message, param="payment_intent")
        left = intent["amount"] - self.of(intent["id"])
        if left == 0:
            message = f"Charge {intent['latest_charge']} has already been refunded."
            return error(400, "invalid_request_error", message, code="charge_already_refunded")
        amount = whole(form, "amount", left)
        if amount > left:
            # Stripe gives no code for this one.
            message = f"Refund amount ({amount}) is greater than unrefunded amount on charge ({left})"
            return error(400, "invalid_request_error", message, param="amount")
        made = refund(self._shelf.identity("re"), self._shelf.created(), intent, amount, form)
        return Response(200, self._shelf.put(made))
