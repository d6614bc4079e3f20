"""The Stripe adapter against the sandbox account."""

import logging
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
import stripe
from hypothesis import given, strategies as st
from pydantic import ValidationError

from followthrough.contracts.adapter import Adapter
from followthrough.contracts.payments import FindPayer, NewCharge, NewPayer, NewRefund, Payer, Payment, Refund
from followthrough.errors import (
    Declined,
    Differs,
    NotFound,
    OutcomeUnknown,
    Refused,
    SystemFailure,
    Throttled,
    Unreachable,
)
from followthrough.integration.stripe.adapter import Stripe
from followthrough.integration.stripe.currencies import PRESENTED, ours, step, theirs
from followthrough.integration.stripe.failures import failure
from followthrough.integration.stripe.records import Intent, Returned, charge_answer, charge_payload, refund_answer
from followthrough.integration.stripe.settings import StripeSecret, StripeSettings
from simulation.stripe.server import Stripe as Sandbox
from tests.integration.contract import CALL, NOW, SOMEBODY_ELSES, AdapterContract, Trial, result
from tests.integration.served import Served

MARY = {"id": "cus_mary", "name": "Mary Moss", "phone": "+13125550142", "cards": ["pm_card_visa"]}
PAID = {"id": "pi_paid", "customer": "cus_mary", "amount": 12_000}
CHARGE = NewCharge(payer="cus_mary", amount=12_000, purpose="Teeth cleaning")


def sandbox() -> Sandbox:
    system = Sandbox(lambda: NOW)
    system.seed({"customers": [MARY], "payments": [PAID]})
    return system


def build(secret: str, endpoint: str) -> Stripe:
    return Stripe(StripeSettings(statement="CLEANING"), StripeSecret.model_validate({"api_key": secret}), endpoint)


def declining(server: Served, card: str) -> NewCharge:
    server.system.seed({"customers": [{"id": "cus_poor", "phone": "+13125550143", "cards": [card]}]})
    return NewCharge(payer="cus_poor", amount=12_000)


def payments_of(server: Served, customer: str) -> list[dict[str, object]]:
    return [payment for payment in server.system.snapshot()["payments"] if payment["customer"] == customer]


