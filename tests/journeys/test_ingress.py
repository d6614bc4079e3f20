"""What ingress refuses, with which answer, and that a refusal leaves nothing behind."""

import secrets
from collections.abc import Mapping
from itertools import product
from urllib.parse import urlencode

import httpx
import pytest
from twilio.request_validator import RequestValidator

from infra.local.accounts import SECRETS
from infra.local.world import PUBLIC_URL
from tests.journeys.holdings import count
from tests.journeys.stage import PRACTICE, Stage

LIMIT = 256 * 1024
FORM = {
    "MessageSid": "SM" + secrets.token_hex(16),
    "From": "+13125558801",
    "To": "+13125550100",
    "Body": "I'd like a cleaning",
}
NO_FORM = "this is no form"
FAULTS = ("too large", "unknown tenant", "forged", "malformed")
ANSWERS = dict(zip(FAULTS, (413, 404, 403, 400), strict=True))
COMBINATIONS = [
    tuple(fault for fault, has in zip(FAULTS, chosen, strict=True) if has)
    for chosen in product((True, False), repeat=len(FAULTS))
    if any(chosen)
]


def _post(stage: Stage, path: str, body: str, signed: Mapping[str, str], *, forged: bool = False) -> httpx.Response:
    """Post a body with the signature over `signed`, or with one made by somebody without the secret."""
    token = "a guess" if forged else SECRETS["twilio"]["auth_token"]
    signature = RequestValidator(token).compute_signature(PUBLIC_URL + path, dict(signed))
    headers = {"X-Twilio-Signature": signature, "Content-Type": "application/x-www-form-urlencoded"}
    url = stage.world.standin.api + path
    return httpx.post(url, content=body.encode(), headers=headers, timeout=30, trust_env=False)


def _refused(stage: Stage, path: str, faults: tuple[str, ...]) -> httpx.Response:
    form = {**FORM, **({"Body": "x" * LIMIT} if "too large" in faults else {})}
    body = urlencode(form)
    if "malformed" in faults:
        form, body = {}, NO_FORM + (" " * LIMIT if "too large" in faults else "")
    return _post(stage, path, body, form, forged="forged" in faults)


@pytest.mark.parametrize("faults", COMBINATIONS, ids=" + ".join)
def test_the_first_fault_is_the_answer_and_nothing_is_kept(quiet: Stage, faults: tuple[str, ...]) -> None:
    """Size goes before tenant, tenant before signature, signature before form; no item, object or run is new."""
    before = count(quiet.world)
    tenant = "nobody" if "unknown tenant" in faults else PRACTICE
    answer = _refused(quiet, f"/v1/{tenant}/sms", faults)
    assert answer.status_code == ANSWERS[faults[0]], answer.text
    assert set(answer.json()) == {"error"}
    assert count(quiet.world) == before


@pytest.mark.parametrize(
    "changes",
    [{"MessageSid": ""}, {"MessageSid": "42"}, {"To": "Maya"}, {"From": ""}, {"To": ""}, {"Body": None}],
    ids=str,
)
def test_a_form_that_is_no_message_is_malformed(quiet: Stage, changes: dict[str, str | None]) -> None:
    """Rightly signed, but without a message's id, a number or its text: 400, and nothing is kept."""
    before = count(quiet.world)
    form = {name: value for name, value in {**FORM, **changes}.items() if value is not None}
    answer = _post(quiet, f"/v1/{PRACTICE}/sms", urlencode(form), form)
    assert answer.status_code == 400, answer.text
    assert count(quiet.world) == before


def test_a_body_just_within_the_limit_is_not_too_large(quiet: Stage) -> None:
    """256 KB are allowed: such a body is looked at, and refused only for its signature."""
    form = {**FORM, "Body": ""}
    form["Body"] = "x" * (LIMIT - len(urlencode(form)))
    body = urlencode(form)
    assert len(body) == LIMIT
    assert _post(quiet, f"/v1/{PRACTICE}/sms", body, form, forged=True).status_code == 403
    assert _post(quiet, f"/v1/{PRACTICE}/sms", body + "x", form, forged=True).status_code == 413


@pytest.mark.parametrize("faults", [(fault,) for fault in FAULTS], ids=" + ".join)
def test_a_receipt_is_checked_in_the_same_way(quiet: Stage, faults: tuple[str, ...]) -> None:
    """Nobody but the carrier can say that a text was delivered."""
    before = count(quiet.world)
    tenant = "nobody" if "unknown tenant" in faults else PRACTICE
    answer = _refused(quiet, f"/v1/{tenant}/sms/status", faults)
    assert answer.status_code == ANSWERS[faults[0]], answer.text
    assert count(quiet.world) == before
