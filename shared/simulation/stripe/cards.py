"""Stripe's test cards: payment methods that always behave the same.

Sources: https://docs.stripe.com/testing and https://docs.stripe.com/declines/codes
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Decline:
    """How an issuer says no: Stripe's error code, the issuer's decline code and the words for the payer."""

    code: str
    decline_code: str
    message: str


_DECLINED = "Your card was declined."

GENERIC = Decline("card_declined", "generic_decline", _DECLINED)
NO_FUNDS = Decline("card_declined", "insufficient_funds", "Your card has insufficient funds.")
LOST = Decline("card_declined", "lost_card", _DECLINED)
STOLEN = Decline("card_declined", "stolen_card", _DECLINED)
EXPIRED = Decline("expired_card", "expired_card", "Your card has expired.")
INCORRECT_CVC = Decline("incorrect_cvc", "incorrect_cvc", "Your card's security code is incorrect.")
PROCESSING = Decline(
    "processing_error", "processing_error", "An error occurred while processing your card. Try again in a little bit."
)
AUTHENTICATION = Decline(
    "authentication_required",
    "authentication_required",
    "Your card was declined. This transaction requires authentication.",
)

CARDS: dict[str, Decline | None] = {
    "pm_card_visa": None,
    "pm_card_mastercard": None,
    "pm_card_amex": None,
    "pm_card_chargeCustomerFail": GENERIC,
    "pm_card_chargeDeclined": GENERIC,
    "pm_card_visa_chargeDeclined": GENERIC,
    "pm_card_chargeDeclinedInsufficientFunds": NO_FUNDS,
    "pm_card_visa_chargeDeclinedInsufficientFunds": NO_FUNDS,
    "pm_card_visa_chargeDeclinedLostCard": LOST,
    "pm_card_visa_chargeDeclinedStolenCard": STOLEN,
    "pm_card_chargeDeclinedExpiredCard": EXPIRED,
    "pm_card_chargeDeclinedIncorrectCvc": INCORRECT_CVC,
    "pm_card_chargeDeclinedProcessingError": PROCESSING,
    "pm_card_authenticationRequired": AUTHENTICATION,
}
"""Name to how a charge is declined; None where it succeeds. Unlike Stripe, the sandbox lets all of them be attached."""


def brand(card: str) -> str:
    """Name the brand that a test card shows."""
    return "mastercard" if "mastercard" in card else "amex" if "amex" in card else "visa"
