"""Stripe as the tenant's payments: customers, payment intents and refunds, through Stripe's own package.

Every write carries an idempotency key, and our reference in its metadata: Stripe replays what it stored under a key for
24 hours, and where a key cannot tell (a stored server error, a changed card), the lists can.

Sources: https://docs.stripe.com/api/customers, .../payment_intents, .../refunds, .../idempotent_requests
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import ClassVar

from pydantic import BaseModel

from followthrough.contracts.call import Answer, Call
from followthrough.contracts.manifest import ByKey, ByReadBack, Operation, whatever
from followthrough.contracts.payments import (
    FindPayer,
    NewCharge,
    NewPayer,
    NewRefund,
    Payer,
    Payment,
    Refund,
    as_charged,
    as_refunded,
)
from followthrough.errors import Declined, SystemFailure
from followthrough.integration.stripe.account import StripeAccount
from followthrough.integration.stripe.currencies import step
from followthrough.integration.stripe.failures import NAME, OTHER_PARAMETERS, STORED_FAILURE, translated
from followthrough.integration.stripe.records import (
    charge_answer,
    charge_payload,
    is_ours,
    payer_answer,
    payer_payload,
    refund_answer,
    refund_payload,
    standing,
)
from followthrough.integration.stripe.settings import StripeSecret, StripeSettings

LISTED = ByKey(valid_for=timedelta(hours=24), afterwards=ByReadBack(lag=timedelta(seconds=90)))
"""What moves money can be found in Stripe's lists when the key is forgotten. The lists do not lag, but a request whose
answer we did not wait for may still be at work over there: Stripe's own clients wait 80 seconds. How long Stripe keeps
a key at least: .../idempotent_requests
"""

SEARCH_LAG = timedelta(hours=1)
"""How far Stripe's search may run behind, at worst. Source: https://docs.stripe.com/api/customers/search"""

SEARCHED = ByKey(valid_for=timedelta(hours=24), afterwards=ByReadBack(lag=SEARCH_LAG))
"""A customer is found by search then, and among the newest ones."""


class Stripe:
    """A connected Stripe account."""

    name: ClassVar[str] = NAME
    Settings: ClassVar[type[BaseModel]] = StripeSettings
    Secret: ClassVar[type[BaseModel]] = StripeSecret
    operations: ClassVar[Mapping[str, Operation]] = {
        "find_payer": Operation("read", FindPayer, Payer, optional=True, creates="create_payer"),
        "create_payer": Operation(
            "write", NewPayer, Payer, settle=SEARCHED, as_asked=whatever, statuses=frozenset({"created"})
        ),
        "charge": Operation(
            "write",
            NewCharge,
            Payment,
            settle=LISTED,
            undo="refund",
            as_asked=as_charged,
            statuses=frozenset({"succeeded"}),
            sums=step,
        ),
        # A refund may be on its way for days.
        "refund": Operation(
            "write",
            NewRefund,
            Refund,
            settle=LISTED,
            as_asked=as_refunded,
            statuses=frozenset({"succeeded", "pending", "requires_action"}),
        ),
    }

    def __init__(self, settings: StripeSettings, secret: StripeSecret, endpoint: str | None = None) -> None:
        """Connect; `endpoint` replaces Stripe's public base URL."""
        self._settings = settings
        self._account = StripeAccount(secret.api_key.get_secret_value(), endpoint)

    def run(self, operation: str, request: BaseModel, call: Call) -> Answer:
        """Do it. Raises SystemFailure."""
        match operation, request:
            case "find_payer", FindPayer():
                return self._find_payer(request, call)
            case "create_payer", NewPayer():
                with translated(write=True):
                    return payer_answer(self._account.create_customer(payer_payload(request, call), call.key))
            case "charge", NewCharge():
                return self._charge(request, call)
            case "refund", NewRefund():
                return self._refund(request, call)
        raise ValueError(f"{self.name}: no operation {operation} with {type(request).__name__}")

    def read_back(self, operation: str, request: BaseModel, call: Call) -> Answer | None:
        """Look for what carries our reference: in Stripe's lists, which do not lag, and for payers also by its search.

        None when it is not there. Raises SystemFailure; Declined where the attempt is there and failed.
        """
        with translated(write=False):
            match operation, request:
                case "create_payer", NewPayer():
                    since = call.began - timedelta(minutes=5)
                    known = [
                        *self._account.customers_with(request.phone),
                        *self._account.newest_customers_with(request.phone, since=since),
                    ]
                    made = [customer for customer in known if is_ours(customer, call)]
                    return payer_answer(made[0]) if made else None
                case "charge", NewCharge():
                    began = call.began - timedelta(minutes=5)  # our clock may be ahead of Stripe's
                    intents = self._account.intents_of(request.payer, since=began)
                    ours = [intent for intent in intents if is_ours(intent, call)]
                    return charge_answer(ours[0]) if ours else None
                case "refund", NewRefund():
                    refunds = self._account.refunds_of(request.id)
                    mine = [refund for refund in refunds if is_ours(refund, call)]
                    return refund_answer(mine[0]) if mine else None
        raise ValueError(f"{self.name}: {operation} is not settled by reading back")

    def _find_payer(self, request: FindPayer, call: Call) -> Answer:
        """Find the customer with this number; the one with a card where there are several, else the oldest."""
        with translated(write=False):
            # A customer of a moment ago may be missing from the search, but not from the list.
            found = self._account.customers_with(request.phone) or self._account.newest_customers_with(
                request.phone, since=call.now - SEARCH_LAG
            )
            payers = [
                Payer(id=customer.id, has_card=self._account.card_of(customer.id) is not None)
                for customer in sorted(found, key=lambda customer: customer.created)
            ]
        return Answer(next((payer for payer in payers if payer.has_card), payers[0] if payers else None))

    def _charge(self, request: NewCharge, call: Call) -> Answer:
        with translated(write=False):
            card = self._account.card_of(request.payer)
        if card is None:
            # It may have been taken off the file after an earlier attempt had charged it.
            return self.read_back("charge", request, call) or _no_card()
        payload = charge_payload(self._settings, request, card, call)
        try:
            with translated(write=True):
                return charge_answer(self._account.pay(payload, call.key))
        except SystemFailure as failed:
            return self._found_after(failed, "charge", request, call)

    def _refund(self, request: NewRefund, call: Call) -> Answer:
        try:
            with translated(write=True):
                refund = self._account.refund(refund_payload(request, call), call.key)
        except SystemFailure as failed:
            if failed.code != "charge_already_refunded":
                return self._found_after(failed, "refund", request, call)
            with translated(write=False):
                # Whoever made it: it need not carry our reference.
                refund = standing(self._account.refunds_of(request.id), failed)
            return replace(refund_answer(refund), reference=None)
        return refund_answer(refund)

    def _found_after(self, failed: SystemFailure, operation: str, request: BaseModel, call: Call) -> Answer:
        """Where the key cannot tell what an earlier attempt did, look for it; else the failure stands."""
        found = self.read_back(operation, request, call) if failed.code in {STORED_FAILURE, OTHER_PARAMETERS} else None
        if found is None:
            raise failed
        return found


def _no_card() -> Answer:
    raise Declined(NAME, "no_card")
