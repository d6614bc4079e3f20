"""The sandbox Stripe keeps Stripe's rules."""

from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

import pytest

from simulation.exchange import Request, Response
from simulation.stripe.cards import CARDS
from simulation.stripe.form import nested
from simulation.stripe.server import Stripe

NOW = datetime(2026, 11, 3, 15, 0, tzinfo=UTC)


class Till:
    """Somebody who uses the account."""

    def __init__(self, lag: timedelta = timedelta(0)) -> None:
        self.at = NOW
        self.account = Stripe(lambda: self.at, lag)
        self.account.seed({"customers": [{"id": "cus_mary", "phone": "+13125550142", "cards": ["pm_card_visa"]}]})

    def post(self, path: str, key: str | None = None, **form: str) -> Response:
        headers = {"authorization": "Bearer sk_test_x"} | ({"idempotency-key": key} if key else {})
        return self.account.handle(Request("POST", path, headers=headers, body=urlencode(form).encode()))

    def get(self, path: str, **query: str) -> Any:
        asked = {name: [value] for name, value in query.items()}
        return self.account.handle(Request("GET", path, asked, {"authorization": "Bearer sk_test_x"})).body

    def pay(self, key: str | None = None, **changes: str) -> Response:
        form = {"amount": "500", "currency": "usd", "confirm": "true", "off_session": "true"}
        return self.post("/v1/payment_intents", key, **{**form, "payment_method": "pm_card_visa", **changes})


@pytest.fixture
def till() -> Till:
    """A till of an account with one customer."""
    return Till()


def said(response: Response) -> Any:
    assert isinstance(response.body, dict)
    return response.body["error"]


def body(response: Response) -> Any:
    assert response.status == 200
    return response.body


def test_forms_nest() -> None:
    """Brackets make mappings in mappings."""
    form = {"metadata[a]": ["1"], "metadata[b]": ["2"], "list[0]": ["x"], "plain": ["y"], "plain[z]": ["w"]}
    assert nested(form) == {"metadata": {"a": "1", "b": "2"}, "list": {"0": "x"}, "plain": {"z": "w"}}


@pytest.mark.parametrize("authorization", ["", "Bearer pk_test_x", "Basic c2tfdGVzdA==", "Bearer "])
def test_a_wrong_key_is_401(authorization: str, till: Till) -> None:
    """Nothing is told without a secret key, and the key is not repeated."""
    answer = till.account.handle(Request("GET", "/v1/customers", headers={"authorization": authorization}))
    assert answer.status == 401
    assert "pk_test_x" not in said(answer)["message"]


def test_a_payment_goes_through(till: Till) -> None:
    """Created and confirmed in one call, with a charge, and found again."""
    paid = body(till.pay(customer="cus_mary", **{"metadata[b]": "2"}))
    assert (paid["status"], paid["amount_received"], paid["customer"]) == ("succeeded", 500, "cus_mary")
    assert paid["metadata"]["b"] == "2"
    assert paid["latest_charge"].startswith("ch_")
    assert till.get(f"/v1/payment_intents/{paid['id']}") == paid
    assert till.get("/v1/payment_intents", customer="cus_mary")["data"] == [paid]
    assert till.get("/v1/payment_intents", customer="cus_other")["data"] == []


@pytest.mark.parametrize("card", sorted(card for card, decline in CARDS.items() if decline))
def test_every_test_card_declines_as_documented(card: str, till: Till) -> None:
    """402 with the code, the decline code and the intent; no money moved."""
    answer = till.pay(payment_method=card)
    decline = CARDS[card]
    assert decline is not None
    assert answer.status == 402
    error = said(answer)
    assert (error["type"], error["code"], error["decline_code"]) == ("card_error", decline.code, decline.decline_code)
    assert error["payment_intent"]["status"] == "requires_payment_method"
    assert error["payment_intent"]["last_payment_error"]["code"] == decline.code
    assert error["doc_url"].endswith(decline.code.replace("_", "-"))
    assert error["payment_intent"]["amount_received"] == 0


def test_with_the_payer_present_authentication_is_asked_for(till: Till) -> None:
    """Only off session it is a decline; such an intent can be cancelled, once."""
    waiting = body(till.pay(payment_method="pm_card_authenticationRequired", off_session="false"))
    assert waiting["status"] == "requires_action"
    assert body(till.post(f"/v1/payment_intents/{waiting['id']}/cancel"))["status"] == "canceled"
    again = till.post(f"/v1/payment_intents/{waiting['id']}/cancel")
    assert (again.status, said(again)["code"]) == (400, "payment_intent_unexpected_state")


def test_what_is_confirmed_later_is_paid_later(till: Till) -> None:
    """Without `confirm` nothing is taken yet, and nothing is taken twice."""
    waiting = body(till.pay(confirm="false"))
    assert (waiting["status"], waiting["amount_received"]) == ("requires_confirmation", 0)
    assert body(till.post(f"/v1/payment_intents/{waiting['id']}/confirm"))["status"] == "succeeded"
    assert said(till.post(f"/v1/payment_intents/{waiting['id']}/confirm"))["code"] == "payment_intent_unexpected_state"


