"""The objects that Stripe answers with, no wider than our own code and its package need.

Source: the examples of https://github.com/stripe/openapi (openapi/fixtures3.json)
"""

from collections.abc import Mapping, Sequence
from typing import Any

from simulation.exchange import Response
from simulation.stripe.cards import Decline, brand

Object = dict[str, Any]


def error(status: int, kind: str, message: str, **more: object) -> Response:
    """An error body: `more` holds `code`, `param`, `decline_code`, `payment_intent`... where Stripe gives them."""
    code = more.get("code")
    doc = {"doc_url": f"https://stripe.com/docs/error-codes/{str(code).replace('_', '-')}"} if code else {}
    return Response(status, {"error": {**more, **doc, "message": message, "type": kind}})


def missing(kind: str, identity: object, *, status: int = 404, param: str = "id") -> Response:
    """Nothing of this id: 404 in a path, 400 in a parameter."""
    message = f"No such {kind}: '{identity}'"
    return error(status, "invalid_request_error", message, code="resource_missing", param=param)


def customer(identity: str, created: int, form: Mapping[str, Any]) -> Object:
    """A customer."""
    return {
        "id": identity,
        "object": "customer",
        "created": created,
        "description": form.get("description"),
        "email": form.get("email"),
        "invoice_settings": {"default_payment_method": None},
        "livemode": False,
        "metadata": dict(form.get("metadata") or {}),
        "name": form.get("name"),
        "phone": form.get("phone"),
        "preferred_locales": list((form.get("preferred_locales") or {}).values()),
    }


def payment_method(identity: str, created: int, card: str, owner: str | None) -> Object:
    """A card."""
    shown = {"brand": brand(card), "exp_month": 8, "exp_year": 2030, "last4": "4242"}
    return {
        "id": identity,
        "object": "payment_method",
        "card": shown,
        "created": created,
        "customer": owner,
        "livemode": False,
        "metadata": {},
        "type": "card",
    }


def payment_intent(identity: str, created: int, form: Mapping[str, Any], amount: int) -> Object:
    """A payment intent before it is confirmed."""
    return {
        "id": identity,
        "object": "payment_intent",
        "amount": amount,
        "amount_received": 0,
        "canceled_at": None,
        "created": created,
        "currency": str(form["currency"]).lower(),
        "customer": form.get("customer"),
        "description": form.get("description"),
        "last_payment_error": None,
        "latest_charge": None,
        "livemode": False,
        "metadata": dict(form.get("metadata") or {}),
        "next_action": None,
        "payment_method": form.get("payment_method"),
        "payment_method_types": ["card"],
        "statement_descriptor_suffix": form.get("statement_descriptor_suffix"),
        "status": "requires_confirmation" if form.get("payment_method") else "requires_payment_method",
    }


def charge(identity: str, intent: Object, decline: Decline | None) -> Object:
    """One attempt to take the money."""
    return {
        "id": identity,
        "object": "charge",
        "amount": intent["amount"],
        "amount_refunded": 0,
        "captured": decline is None,
        "created": intent["created"],
        "currency": intent["currency"],
        "customer": intent["customer"],
        "failure_code": decline.code if decline else None,
        "failure_message": decline.message if decline else None,
        "livemode": False,
        "metadata": dict(intent["metadata"]),
        "paid": decline is None,
        "payment_intent": intent["id"],
        "payment_method": intent["payment_method"],
        "refunded": False,
        "status": "failed" if decline else "succeeded",
    }


def refund(identity: str, created: int, intent: Object, amount: int, form: Mapping[str, Any]) -> Object:
    """Money on its way back."""
    return {
        "id": identity,
        "object": "refund",
        "amount": amount,
        "charge": intent["latest_charge"],
        "created": created,
        "currency": intent["currency"],
        "metadata": dict(form.get("metadata") or {}),
        "payment_intent": intent["id"],
        "reason": form.get("reason"),
        "status": "succeeded",
    }


def page(url: str, objects: Sequence[Object], limit: int, after: str | None = None, kind: str = "list") -> Response:
    """One page of a list, the newest first; `after` is the id that the page before it ended with."""
    ids = [one["id"] for one in objects]
    start = ids.index(after) + 1 if after in ids else 0
    cut = list(objects[start : start + limit])
    return Response(200, {"object": kind, "url": url, "has_more": start + limit < len(objects), "data": cut})
