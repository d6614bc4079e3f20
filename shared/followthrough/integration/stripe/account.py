"""The calls that the Stripe adapter makes, one method each.

Sources: https://docs.stripe.com/api/customers/search, .../customers/list, .../payment_methods/customer_list,
.../payment_intents/create, .../payment_intents/list, .../refunds/create, .../refunds/list
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    import stripe
    from stripe.params import CustomerCreateParams, PaymentIntentCreateParams, RefundCreateParams

PAGE = 100
"""The longest page that Stripe gives."""


class StripeAccount:
    """One account. Raises stripe.StripeError only; never tries twice by itself."""

    def __init__(self, api_key: str, endpoint: str | None) -> None:
        """Connect with a key; `endpoint` replaces Stripe's public base URL."""
        from followthrough.integration.stripe.wire import client  # noqa: PLC0415  only who connects pays for the package

        self._client = client(api_key, endpoint).v1

    def customers_with(self, phone: str) -> "Sequence[stripe.Customer]":
        """Search the customers by number."""
        quoted = phone.replace("\\", "\\\\").replace("'", "\\'")
        return self._client.customers.search({"query": f"phone:'{quoted}'", "limit": 10}).data

    def newest_customers_with(self, phone: str, since: "datetime") -> "Sequence[stripe.Customer]":
        """Go through the customers that were created since then, at most the newest hundred."""
        newest = self._client.customers.list({"created": {"gte": int(since.timestamp())}, "limit": PAGE}).data
        return [customer for customer in newest if customer.phone == phone]

    def card_of(self, customer: str) -> str | None:
        """Return the id of the customer's default card, else of the newest one, else None."""
        cards = self._client.customers.payment_methods.list(customer, {"type": "card", "limit": PAGE}).data
        if len(cards) <= 1:
            return cards[0].id if cards else None
        settings = self._client.customers.retrieve(customer).invoice_settings
        default = settings.default_payment_method if settings else None
        return default if isinstance(default, str) and default in {card.id for card in cards} else cards[0].id

    def create_customer(self, payload: "CustomerCreateParams", key: str) -> "stripe.Customer":
        """Create a customer."""
        return self._client.customers.create(payload, {"idempotency_key": key})

    def pay(self, payload: "PaymentIntentCreateParams", key: str) -> "stripe.PaymentIntent":
        """Create and confirm a payment intent, and see how it stands now if it has not ended."""
        intent = self._client.payment_intents.create(payload, {"idempotency_key": key})
        if intent.status == "processing":
            # What is stored under the key stays "processing" for a day; the intent itself moves on.
            return self._client.payment_intents.retrieve(intent.id)
        if intent.status == "requires_action":
            # Nobody is there to act; cancelled, it can never be paid behind our back.
            return self._client.payment_intents.cancel(intent.id, {}, {"idempotency_key": f"{key}-cancel"})
        return intent

    def intents_of(self, customer: str, since: "datetime") -> "Sequence[stripe.PaymentIntent]":
        """List the customer's payment intents since then, the newest first."""
        return self._client.payment_intents.list(
            {"customer": customer, "created": {"gte": int(since.timestamp())}, "limit": PAGE}
        ).data

    def refund(self, payload: "RefundCreateParams", key: str) -> "stripe.Refund":
        """Refund a payment intent."""
        return self._client.refunds.create(payload, {"idempotency_key": key})

    def refunds_of(self, intent: str) -> "Sequence[stripe.Refund]":
        """List a payment intent's refunds, the newest first."""
        return self._client.refunds.list({"payment_intent": intent, "limit": PAGE}).data
