"""Stripe's customers, payment intents and refunds, and what they are to us: translations in both directions.

Sources: https://docs.stripe.com/api/payment_intents/object, .../refunds/object, .../customers/object
"""

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from followthrough.contracts.adapter import Answer, Call
from followthrough.contracts.evidence import Evidence
from followthrough.contracts.payments import NewCharge, NewPayer, NewRefund, Payer, Payment, Refund
from followthrough.errors import Declined, OutcomeUnknown, SystemFailure
from followthrough.integration.stripe.failures import NAME
from followthrough.integration.stripe.settings import StripeSettings

if TYPE_CHECKING:
    from collections.abc import Sequence

    import stripe
    from stripe.params import CustomerCreateParams, PaymentIntentCreateParams, RefundCreateParams

REFERENCE = "followthrough_reference"

# Their krona and shilling have no minor unit any more, but Stripe still counts in hundredths. Source:
# https://docs.stripe.com/currencies#special-cases
_STILL_HUNDREDTHS = {"isk", "ugx"}


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
        "amount": request.amount * _hundredths(currency),
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


def payer_answer(customer: "stripe.Customer") -> Answer:
    """Theirs to ours: a customer who was just created has no card yet."""
    return Answer(Payer(id=customer.id, has_card=False), _evidence(customer.id, "created", customer.created))


def charge_answer(intent: "stripe.PaymentIntent") -> Answer:
    """Theirs to ours: a payment. Raises Declined when it was not made, OutcomeUnknown while the bank is thinking."""
    if intent.status == "processing":
        raise OutcomeUnknown(NAME, "processing")
    if intent.status != "succeeded":
        error = intent.last_payment_error
        fallback = "card_declined" if intent.status == "requires_payment_method" else "authentication_required"
        raise Declined(NAME, (error and (error.decline_code or error.code)) or fallback)
    payment = Payment(
        id=intent.id,
        amount=intent.amount_received // _hundredths(intent.currency),
        currency=intent.currency.upper(),
        status=intent.status,
    )
    return Answer(payment, _evidence(intent.id, intent.status, intent.created))


def refund_answer(refund: "stripe.Refund") -> Answer:
    """Theirs to ours: a refund; it may be `pending` for days. Raises Declined when it failed."""
    status = refund.status or "pending"
    if status in {"failed", "canceled"}:
        raise Declined(NAME, refund.failure_reason or f"refund_{status}")
    amount = refund.amount // _hundredths(refund.currency)
    back = Refund(id=refund.id, amount=amount, currency=refund.currency.upper(), status=status)
    return Answer(back, _evidence(refund.id, status, refund.created))


def standing(refunds: "Sequence[stripe.Refund]", otherwise: SystemFailure) -> "stripe.Refund":
    """Return the refund that stands, whoever made it. Raises `otherwise` when none does."""
    for refund in refunds:
        if refund.status not in {"failed", "canceled"}:
            return refund
    raise otherwise


def is_ours(record: "stripe.Customer | stripe.PaymentIntent | stripe.Refund", call: Call) -> bool:
    """Tell whether a record carries our reference."""
    metadata = record.metadata
    return metadata is not None and REFERENCE in metadata and metadata[REFERENCE] == call.reference


def _marks(call: Call) -> dict[str, str]:
    return {REFERENCE: call.reference, "execution": call.execution}


def _evidence(identity: str, status: str, created: int) -> Evidence:
    return Evidence(id=identity, status=status, at=datetime.fromtimestamp(created, UTC))


def _hundredths(currency: str) -> int:
    return 100 if currency in _STILL_HUNDREDTHS else 1
