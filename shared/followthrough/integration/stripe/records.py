"""Stripe's customers, payment intents and refunds, and what they are to us: translations in both directions.

Sources: https://docs.stripe.com/api/payment_intents/object, .../refunds/object, .../customers/object
"""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, Final

from pydantic import Field, StringConstraints

from followthrough.contracts.call import Answer, Call
from followthrough.contracts.evidence import Evidence
from followthrough.contracts.payments import NewCharge, NewPayer, NewRefund, Payer, Payment, Refund
from followthrough.errors import Declined, Differs, OutcomeUnknown, SystemFailure
from followthrough.integration.shapes import Id, Shape, Text
from followthrough.integration.stripe.currencies import ours, theirs
from followthrough.integration.stripe.failures import NAME
from followthrough.integration.stripe.settings import StripeSettings

if TYPE_CHECKING:
    from stripe.params import CustomerCreateParams, PaymentIntentCreateParams, RefundCreateParams

REFERENCE = "followthrough_reference"

Currency = Annotated[str, StringConstraints(pattern="^[a-z]{3}$")]


class Record(Shape):
    """What all of Stripe's records have: `created` in seconds since 1970."""

    id: Id
    created: int = Field(ge=0, lt=2**35)
    metadata: dict[str, str] | None = None

    @property
    def reference(self) -> str | None:
        """Our mark, if we made it."""
        return (self.metadata or {}).get(REFERENCE)


class Named(Shape):
    """Something of which only the id is wanted."""

    id: Id


class Invoicing(Shape):
    """What a customer pays with, unless something else is said."""

    default_payment_method: Id | None = None


class Customer(Record):
    """A customer."""

    phone: Text | None = None
    invoice_settings: Invoicing | None = None


class PaymentError(Shape):
    """Why a payment was not made."""

    code: Id | None = None
    decline_code: Id | None = None


class Intent(Record):
    """A payment intent; money is in Stripe's minor units."""

    status: Id
    amount_received: int
    currency: Currency
    last_payment_error: PaymentError | None = None


class Returned(Record):
    """A refund."""

    status: Id | None = None
    amount: int
    currency: Currency
    failure_reason: Id | None = None


NOT_PAID: Final = frozenset({"requires_payment_method", "requires_action", "requires_confirmation", "canceled"})
"""The statuses of a payment intent for which no money moved. Source: .../payment_intents/object, status"""


def payer_payload(request: NewPayer, call: Call) -> "CustomerCreateParams":
    """Ours to theirs: a new customer, marked with our reference."""
    payload: CustomerCreateParams = {
        "phone": request.phone,
        "preferred_locales": [call.language],
        "metadata": _marks(call),
    }
    if request.name:
        payload["name"] = request.name
    return payload


def charge_payload(settings: StripeSettings, request: NewCharge, card: str, call: Call) -> "PaymentIntentCreateParams":
    """Ours to theirs: what is to be taken, at once and without the payer being there."""
    currency = call.currency.lower()
    payload: PaymentIntentCreateParams = {
        "amount": theirs(request.amount, currency),
        "currency": currency,
        "customer": request.payer,
        "payment_method": card,
        # Else Stripe also allows methods that send the payer to a web page, and insists on a return_url. (It was called
        # `payment_method_types` before API version 2026-09-30.)
        "allowed_payment_method_types": ["card"],
        "off_session": True,
        "confirm": True,
        "metadata": _marks(call),
    }
    if request.purpose:
        payload["description"] = request.purpose
    if settings.statement:
        payload["statement_descriptor_suffix"] = settings.statement
    return payload


def refund_payload(request: NewRefund, call: Call) -> "RefundCreateParams":
    """Ours to theirs: all of it goes back."""
    return {"payment_intent": request.id, "metadata": _marks(call)}


def payer_answer(customer: Customer) -> Answer:
    """Theirs to ours: a customer who was just created has no card yet."""
    payer = Payer(id=customer.id, has_card=False)
    return Answer(payer, _evidence(customer, "created"), reference=customer.reference)


def charge_answer(intent: Intent) -> Answer:
    """Theirs to ours: a payment. Raises Declined when it was not made, OutcomeUnknown while the bank is thinking, and
    Differs where what was taken is no sum of ours.
    """
    if intent.status == "processing":
        raise OutcomeUnknown(NAME, "processing")
    if intent.status in NOT_PAID:
        error = intent.last_payment_error
        fallback = "card_declined" if intent.status == "requires_payment_method" else "authentication_required"
        raise Declined(NAME, (error and (error.decline_code or error.code)) or fallback)
    payment = Payment(
        id=intent.id,
        amount=_ours(intent.amount_received, intent.currency),
        currency=intent.currency.upper(),
        status=intent.status,
    )
    return Answer(payment, _evidence(intent, intent.status), reference=intent.reference)


def refund_answer(refund: Returned) -> Answer:
    """Theirs to ours: a refund; it may be `pending` for days. Raises Declined when it failed, Differs where it is no
    sum of ours.
    """
    status = refund.status or "pending"
    if status in {"failed", "canceled"}:
        raise Declined(NAME, refund.failure_reason or f"refund_{status}")
    amount = _ours(refund.amount, refund.currency)
    if amount <= 0:
        raise Differs(NAME, ["amount"])
    back = Refund(id=refund.id, amount=amount, currency=refund.currency.upper(), status=status)
    return Answer(back, _evidence(refund, status), reference=refund.reference)


def standing(refunds: Sequence[Returned], otherwise: SystemFailure) -> Returned:
    """Return the refund that stands, whoever made it. Raises `otherwise` when none does."""
    for refund in refunds:
        if refund.status not in {"failed", "canceled"}:
            return refund
    raise otherwise


def is_ours(record: Record, call: Call) -> bool:
    """Tell whether a record carries our reference."""
    return record.reference == call.reference


def _marks(call: Call) -> dict[str, str]:
    return {REFERENCE: call.reference, "execution": call.execution}


def _evidence(record: Record, status: str) -> Evidence:
    return Evidence(id=record.id, status=status, at=datetime.fromtimestamp(record.created, UTC))


def _ours(amount: int, currency: str) -> int:
    """Return a sum of Stripe's in our minor units. Raises Differs where it is none."""
    sum_of_ours = ours(amount, currency)
    if sum_of_ours is None:
        raise Differs(NAME, ["amount"])
    return sum_of_ours
