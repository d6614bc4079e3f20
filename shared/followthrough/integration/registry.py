"""Every adapter by the name that tenants write, each imported when it is first asked for.

An adapter's module declares its operations without importing its vendor's package, so that publishing and deciding stay
fast; the package comes in when the adapter connects.
"""

from collections.abc import Mapping
from importlib import import_module
from typing import Any, Final

from pydantic import BaseModel

from followthrough.contracts.adapter import Adapter
from followthrough.contracts.manifest import Operation

ADAPTERS: Final[Mapping[str, str]] = {
    "cal_com": "followthrough.integration.cal_com.adapter:CalCom",
    "hubspot": "followthrough.integration.hubspot.adapter:HubSpot",
    "ses": "followthrough.integration.ses.adapter:Ses",
    "sns": "followthrough.integration.sns.adapter:Sns",
    "stripe": "followthrough.integration.stripe.adapter:Stripe",
    "twilio": "followthrough.integration.twilio.adapter:Twilio",
}
"""Name to `module:class`."""


class UnknownAdapterError(KeyError):
    """No adapter of this name; the message lists those there are."""

    def __str__(self) -> str:
        """Read as a sentence (a KeyError quotes its argument)."""
        return str(self.args[0])


def load(name: str) -> type[Adapter]:
    """Return the adapter's class. Raises UnknownAdapterError."""
    place = ADAPTERS.get(name)
    if place is None:
        raise UnknownAdapterError(f"there is no adapter {name!r}; there are {', '.join(sorted(ADAPTERS))}")
    module, _, cls = place.partition(":")
    adapter: type[Adapter] = getattr(import_module(module), cls)
    return adapter


def operations() -> dict[str, Mapping[str, Operation]]:
    """Return what every adapter can do: operations by adapter and name."""
    return {name: load(name).operations for name in ADAPTERS}


def settings_of() -> dict[str, type[BaseModel]]:
    """Return the model of every adapter's settings."""
    return {name: load(name).Settings for name in ADAPTERS}


def connect(name: str, settings: Mapping[str, Any], secret: Mapping[str, Any], endpoint: str | None = None) -> Adapter:
    """Build the adapter from its settings and secret; `endpoint` replaces the provider's public base URL.

    Raises UnknownAdapterError, and pydantic's ValidationError for settings or a secret that do not fit.
    """
    adapter = load(name)
    return adapter(adapter.Settings.model_validate(settings), adapter.Secret.model_validate(secret), endpoint)
