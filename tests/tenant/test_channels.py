"""Which system answers a channel."""

import pytest

from followthrough.tenant.complaints import Mistake
from tests.tenant.adapters import loaded
from tests.tenant.test_mistakes import FINE


def test_a_channel_is_answered_by_its_providers_system() -> None:
    """The first system of the provider's adapter answers."""
    assert loaded(FINE).system_of("sms") == "texts"


def test_no_such_channel() -> None:
    """Asked for a channel that the tenant does not have, it says which it has."""
    with pytest.raises(Mistake, match=r"^`corner` has no channel `voice`: it has sms$"):
        loaded(FINE).system_of("voice")


def test_no_system_for_the_channel() -> None:
    """A channel whose provider is no system of the tenant says what is missing."""
    tenant = loaded(FINE)
    systems = {name: system for name, system in tenant.systems.items() if system.adapter != "twilio"}
    with pytest.raises(Mistake, match="needs a system with `adapter: twilio`"):
        tenant.model_copy(update={"systems": systems}).system_of("sms")