class TestStripeContract(AdapterContract):
    """What every adapter promises."""

    trial = Trial(
        kind=Stripe,
        build=build,
        system=sandbox,
        secret="sk_test_secret",
        prepare={
            "find_payer": lambda _: FindPayer(phone="+13125550142"),
            "create_payer": lambda _: NewPayer(phone="+13125550199", name="New Nora"),
            "charge": lambda _: CHARGE,
            "refund": lambda _: NewRefund(id="pi_paid"),
        },
    )

    def test_a_payer_is_found_by_number(self, adapter: Adapter) -> None:
        """The customer with this very number, and whether a card is on file."""
        assert adapter.run("find_payer", FindPayer(phone="+13125550142"), CALL).result == Payer(
            id="cus_mary", has_card=True
        )
        assert adapter.run("find_payer", FindPayer(phone="+13125550100"), CALL).result is None

    def test_the_payer_with_a_card_is_taken_where_a_number_has_several(self, adapter: Adapter, server: Served) -> None:
        """A customer who was created twice pays with the one that can."""
        twice = [{"id": f"cus_{word}", "phone": "+13125550177"} for word in ("one", "two")]
        server.system.seed(
            {"customers": [*twice, {"id": "cus_card", "phone": "+13125550177", "cards": ["pm_card_visa"]}]}
        )
        assert result(adapter.run("find_payer", FindPayer(phone="+13125550177"), CALL)) == Payer(
            id="cus_card", has_card=True
        )

    def test_a_payer_created_a_moment_ago_is_found_despite_the_searchs_lag(
        self, adapter: Adapter, server: Served
    ) -> None:
        """Stripe's search may lag, its list does not."""
        assert isinstance(server.system, Sandbox)
        server.system.customers._lag = timedelta(minutes=1)
        made = adapter.run("create_payer", NewPayer(phone="+13125550188"), CALL).result
        assert adapter.run("find_payer", FindPayer(phone="+13125550188"), CALL).result == made

    def test_a_charge_says_all_that_the_books_need(self, adapter: Adapter, server: Served) -> None:
        """Amount, currency, purpose, our reference and the words on the statement are in Stripe's record."""
        payment = result(adapter.run("charge", CHARGE, CALL))
        assert isinstance(payment, Payment)
        assert (payment.amount, payment.currency, payment.status) == (12_000, "USD", "succeeded")
        assert isinstance(server.system, Sandbox)
        kept = server.system.shelf.get("payment_intent", payment.id)
        assert kept is not None
        assert kept["metadata"] == {"followthrough_reference": CALL.reference, "execution": CALL.execution}
        assert (kept["description"], kept["statement_descriptor_suffix"]) == ("Teeth cleaning", "CLEANING")

    def test_the_default_card_is_charged(self, adapter: Adapter, server: Served) -> None:
        """Of several cards the customer's own choice is taken, not the newest."""
        cards = ["pm_card_visa", "pm_card_chargeCustomerFail"]
        server.system.seed({"customers": [{"id": "cus_both", "phone": "+13125550166", "cards": cards}]})
        assert isinstance(result(adapter.run("charge", NewCharge(payer="cus_both", amount=500), CALL)), Payment)

    @pytest.mark.parametrize("fault", ["drop", "crash"])
    def test_a_lost_answer_costs_the_payer_once(self, fault: str, adapter: Adapter, server: Served) -> None:
        """The same key again brings the one payment to light, or makes it if it was not made."""
        server.fault, server.when = fault, lambda request: request.method == "POST"
        with pytest.raises(OutcomeUnknown):
            adapter.run("charge", CHARGE, CALL)
        server.fault = None
        settled = result(adapter.run("charge", CHARGE, CALL))
        assert len(payments_of(server, "cus_mary")) == 2  # with the one of yesterday
        assert result(adapter.run("charge", CHARGE, CALL)) == settled

    @pytest.mark.parametrize(
        ("card", "code"),
        [
            ("pm_card_chargeDeclined", "generic_decline"),
            ("pm_card_chargeDeclinedInsufficientFunds", "insufficient_funds"),
            ("pm_card_chargeDeclinedExpiredCard", "expired_card"),
            ("pm_card_authenticationRequired", "authentication_required"),
        ],
    )
    def test_a_declined_card_is_final(self, card: str, code: str, adapter: Adapter, server: Served) -> None:
        """The issuer's own code is told, the same one again under the same key, and no money moved."""
        request = declining(server, card)
        for _ in range(2):
            with pytest.raises(Declined) as declined:
                adapter.run("charge", request, CALL)
            assert declined.value.code == code
        assert [payment["status"] for payment in payments_of(server, "cus_poor")] == ["requires_payment_method"]
        with pytest.raises(Declined, match=code):
            adapter.read_back("charge", request, CALL)

    def test_without_a_card_nothing_is_tried(self, adapter: Adapter, server: Served) -> None:
        """A payer without a card is told so."""
        server.system.seed({"customers": [{"id": "cus_bare", "phone": "+13125550144"}]})
        with pytest.raises(Declined, match="no_card"):
            adapter.run("charge", NewCharge(payer="cus_bare", amount=500), CALL)

    def test_a_card_that_was_taken_off_the_file_after_the_charge_is_no_decline(
        self, adapter: Adapter, server: Served
    ) -> None:
        """An earlier attempt's payment is found even when nothing could be charged any more."""
        made = adapter.run("charge", CHARGE, CALL)
        assert isinstance(server.system, Sandbox)
        server.system.customers.cards_of("cus_mary")[0]["customer"] = None
        assert adapter.run("charge", CHARGE, CALL) == made
        with pytest.raises(Declined, match="no_card"):
            adapter.run("charge", CHARGE, SOMEBODY_ELSES)

    def test_a_new_default_card_does_not_hide_an_earlier_charge(self, adapter: Adapter, server: Served) -> None:
        """Stripe refuses the key with other parameters; the payment that it stands for is found all the same."""
        made = adapter.run("charge", CHARGE, CALL)
        assert isinstance(server.system, Sandbox)
        owner = server.system.shelf.get("customer", "cus_mary")
        assert owner is not None
        card = server.system.customers.card("pm_card_mastercard", "cus_mary")
        owner["invoice_settings"]["default_payment_method"] = card["id"]
        assert adapter.run("charge", CHARGE, CALL) == made

    def test_a_key_that_was_used_for_something_else_is_refused(self, adapter: Adapter) -> None:
        """The same key with another amount can only be a bug of ours; nothing is charged."""
        adapter.run("charge", CHARGE, replace(SOMEBODY_ELSES, key=CALL.key))
        with pytest.raises(Refused, match="idempotency_error"):
            adapter.run("charge", CHARGE.model_copy(update={"amount": 13_000}), CALL)

    @pytest.mark.parametrize(("committed", "payments"), [(True, 1), (False, 0)])
    def test_a_server_error_kept_under_the_key_is_looked_behind(
        self, *, committed: bool, payments: int, adapter: Adapter, server: Served
    ) -> None:
        """Stripe replays a stored 500 for a day: a payment that was made is found, else it stays unknown."""
        request = declining(server, "pm_card_visa")
        server.system.seed({"break": [{"path": "/v1/payment_intents", "commit": committed}]})
        with pytest.raises(OutcomeUnknown, match="http_500"):
            adapter.run("charge", request, CALL)
        if committed:
            assert isinstance(result(adapter.run("charge", request, CALL)), Payment)
        else:
            with pytest.raises(OutcomeUnknown, match="stored_failure"):
                adapter.run("charge", request, CALL)
        assert len(payments_of(server, "cus_poor")) == payments

    def test_a_key_in_use_is_neither_done_nor_not_done(self, adapter: Adapter, server: Served) -> None:
        """Our own earlier attempt is still at work over there: only waiting tells."""
        server.system.seed({"in_flight": {CALL.key: 1}})
        with pytest.raises(OutcomeUnknown, match="idempotency_key_in_use"):
            adapter.run("charge", CHARGE, CALL)
        assert isinstance(result(adapter.run("charge", CHARGE, CALL)), Payment)

    def test_a_refund_of_what_was_refunded_already_is_done(self, adapter: Adapter, server: Served) -> None:
        """Somebody at the desk was faster: the money is on its way back, and only once."""
        first = result(adapter.run("refund", NewRefund(id="pi_paid"), CALL))
        assert isinstance(first, Refund)
        assert (first.amount, first.currency, first.status) == (12_000, "USD", "succeeded")
        assert result(adapter.run("refund", NewRefund(id="pi_paid"), SOMEBODY_ELSES)) == first
        assert len(server.system.snapshot()["refunds"]) == 1

    def test_a_stored_failure_of_a_refund_is_looked_behind(self, adapter: Adapter, server: Served) -> None:
        """The refund that was made despite the error is found by our reference."""
        server.system.seed({"break": [{"path": "/v1/refunds", "commit": True}]})
        with pytest.raises(OutcomeUnknown):
            adapter.run("refund", NewRefund(id="pi_paid"), CALL)
        assert adapter.read_back("refund", NewRefund(id="pi_paid"), SOMEBODY_ELSES) is None
        assert isinstance(result(adapter.run("refund", NewRefund(id="pi_paid"), CALL)), Refund)
        assert len(server.system.snapshot()["refunds"]) == 1

    @pytest.mark.parametrize(
        ("doing", "unknown"),
        [("charge", NewCharge(payer="cus_nobody", amount=500)), ("refund", NewRefund(id="pi_nothing"))],
    )
    def test_what_does_not_exist_is_named_so(self, doing: str, unknown: NewCharge, adapter: Adapter) -> None:
        """A payer or a payment that Stripe does not know."""
        with pytest.raises(NotFound, match="resource_missing"):
            adapter.run(doing, unknown, CALL)

    def test_a_charge_is_one_write_under_our_key(self, adapter: Adapter, server: Served) -> None:
        """Only the payment itself is written, and it carries the effect's key."""
        adapter.run("charge", CHARGE, CALL)
        written = [request for request in server.requests if request.method == "POST"]
        assert [(request.path, request.headers["idempotency-key"]) for request in written] == [
            ("/v1/payment_intents", CALL.key)
        ]

    def test_nothing_personal_is_logged(self, adapter: Adapter, caplog: pytest.LogCaptureFixture) -> None:
        """Stripe's package would log the URL of a search, with the number in it."""
        with caplog.at_level(logging.DEBUG):
            adapter.run("find_payer", FindPayer(phone="+13125550142"), CALL)
        assert "3125550142" not in caplog.text


