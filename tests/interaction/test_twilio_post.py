"""A posted form is checked for size, tenant, signature and fields, in this order, before anything is kept."""

from dataclasses import replace
from urllib.parse import urlencode

import pytest
from twilio.request_validator import RequestValidator

from followthrough.errors import Forged, Malformed, NotAccepted, TooLarge, UnknownTenant
from followthrough.interaction.post import Post
from followthrough.interaction.reception import MAX_BODY, receive
from followthrough.interaction.sms import SMS
from followthrough.interaction.twilio_post import checked_form, person
from infra.local.accounts import SECRETS
from tests.workbench.bench import MAYA, PRACTICE, PUBLIC_URL, Bench

GOOD = {"MessageSid": "SM" + "a" * 32, "From": MAYA, "To": PRACTICE, "Body": "a cleaning"}
URL = f"{PUBLIC_URL}/v1/brightsmile/sms"


def signed(body: bytes, form: dict[str, str], url: str = URL) -> Post:
    signature = RequestValidator(SECRETS["twilio"]["auth_token"]).compute_signature(url, form)
    return Post("brightsmile", url, {"x-twilio-signature": signature}, body)


def refused(bench: Bench, post: Post) -> type[NotAccepted]:
    """Post, and return how it was refused; nothing may be kept or started."""
    with pytest.raises(NotAccepted) as refusal:
        receive(SMS, post, bench.ports, bench.secrets)
    assert bench.conversations.interactions == {}
    assert bench.machines.started == {}
    return refusal.type


def test_good_form(bench: Bench) -> None:
    """A form that Twilio signed is taken."""
    assert checked_form(bench.post("sms", GOOD), SECRETS["twilio"]) == GOOD


def test_too_large(bench: Bench) -> None:
    """One byte more than the limit is too large, whoever it says it is from; the limit itself is looked at."""
    post = Post("nobody", URL, {}, b"x" * (MAX_BODY + 1))
    assert refused(bench, post) is TooLarge
    assert refused(bench, replace(post, body=b"x" * MAX_BODY)) is UnknownTenant


@pytest.mark.parametrize("tenant", ["nobody", "BrightSmile", "../brightsmile", "", "brightsmile#live", "a" * 40])
def test_unknown_tenant(bench: Bench, tenant: str) -> None:
    """A tenant that is not live is unknown, before any signature is looked at."""
    assert refused(bench, replace(bench.post("sms", GOOD), tenant=tenant)) is UnknownTenant


@pytest.mark.parametrize("signature", [None, "", "abc", "0" * 28, "é"])
def test_forged(bench: Bench, signature: str | None) -> None:
    """A missing or wrong signature is forged."""
    headers = {} if signature is None else {"x-twilio-signature": signature}
    assert refused(bench, replace(bench.post("sms", GOOD), headers=headers)) is Forged


def test_changed_on_the_way(bench: Bench) -> None:
    """A signature of another text, another address or another tenant's address fits not."""
    post = bench.post("sms", GOOD)
    assert refused(bench, replace(post, body=urlencode({**GOOD, "Body": "cancel"}).encode())) is Forged
    assert refused(bench, replace(post, url=f"{URL}/status")) is Forged


def test_malformed_without_signature_is_forged(bench: Bench) -> None:
    """Who did not sign learns nothing about the form."""
    assert refused(bench, Post("brightsmile", URL, {}, b"\xff\xfe")) is Forged


@pytest.mark.parametrize("body", [b"", b"\xff\xfe", b"no form", b"&".join(b"a=1" for _ in range(300))])
def test_no_form(bench: Bench, body: bytes) -> None:
    """What is signed and is no form is malformed."""
    assert refused(bench, signed(body, {})) is Malformed


@pytest.mark.parametrize(
    "changes",
    [
        {"MessageSid": ""},
        {"MessageSid": "SMxyz"},
        {"MessageSid": "sm" + "a" * 32},
        {"From": ""},
        {"To": "+"},
    ],
)
def test_field_in_a_wrong_shape(bench: Bench, changes: dict[str, str]) -> None:
    """A field that is always sent, and is empty or not in its shape, is malformed."""
    assert refused(bench, bench.post("sms", {**GOOD, **changes})) is Malformed


@pytest.mark.parametrize("name", ["MessageSid", "From", "To", "Body"])
def test_missing_field(bench: Bench, name: str) -> None:
    """Each field that is always sent must be there."""
    form = {key: value for key, value in GOOD.items() if key != name}
    assert refused(bench, bench.post("sms", form)) is Malformed


def test_empty_body_is_a_message(bench: Bench) -> None:
    """A picture without words is a message without words."""
    receive(SMS, bench.post("sms", {**GOOD, "Body": ""}), bench.ports, bench.secrets)
    assert len(bench.conversations.interactions) == 1


def test_number_in_one_form() -> None:
    """However it is written, a number has one form."""
    assert person("+1 (312) 555-0142") == person("+13125550142") == MAYA


@pytest.mark.parametrize("words", ["größe & ünïcödé 👍", "a=b&c=d", "1+1 = 2", " "])
def test_any_words(bench: Bench, words: str) -> None:
    """Words of any kind pass the signature and are kept as they are."""
    assert checked_form(bench.post("sms", {**GOOD, "Body": words}), SECRETS["twilio"])["Body"] == words