@pytest.mark.parametrize(
    ("changes", "code", "param"),
    [
        ({"amount": ""}, "parameter_missing", "amount"),
        ({"amount": "12.50"}, "parameter_invalid_integer", "amount"),
        ({"amount": "-5"}, "parameter_invalid_integer", "amount"),
        ({"amount": "49"}, "amount_too_small", "amount"),
        ({"amount": "999999999"}, "amount_too_large", "amount"),
        ({"ammount": "500"}, "parameter_unknown", "ammount"),
        ({"customer": "cus_nobody"}, "resource_missing", "customer"),
        ({"payment_method": "pm_nothing"}, "resource_missing", "payment_method"),
        ({"payment_method_types": "card"}, "payment_method_types_no_longer_supported", "payment_method_types"),
    ],
)
def test_a_wrong_parameter_is_named(changes: dict[str, str], code: str, param: str, till: Till) -> None:
    """400 with the code and the parameter, and nothing is created."""
    answer = till.pay(**changes)
    assert (answer.status, said(answer)["code"], said(answer)["param"]) == (400, code, param)
    assert till.account.snapshot()["payments"] == []


def test_another_customers_card_is_not_charged(till: Till) -> None:
    """A card belongs to whom it is attached."""
    till.account.seed({"customers": [{"id": "cus_other", "phone": "+13125550143", "cards": ["pm_card_visa"]}]})
    card = till.get("/v1/customers/cus_other/payment_methods")["data"][0]["id"]
    assert said(till.pay(customer="cus_mary", payment_method=card))["param"] == "payment_method"


def test_customers_are_found_by_what_they_are(till: Till) -> None:
    """Search by phone, by metadata and by both; a query that is none is refused."""
    nora = body(till.post("/v1/customers", phone="+13125550199", **{"metadata[ref]": "7"}))
    search = "/v1/customers/search"
    assert till.get(search, query="phone:'+13125550199'")["data"] == [nora]
    assert till.get(search, query="metadata['ref']:'7' AND phone:\"+13125550199\"")["data"] == [nora]
    assert till.get(search, query="metadata['ref']:'7' AND phone:'+13125550142'")["data"] == []
    assert till.get(search, query="phone = +13125550199")["error"]["param"] == "query"
    assert till.get(f"/v1/customers/{nora['id']}") == nora
    assert till.get("/v1/customers/cus_nobody")["error"]["code"] == "resource_missing"


def test_the_search_lags_and_the_list_does_not() -> None:
    """A customer of this moment is listed at once, and found a minute later."""
    till = Till(timedelta(minutes=1))
    nora = body(till.post("/v1/customers", phone="+13125550199"))
    query = "phone:'+13125550199'"
    assert till.get("/v1/customers/search", query=query)["data"] == []
    assert till.get("/v1/customers", **{"created[gte]": str(int(NOW.timestamp()))})["data"] == [nora]
    till.at += timedelta(minutes=1)
    assert till.get("/v1/customers/search", query=query)["data"] == [nora]


def test_lists_have_pages(till: Till) -> None:
    """The newest first, and `starting_after` goes on where a page ended."""
    made = [body(till.post("/v1/customers", name=f"{number}"))["id"] for number in range(5)]
    first = till.get("/v1/customers", limit="2")
    assert ([one["id"] for one in first["data"]], first["has_more"]) == ([made[4], made[3]], True)
    second = till.get("/v1/customers", limit="2", starting_after=made[3])
    assert [one["id"] for one in second["data"]] == [made[2], made[1]]


def test_a_card_is_attached_and_becomes_the_default(till: Till) -> None:
    """As a customer of the desk would leave another card."""
    card = body(till.post("/v1/payment_methods/pm_card_mastercard/attach", customer="cus_mary"))
    assert card["card"]["brand"] == "mastercard"
    cards = till.get("/v1/customers/cus_mary/payment_methods", type="card")["data"]
    assert [one["card"]["brand"] for one in cards] == ["mastercard", "visa"]
    changed = body(till.post("/v1/customers/cus_mary", **{"invoice_settings[default_payment_method]": card["id"]}))
    assert changed["invoice_settings"]["default_payment_method"] == card["id"]
    assert till.account.snapshot()["customers"][0]["cards"] == ["pm_card_visa", "pm_card_mastercard"]


def test_money_goes_back_once(till: Till) -> None:
    """In parts up to the whole; over it, and after it, Stripe's own errors."""
    intent = body(till.pay())["id"]
    assert body(till.post("/v1/refunds", payment_intent=intent, amount="200"))["amount"] == 200
    over = said(till.post("/v1/refunds", payment_intent=intent, amount="400"))
    assert "greater than unrefunded amount" in over["message"]
    assert "code" not in over
    assert body(till.post("/v1/refunds", payment_intent=intent))["amount"] == 300
    assert said(till.post("/v1/refunds", payment_intent=intent))["code"] == "charge_already_refunded"
    snapshot = till.account.snapshot()
    assert snapshot["payments"][0]["refunded"] == 500
    assert [refund["amount"] for refund in snapshot["refunds"]] == [200, 300]
    listed = till.get("/v1/refunds", payment_intent=intent)["data"]
    assert [refund["amount"] for refund in listed] == [300, 200]
    assert till.get(f"/v1/refunds/{listed[0]['id']}") == listed[0]


