"""What a payment provider is asked and gives: payers, charges and refunds. Money is integer minor units."""

from collections.abc import Iterator

from pydantic import Field

from followthrough.contracts.call import Call
from followthrough.contracts.records import Given, OptionalPersonal, Question
from followthrough.personal import PersonalText


class FindPayer(Question):
    """Find the payer with this phone number."""

    phone: PersonalText


class NewPayer(Question):
    """Create a payer."""

    phone: PersonalText
    name: OptionalPersonal = None


class Payer(Given):
    """Somebody who can pay; `has_card` tells whether a card is on file."""

    id: str
    has_card: bool


class NewCharge(Question):
    """Take `amount` (minor units of the tenant's currency) from the payer's card on file."""

    payer: str
    amount: int = Field(gt=0)
    purpose: str = ""


class Payment(Given):
    """Money that was taken."""

    id: str
    amount: int
    currency: str
    status: str


def as_charged(request: NewCharge, payment: Payment, call: Call) -> Iterator[str]:
    """Name what of a payment is not what was asked for: another sum, or other money."""
    if payment.amount != request.amount:
        yield "amount"
    if payment.currency != call.currency:
        yield "currency"


class NewRefund(Question):
    """Give a payment back in full. `id` is the payment's."""

    id: str


class Refund(Given):
    """Money on its way back."""

    id: str
    amount: int = Field(gt=0)
    currency: str
    status: str


def as_refunded(_request: NewRefund, refund: Refund, call: Call) -> Iterator[str]:
    """Name what of a refund is not what was asked for: other money. How much was paid, the request does not say."""
    if refund.currency != call.currency:
        yield "currency"
