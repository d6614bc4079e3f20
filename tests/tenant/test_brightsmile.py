"""The dental practice that ships as an example: complete, honest, and worded in both languages."""

from itertools import product
from pathlib import Path
from typing import Any, assert_never

import pytest

from followthrough.integration.registry import operations, settings_of
from followthrough.interaction.registry import providers
from followthrough.tenant import scopes
from followthrough.tenant.formats import formats_for
from followthrough.tenant.load import load
from followthrough.tenant.models import ActStep, AskStep, Tenant
from followthrough.tenant.tables import decide
from followthrough.tenant.templates import render, variables
from followthrough.tenant.types import Many, Maybe, OneOf, Plain, Record, Type
from tests.tenant.adapters import loaded

TEXT = (Path(__file__).parents[2] / "tenants" / "brightsmile" / "tenant.yaml").read_text()
TENANT = loaded(TEXT)
SAMPLES: dict[Plain, Any] = {
    Plain.TEXT: "text",
    Plain.WHOLE: 3,
    Plain.NUMBER: 1.5,
    Plain.MONEY: 9000,
    Plain.TIME: "2026-11-24T21:00:00Z",
    Plain.YES_NO: True,
    Plain.ANYTHING: "anything",
}


def sample(of: Type) -> Any:
    """Make up a value of a type."""
    match of:
        case Record():
            return {name: sample(part) for name, part in of.fields.items()}
        case Many():
            return [sample(of.of), sample(of.of)]
        case Maybe():
            return sample(of.of)
        case OneOf():
            return of.words[0]
        case Plain():
            return SAMPLES[of]
        case _:
            assert_never(of)


def everything() -> dict[str, Any]:
    """Make up every variable that any message of the practice may mention."""
    known: dict[str, Any] = {name: sample(of) for name, of in {**scopes.OUTCOME, **scopes.PROBLEM}.items()}
    for service in TENANT.services.values():
        scope = scopes.before(TENANT, service, None, operations())
        known |= {name: sample(of) for name, of in scope.items()}
    known["inputs"] = {"when": SAMPLES[Plain.TIME], "problem": "It hurts."}
    return {**known, "offers": [known["slot"]] * 3}


def test_fits_the_real_adapters() -> None:
    """The practice's file fits the adapters that ship, not only the tests' table of operations."""
    assert load(TEXT, operations(), settings_of(), providers()).tenant == TENANT


def test_survives_storage() -> None:
    """A stored release is read as the very tenant that was published."""
    assert Tenant.model_validate_json(TENANT.model_dump_json()) == TENANT
    assert Tenant.model_validate_json(TENANT.model_dump_json(by_alias=True)) == TENANT


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize("name", sorted(TENANT.messages))
def test_every_message_can_be_said(name: str, language: str) -> None:
    """Each message renders in each language without a hole or a raw value, within a few text messages."""
    said = render(TENANT.messages[name], formats_for(TENANT, language), everything())
    assert said
    assert "{" not in said
    assert "2026-11-24T" not in said
    assert len(said) <= 480


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize("name", ["failed", "unsettled", "card_declined", "not_booked", "not_moved", "not_done"])
def test_words_about_an_end_fit_every_end(name: str, language: str) -> None:
    """Whatever stands, was undone or is not known, the words about it can be said, and say no more than that."""
    formats = formats_for(TENANT, language)
    spoken = set()
    for acts in product(["stands", "undone", "unknown", None], repeat=3):
        outcome: dict[str, Any] = {"stands": [], "undone": [], "unknown": [], "reason": "Because."}
        for act, where in zip(("payment", "booking", "cancellation"), acts, strict=True):
            if where:
                outcome[where].append(act)
        said = render(TENANT.messages[name], formats, {"outcome": outcome, "reference": "0A1B2C3D"})
        spoken.add(said)
        assert len(said) <= 480
        refunded = {"en": "is refunded", "es": "Le devolvemos"}[language]
        assert (refunded in said) == (name == "not_done" and "payment" in outcome["undone"])
    assert len(spoken) > (name not in {"card_declined", "not_booked"})


@pytest.mark.parametrize("service", ["cleaning", "emergency"])
def test_quote_names_all(service: str) -> None:
    """Before money moves the customer reads what, when and how much, in both languages."""
    steps = TENANT.services[service].steps
    (ask,) = [step for step in steps if isinstance(step, AskStep)]
    pay = next(step for step in steps if isinstance(step, ActStep) and step.using == "payments.charge")
    assert steps.index(ask) < steps.index(pay)
    for template in TENANT.messages[ask.say].values():
        assert {"service.title", "slot.start", "price.amount"} <= variables(template)
        assert "slot.start | date_long" in template


@pytest.mark.parametrize(
    ("tier", "weekend", "amount"), [("gold", True, 9000), ("", True, 15000), ("silver", False, 12000)]
)
def test_prices(tier: str, weekend: bool, amount: int) -> None:  # noqa: FBT001
    """A cleaning costs 90 for gold members, 150 at the weekend and 120 otherwise."""
    scope = scopes.before(TENANT, TENANT.services["cleaning"], "price", operations())
    known = {"patient": {"tier": tier}, "slot": {"weekend": weekend}}
    assert decide(TENANT.tables["cleaning_price"], scope, known, TENANT.home).outputs["amount"] == amount


@pytest.mark.parametrize(
    ("payment", "start", "refunded", "forfeited"),
    [
        ("pi_1", "2026-11-25T12:00:00Z", True, False),
        ("pi_1", "2026-11-25T11:59:00Z", False, True),
        ("", "2026-11-30T12:00:00Z", False, False),
    ],
)
def test_cancellation_terms(payment: str, start: str, refunded: bool, forfeited: bool) -> None:  # noqa: FBT001
    """What was paid comes back until 24 hours before the visit, and nothing is said of money that was never paid."""
    scope = scopes.before(TENANT, TENANT.services["cancel_visit"], "terms", operations())
    known = {"visit": {"payment": payment, "start": start}, "now": "2026-11-24T12:00:00Z"}
    outputs = decide(TENANT.tables["cancellation_terms"], scope, known, TENANT.home).outputs
    assert outputs == {"refunded": refunded, "forfeited": forfeited}
