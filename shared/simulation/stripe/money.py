"""A small Stripe's payment intents.

Sources: https://docs.stripe.com/api/payment_intents and https://docs.stripe.com/error-codes
"""

from collections.abc import Iterable, Mapping
from typing import Any

from simulation.exchange import Response
from simulation.stripe.cards import AUTHENTICATION, CARDS, Decline
from simulation.stripe.customers import Customers
from simulation.stripe.form import checked, whole
from simulation.stripe.objects import Object, charge, error, missing, payment_intent
from simulation.stripe.shelf import Shelf

WRITABLE = {
    "allowed_payment_method_types",
    "automatic_payment_methods",
    "confirm",
    "customer",
    "description",
    "error_on_requires_action",
    "metadata",
    "off_session",
    "payment_method",
    "return_url",
    "statement_descriptor_suffix",
}
LEAST = 50
MOST = 99_999_999


class Money:
    """What was paid into one account."""

    def __init__(self, shelf: Shelf, customers: Customers) -> None:
        """Keep it on `shelf`; `customers` have the cards."""
        self._shelf = shelf
        self._customers = customers

    def answer(self, method: str, parts: list[str], form: dict[str, Any]) -> Response | None:
        """Answer what concerns payments; None for anything else."""
        match method, *parts:
            case "POST", "payment_intents":
                return self._pay(form)
            case "GET", "payment_intents":
                return self._shelf.page("payment_intent", "/v1/payment_intents", form, "customer")
            case _, "payment_intents", identity, *rest:
                intent = self._shelf.get("payment_intent", identity)
                return missing("payment_intent", identity) if intent is None else self._one(method, intent, rest, form)
        return None

    def seed(self, payments: Iterable[Mapping[str, Any]]) -> None:
        """Add payments of yesterday, by a card that works."""
        for paid in payments:
            form = {"currency": paid.get("currency", "usd"), "customer": paid["customer"]}
            created = self._shelf.created() - 86_400
            intent = payment_intent(paid.get("id") or self._shelf.identity("pi"), created, form, paid["amount"])
            intent["payment_method"] = self._customers.card("pm_card_visa", None)["id"]
            self._take(self._shelf.put(intent), None)

    def snapshot(self) -> list[dict[str, Any]]:
        """Payments, the oldest first."""
        shown = ("id", "customer", "amount", "currency", "status", "metadata")
        return [{name: one[name] for name in shown} for one in reversed(self._shelf.all("payment_intent"))]

    def _pay(self, form: dict[str, Any]) -> Response:
        if "payment_method_types" in form:
            message = "The payment_method_types parameter is no longer supported; use allowed_payment_method_types."
            code = "payment_method_types_no_longer_supported"
            return error(400, "invalid_request_error", message, code=code, param="payment_method_types")
        amount = whole(checked(form, WRITABLE, ["amount", "currency"]), "amount", 0)
        if not LEAST <= amount <= MOST:
            code = "amount_too_small" if amount < LEAST else "amount_too_large"
            return error(400, "invalid_request_error", "Amount is out of range.", code=code, param="amount")
        owner, card = form.get("customer"), form.get("payment_method")
        if owner is not None and self._shelf.get("customer", owner) is None:
            return missing("customer", owner, status=400, param="customer")
        if card in CARDS:
            card = form["payment_method"] = self._customers.card(card, None)["id"]
        held = self._shelf.get("payment_method", card) if card else None
        if card and (held is None or held["customer"] not in {None, owner}):
            return missing("PaymentMethod", card, status=400, param="payment_method")
        intent = self._shelf.put(payment_intent(self._shelf.identity("pi"), self._shelf.created(), form, amount))
        return self._confirm(intent, form) if form.get("confirm") == "true" else Response(200, intent)

    def _one(self, method: str, intent: Object, rest: list[str], form: dict[str, Any]) -> Response | None:
        match method, *rest:
            case ("GET",):
                return Response(200, intent)
            case "POST", "confirm":
                return self._confirm(intent, form)
            case "POST", "cancel" if intent["status"] in {"succeeded", "canceled"}:
                return _unexpected(intent, f"You cannot cancel this PaymentIntent: it is {intent['status']}.")
            case "POST", "cancel":
                intent.update(status="canceled", canceled_at=self._shelf.created(), next_action=None)
                return Response(200, intent)
        return None

    def _confirm(self, intent: Object, form: Mapping[str, Any]) -> Response:
        intent["payment_method"] = form.get("payment_method") or intent["payment_method"]
        if intent["status"] in {"succeeded", "canceled"} or intent["payment_method"] is None:
            return _unexpected(intent, "You cannot confirm this PaymentIntent: it is over, or has no payment method.")
        decline = CARDS[self._customers.behaviour(intent["payment_method"])]
        if decline is AUTHENTICATION and form.get("off_session") != "true":
            intent.update(status="requires_action", next_action={"type": "use_stripe_sdk"})
            return Response(200, intent)
        taken = self._take(intent, decline)
        if decline is None:
            return Response(200, intent)
        told = {"charge": taken["id"], "code": decline.code, "decline_code": decline.decline_code}
        return error(402, "card_error", decline.message, **told, payment_intent=dict(intent))

    def _take(self, intent: Object, decline: Decline | None) -> Object:
        taken = self._shelf.put(charge(self._shelf.identity("ch"), intent, decline))
        intent["latest_charge"] = taken["id"]
        if decline is None:
            intent.update(status="succeeded", amount_received=intent["amount"], last_payment_error=None)
            return taken
        told = {"code": decline.code, "decline_code": decline.decline_code, "message": decline.message}
        failed = {"type": "card_error", "charge": taken["id"], **told}
        intent.update(status="requires_payment_method", payment_method=None, last_payment_error=failed)
        return taken


def _unexpected(intent: Object, message: str) -> Response:
    code = "payment_intent_unexpected_state"
    return error(400, "invalid_request_error", message, code=code, payment_intent=dict(intent))