def said(status: int, headers: dict[str, str] | None = None, **body: str) -> stripe.StripeError:
    """What Stripe's package raises for an error body, by its own rules."""
    requestor = stripe.StripeClient("sk_test_x")._requestor
    answer = {"error": {"message": "Mary Moss, +13125550142", **body}}
    return requestor.specific_v1_api_error("", status, answer, headers or {}, answer["error"])  # type: ignore[no-untyped-call, no-any-return]


BROKEN = stripe.APIConnectionError("reset by +13125550142")  # type: ignore[no-untyped-call]


@pytest.mark.parametrize("write", [True, False])
@pytest.mark.parametrize(
    ("error", "kind", "code"),
    [
        (lambda: said(400, type="invalid_request_error", code="amount_too_small"), Refused, "amount_too_small"),
        (lambda: said(400, type="invalid_request_error"), Refused, "invalid_request_error"),
        (lambda: said(404, type="invalid_request_error", code="resource_missing"), NotFound, "resource_missing"),
        (lambda: said(400, type="idempotency_error"), Refused, "idempotency_error"),
        (lambda: said(401, type="invalid_request_error"), Refused, "unauthorized"),
        (lambda: said(403, type="invalid_request_error"), Refused, "forbidden"),
        (lambda: said(402, type="card_error", code="card_declined", decline_code="lost_card"), Declined, "lost_card"),
        (lambda: said(402, type="card_error", code="expired_card"), Declined, "expired_card"),
        (lambda: said(429, {"Retry-After": "3"}, code="lock_timeout"), Throttled, "lock_timeout"),
        (lambda: said(409, code="idempotency_key_in_use"), None, "idempotency_key_in_use"),
        (lambda: said(408), None, "http_408"),
        (lambda: said(500, type="api_error"), None, "http_500"),
        (lambda: said(500, {"Idempotent-Replayed": "true"}, type="api_error"), None, "stored_failure"),
        (lambda: BROKEN, None, "http_0"),
    ],
)
def test_each_of_stripes_errors_has_its_meaning(
    error: Callable[[], stripe.StripeError], kind: type[SystemFailure] | None, code: str, *, write: bool
) -> None:
    """Every kind of error is mapped, without Stripe's own words; where the outcome is open, only a write has one."""
    meant = failure(error(), write=write)
    assert type(meant) is (kind or (OutcomeUnknown if write else Unreachable))
    assert meant.code == code
    assert "Mary" not in str(meant)
    assert "312555" not in str(meant)


