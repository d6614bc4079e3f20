"""A small Stripe's customers and the cards on their file.

Sources: https://docs.stripe.com/api/customers and https://docs.stripe.com/search
"""

import re
from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import Any

from simulation.exchange import Response
from simulation.stripe.cards import CARDS
from simulation.stripe.form import checked, whole
from simulation.stripe.objects import Object, customer, error, missing, page, payment_method
from simulation.stripe.shelf import DEFAULT_PAGE, Shelf

WRITABLE = {"phone", "name", "email", "description", "metadata", "preferred_locales", "invoice_settings"}
CLAUSE = re.compile(r"""(?P<field>phone|email|name|metadata\[["'](?P<key>[^"']+)["']\])\s*:\s*(["'])(?P<value>.*?)\3""")


class Customers:
    """The customers of one account."""

    def __init__(self, shelf: Shelf, lag: timedelta) -> None:
        """Keep them on `shelf`; the search finds those created at least `lag` ago."""
        self._shelf = shelf
        self._lag = lag
        self._cards: dict[str, str] = {}

    def answer(self, method: str, parts: list[str], form: dict[str, Any]) -> Response | None:
        """Answer what concerns customers and cards; None for anything else."""
        match method, *parts:
            case "POST", "customers":
                return Response(200, self._create(checked(form, WRITABLE)))
            case "GET", "customers":
                return self._shelf.page("customer", "/v1/customers", form, "email")
            case "GET", "customers", "search":
                return self._search(form)
            case "POST", "payment_methods", card, "attach":
                return self._attach(card, checked(form, (), ["customer"]))
            case _, "customers", identity, *rest:
                owner = self._shelf.get("customer", identity)
                return missing("customer", identity) if owner is None else self._one(method, owner, rest, form)
        return None

    def seed(self, people: Iterable[Mapping[str, Any]]) -> None:
        """Add customers of a year ago."""
        for person in people:
            owner = self._create(
                {name: person[name] for name in ("phone", "name", "email") if name in person}, person.get("id")
            )
            owner["created"] -= 365 * 86_400
            for card in person.get("cards", []):
                attached = self.card(card, owner["id"])
                owner["invoice_settings"]["default_payment_method"] = (
                    owner["invoice_settings"]["default_payment_method"] or attached["id"]
                )

    def snapshot(self) -> list[dict[str, Any]]:
        """Every customer with the test cards on their file."""
        return [
            {
                "id": owner["id"],
                "name": owner["name"] or "",
                "phone": owner["phone"] or "",
                "cards": [self._cards[card["id"]] for card in reversed(self.cards_of(owner["id"]))],
            }
            for owner in reversed(self._shelf.all("customer"))
        ]

    def card(self, test_card: str, owner: str | None) -> Object:
        """Make a card that behaves like a test card."""
        identity = self._shelf.identity("pm")
        self._cards[identity] = test_card
        return self._shelf.put(payment_method(identity, self._shelf.created(), test_card, owner))

    def cards_of(self, owner: str) -> list[Object]:
        """Return the customer's cards, the newest first."""
        return [card for card in self._shelf.all("payment_method") if card["customer"] == owner]

    def behaviour(self, card: str) -> str:
        """Name the test card that a card behaves like."""
        return self._cards[card]

    def _one(self, method: str, owner: Object, rest: list[str], form: dict[str, Any]) -> Response | None:
        match method, *rest:
            case "GET", "payment_methods":
                limit = whole(form, "limit", DEFAULT_PAGE)
                return page(f"/v1/customers/{owner['id']}/payment_methods", self.cards_of(owner["id"]), limit)
            case ("GET",):
                return Response(200, owner)
            case ("POST",):
                settings = checked(form, WRITABLE).pop("invoice_settings", {})
                owner["invoice_settings"].update(settings)
                owner.update(form)
                return Response(200, owner)
        return None

    def _create(self, form: Mapping[str, Any], identity: str | None = None) -> Object:
        return self._shelf.put(customer(identity or self._shelf.identity("cus", 14), self._shelf.created(), form))

    def _attach(self, card: str, form: Mapping[str, Any]) -> Response:
        if self._shelf.get("customer", form["customer"]) is None:
            return missing("customer", form["customer"], status=400, param="customer")
        if card in CARDS:
            return Response(200, self.card(card, form["customer"]))
        known = self._shelf.get("payment_method", card)
        if known is None:
            return missing("PaymentMethod", card, param="payment_method")
        known["customer"] = form["customer"]
        return Response(200, known)

    def _search(self, form: Mapping[str, Any]) -> Response:
        query = str(form.get("query", ""))
        clauses = [CLAUSE.fullmatch(clause.strip()) for clause in re.split(r"\s+AND\s+", query)]
        if not all(clauses):
            return error(400, "invalid_request_error", "We were unable to parse your search query.", param="query")
        visible = int((self._shelf.now() - self._lag).timestamp())
        fitting = [
            owner
            for owner in self._shelf.all("customer")
            if owner["created"] <= visible and all(_fits(owner, clause) for clause in clauses if clause)
        ]
        return page("/v1/customers/search", fitting, whole(form, "limit", DEFAULT_PAGE), kind="search_result")


def _fits(owner: Object, clause: re.Match[str]) -> bool:
    held = owner["metadata"].get(clause["key"]) if clause["key"] else owner[clause["field"]]
    return str(held or "").lower() == re.sub(r"\\(.)", r"\1", clause["value"]).lower()