def test_what_was_not_paid_cannot_go_back(till: Till) -> None:
    """An unpaid intent and an unknown one."""
    unpaid = body(till.pay(confirm="false"))["id"]
    assert "does not have a successful charge" in said(till.post("/v1/refunds", payment_intent=unpaid))["message"]
    assert said(till.post("/v1/refunds", payment_intent="pi_nothing"))["code"] == "resource_missing"


def test_a_key_brings_the_first_answer_again(till: Till) -> None:
    """The very same answer, marked as replayed, and one payment; also when the object has moved on."""
    first = till.pay("key-1", confirm="false")
    till.post(f"/v1/payment_intents/{body(first)['id']}/confirm")
    again = till.pay("key-1", confirm="false")
    assert body(again) == body(first)
    assert again.headers["Idempotent-Replayed"] == "true"
    assert "Idempotent-Replayed" not in first.headers
    assert len(till.account.snapshot()["payments"]) == 1


def test_a_key_keeps_a_decline_too(till: Till) -> None:
    """The card is not asked a second time."""
    first, again = (till.pay("key-1", payment_method="pm_card_chargeDeclined") for _ in range(2))
    assert said(again) == said(first)
    assert len(till.account.snapshot()["payments"]) == 1


def test_a_key_is_bound_to_its_request(till: Till) -> None:
    """Other parameters or another endpoint under the same key are refused; their order does not matter."""
    till.pay("key-1")
    assert said(till.pay("key-1", amount="600"))["type"] == "idempotency_error"
    assert said(till.post("/v1/customers", "key-1"))["type"] == "idempotency_error"
    swapped = {"payment_method": "pm_card_visa", "off_session": "true", "confirm": "true", "currency": "usd"}
    assert till.post("/v1/payment_intents", "key-1", **swapped, amount="500").status == 200
    assert len(till.account.snapshot()["payments"]) == 1


@pytest.mark.parametrize(("hours", "payments"), [(23.9, 1), (24, 2)])
def test_a_key_is_forgotten_after_a_day(hours: float, payments: int, till: Till) -> None:
    """After that the same key makes a second payment: the danger that the ledger must know."""
    till.pay("key-1")
    till.at += timedelta(hours=hours)
    till.pay("key-1")
    assert len(till.account.snapshot()["payments"]) == payments


def test_a_key_is_free_again_after_a_wrong_parameter(till: Till) -> None:
    """What was refused before anything began is not kept."""
    assert said(till.pay("key-1", amount="x"))["code"] == "parameter_invalid_integer"
    assert body(till.pay("key-1"))["status"] == "succeeded"


def test_a_key_in_use_is_a_conflict(till: Till) -> None:
    """As often as was seeded, then the request goes on."""
    till.account.seed({"in_flight": {"key-1": 1}})
    conflict = till.pay("key-1")
    assert (conflict.status, said(conflict)["code"]) == (409, "idempotency_key_in_use")
    assert till.pay("key-1").status == 200


@pytest.mark.parametrize(("committed", "payments"), [(True, 1), (False, 0)])
def test_a_server_error_is_kept_under_the_key(till: Till, *, committed: bool, payments: int) -> None:
    """The replay tells nothing of whether the payment was made."""
    till.account.seed({"break": [{"path": "/v1/payment_intents", "commit": committed}]})
    assert till.pay("key-1").status == 500
    again = till.pay("key-1")
    assert (again.status, again.headers["Idempotent-Replayed"]) == (500, "true")
    assert len(till.account.snapshot()["payments"]) == payments


def test_seeded_payments_can_be_refunded(till: Till) -> None:
    """What a customer paid before the story begins."""
    till.account.seed({"payments": [{"id": "pi_old", "customer": "cus_mary", "amount": 9_000}]})
    assert till.account.snapshot()["payments"] == [
        {
            "id": "pi_old",
            "customer": "cus_mary",
            "amount": 9_000,
            "currency": "usd",
            "status": "succeeded",
            "metadata": {},
            "refunded": 0,
        }
    ]
    assert body(till.post("/v1/refunds", payment_intent="pi_old"))["amount"] == 9_000


@pytest.mark.parametrize("path", ["/v1/unicorns", "/v1/customers/cus_mary/unicorns", "/v2/customers"])
def test_an_unknown_url_is_404(path: str, till: Till) -> None:
    """Stripe's own body for it."""
    assert till.get(path)["error"]["message"] == f"Unrecognized request URL (GET: {path})."


def test_trouble_is_worded_as_stripe_does(till: Till) -> None:
    """Stripe's package reads these bodies."""
    limited, broken = till.account.fault_body(429), till.account.fault_body(500)
    assert isinstance(limited, dict)
    assert isinstance(broken, dict)
    assert (limited["error"]["code"], broken["error"]["type"]) == ("rate_limit", "api_error")