def intent(**fields: object) -> Intent:
    standing = {"id": "pi_1", "amount_received": 500, "currency": "usd", "created": 0, "last_payment_error": None}
    return Intent.model_validate({**standing, **fields})


def test_a_payment_that_the_bank_still_thinks_about_is_unknown() -> None:
    """`processing` may still end either way."""
    with pytest.raises(OutcomeUnknown, match="processing"):
        charge_answer(intent(status="processing"))


def test_a_payment_that_needs_the_payer_is_declined() -> None:
    """Nobody is there to authenticate, whatever state the intent is left in."""
    with pytest.raises(Declined, match="authentication_required"):
        charge_answer(intent(status="canceled"))


def test_a_refund_that_failed_is_none() -> None:
    """The bank's reason is told."""
    failed = Returned(
        id="re_1", created=0, amount=500, currency="usd", status="failed", failure_reason="lost_or_stolen_card"
    )
    with pytest.raises(Refused, match="lost_or_stolen_card"):
        refund_answer(failed)


def test_krona_are_counted_in_hundredths_over_there() -> None:
    """Stripe kept two decimals for currencies that have lost them."""
    payload = charge_payload(StripeSettings(), CHARGE, "pm_1", replace(CALL, currency="ISK"))
    assert (payload["amount"], payload["currency"]) == (1_200_000, "isk")
    paid = charge_answer(intent(status="succeeded", amount_received=1_200_000, currency="isk")).result
    assert isinstance(paid, Payment)
    assert paid.amount == 12_000


@pytest.mark.parametrize("currency", ["RSD", "AFN", "ALL", "LAK", "LBP", "MMK", "SOS", "STD", "YER"])
def test_stripe_counts_by_its_own_list(currency: str) -> None:
    """M2: what CLDR writes without decimals is counted in hundredths over there, on the way out and back (STR-1)."""
    payload = charge_payload(StripeSettings(), CHARGE, "pm_1", replace(CALL, currency=currency))
    assert payload["amount"] == 1_200_000
    paid = charge_answer(intent(status="succeeded", amount_received=1_200_000, currency=currency.lower())).result
    assert isinstance(paid, Payment)
    assert paid.amount == CHARGE.amount
    with pytest.raises(Differs, match="amount"):
        charge_answer(intent(status="succeeded", amount_received=1_200_050, currency=currency.lower()))


@pytest.mark.parametrize(("currency", "amount"), [("JPY", 12_000), ("KRW", 12_000), ("KWD", 12_000), ("USD", 12_000)])
def test_where_both_count_alike_nothing_changes(currency: str, amount: int) -> None:
    """M2: minor units that are the same are the same."""
    assert charge_payload(StripeSettings(), CHARGE, "pm_1", replace(CALL, currency=currency))["amount"] == amount


@given(st.sampled_from(sorted(PRESENTED)), st.integers(1, 10**9))
def test_what_goes_out_comes_back(currency: str, amount: int) -> None:
    """M2: in every currency that Stripe takes, a sum of ours is the same sum when it is read."""
    assert ours(theirs(amount, currency), currency) == amount


def test_sums_that_stripe_has_no_units_for() -> None:
    """M3: dinars are charged in tens of fils; a currency that Stripe does not know is charged in none."""
    assert (step("KWD"), step("USD"), step("RSD"), step("XXX"), step("ZZZ")) == (10, 1, 1, None, None)


@pytest.mark.parametrize("statement", ["far too long for a bank statement", 'Dr "Smile"', "1234"])
def test_a_statement_that_stripe_would_refuse_is_refused_at_once(statement: str) -> None:
    """The operator learns it when publishing, not with the first charge."""
    with pytest.raises(ValidationError):
        StripeSettings(statement=statement)
