"""The calls that the Stripe adapter makes, one method each, and what is read of their answers.

Sources: https://docs.stripe.com/api/customers/search, .../customers/list, .../payment_methods/customer_list,
.../payment_intents/create, .../payment_intents/list, .../refunds/create, .../refunds/list
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from followthrough.integration.shapes import AnyShape, read
from followthrough.integration.stripe.failures import NAME
from followthrough.integration.stripe.records import Customer, Intent, Named, Returned

if TYPE_CHECKING:
    from datetime import datetime

    from stripe import ListObject, SearchResultObject, StripeObject
    from stripe.params import CustomerCreateParams, PaymentIntentCreateParams, RefundCreateParams

PAGE = 100
"""The longest page that Stripe gives."""


class StripeAccount:
    """One account. Raises stripe.StripeError, and SystemFailure where an answer cannot be read; never tries twice by
    itself.
    """

    def __init__(self, api_key: str, endpoint: str | None) -> None:
        """Connect with a key; `endpoint` replaces Stripe's public base URL."""
        from followthrough.integration.stripe.wire import client  # noqa: PLC0415  only who connects pays for the package

        self._client = client(api_key, endpoint).v1

    def customers_with(self, phone: str) -> Sequence[Customer]:
        """Search the customers by number."""
        quoted = phone.replace("\\", "\\\\").replace("'", "\\'")
        return _listed(Customer, self._client.customers.search({"query": f"phone:'{quoted}'", "limit": 10}))

    def newest_customers_with(self, phone: str, since: "datetime") -> Sequence[Customer]:
        """Go through the customers that were created since then, at most the newest hundred."""
        newest = self._client.customers.list({"created": {"gte": int(since.timestamp())}, "limit": PAGE})
        return [customer for customer in _listed(Customer, newest) if customer.phone == phone]

    def card_of(self, customer: str) -> str | None:
        """Return the id of the customer's default card, else of the newest one, else None."""
        cards = _listed(Named, self._client.customers.payment_methods.list(customer, {"type": "card", "limit": PAGE}))
        if len(cards) <= 1:
            return cards[0].id if cards else None
        settings = _read(Customer, self._client.customers.retrieve(customer), write=False).invoice_settings
        default = settings.default_payment_method if settings else None
        return default if default in {card.id for card in cards} else cards[0].id

    def create_customer(self, payload: "CustomerCreateParams", key: str) -> Customer:
        """Create a customer."""
        return _read(Customer, self._client.customers.create(payload, {"idempotency_key": key}), write=True)

    def pay(self, payload: "PaymentIntentCreateParams", key: str) -> Intent:
        """Create and confirm a payment intent, and see how it stands now if it has not ended."""
        intents = self._client.payment_intents
        intent = _read(Intent, intents.create(payload, {"idempotency_key": key}), write=True)
        if intent.status == "processing":
            # What is stored under the key stays "processing" for a day; the intent itself moves on.
            return _read(Intent, intents.retrieve(intent.id), write=True)
        if intent.status == "requires_action":
            # Nobody is there to act; cancelled, it can never be paid behind our back.
            ended = intents.cancel(intent.id, {}, {"idempotency_key": f"{key}-cancel"})
            return _read(Intent, ended, write=True)
        return intent

    def intents_of(self, customer: str, since: "datetime") -> Sequence[Intent]:
        """List the customer's payment intents since then, the newest first."""
        found = self._client.payment_intents.list(
            {"customer": customer, "created": {"gte": int(since.timestamp())}, "limit": PAGE}
        )
        return _listed(Intent, found)

    def refund(self, payload: "RefundCreateParams", key: str) -> Returned:
        """Refund a payment intent."""
        return _read(Returned, self._client.refunds.create(payload, {"idempotency_key": key}), write=True)

    def refunds_of(self, intent: str) -> Sequence[Returned]:
        """List a payment intent's refunds, the newest first."""
        return _listed(Returned, self._client.refunds.list({"payment_intent": intent, "limit": PAGE}))


def _read(shape: type[AnyShape], record: "StripeObject", *, write: bool) -> AnyShape:
    return read(shape, record.to_dict(), NAME, write=write)


def _listed(shape: type[AnyShape], found: "ListObject[Any] | SearchResultObject[Any]") -> list[AnyShape]:
    """Read a page."""
    return [_read(shape, record, write=False) for record in found.data]
