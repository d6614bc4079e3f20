"""Whether what a tenant charges can be charged, by the real adapters' own rules."""

import pytest

from followthrough.errors import Misconfigured, Problem
from followthrough.integration.registry import operations, settings_of
from followthrough.interaction.registry import providers
from followthrough.tenant.load import load
from infra.local.accounts import source


def problems(currency: str, price: str) -> list[Problem]:
    """Return what is wrong with the practice's file in another currency, with this price for members."""
    text = source("brightsmile")
    assert "currency: USD" in text
    assert "amount: 90.00" in text
    changed = text.replace("currency: USD", f"currency: {currency}").replace("amount: 90.00", f"amount: {price}", 1)
    for cents in (".00", ".50"):
        changed = changed.replace(cents, "") if currency == "RSD" else changed
    try:
        load(changed, operations(), settings_of(), providers())
    except Misconfigured as refused:
        return refused.problems
    return []


def test_dinars_are_charged_in_steps() -> None:
    """M3: a price that the provider has no units for is refused, where it stands and with what to write."""
    (wrong,) = problems("KWD", "1.234")
    assert wrong.message == "KWD is charged in steps of 0.010: write a multiple of it"
    assert wrong.path.endswith("then.amount")
    assert problems("KWD", "1.230") == []


def test_what_is_whole_is_charged_whole() -> None:
    """M2: a price in dinars of Serbia is one, whatever units the provider counts in."""
    assert problems("RSD", "12000") == []


@pytest.mark.parametrize("currency", ["SYP", "KPW"])
def test_a_currency_that_the_provider_does_not_take(currency: str) -> None:
    """M3: nobody learns with the first charge that a provider does not take the tenant's money."""
    assert any("takes no payments" in it.message for it in problems(currency, "90"))
