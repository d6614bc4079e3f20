"""The tenants' accounts with the sandbox systems: secrets that open nothing else, and what those know at first."""

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import yaml

from followthrough.integration.registry import operations, settings_of
from followthrough.interaction.registry import providers
from followthrough.interaction.sms import SMS
from followthrough.tenant.load import load
from followthrough.tenant.models import Tenant
from followthrough.understanding.dates import find_time

TENANTS: Final = Path(__file__).parents[2] / "tenants"

SECRETS: Final[Mapping[str, Mapping[str, str]]] = {
    "hubspot": {"access_token": "pat-sandbox"},
    "cal_com": {"api_key": "cal_sandbox"},
    "stripe": {"api_key": "sk_test_sandbox"},
    "twilio": {"account_sid": "AC" + "0" * 32, "auth_token": "sandbox-auth-token"},
}
"""By adapter."""


def tenant_names() -> list[str]:
    """Name the tenants of this checkout."""
    return sorted(path.parent.name for path in TENANTS.glob("*/tenant.yaml"))


def source(tenant: str) -> str:
    """Return the text of a tenant's file."""
    return (TENANTS / tenant / "tenant.yaml").read_text(encoding="utf-8")


def configuration(tenant: str) -> Tenant:
    """Return a tenant's configuration. Raises Misconfigured."""
    return load(source(tenant), operations(), settings_of(), providers()).tenant


def number_of(tenant: Tenant) -> str:
    """Return the number that customers text to."""
    number: str = tenant.systems[tenant.system_of(SMS.name)].settings["from"]
    return number


def first_state(tenant: Tenant) -> dict[str, dict[str, Any]]:
    """Return what each sandbox system knows of a tenant when it starts; bookings are at times still to come."""
    state: dict[str, dict[str, Any]] = yaml.safe_load((TENANTS / tenant.tenant / "sandbox.yaml").read_text("utf-8"))
    calendar = state.get("cal_com", {})
    calendar["bookings"] = [
        {**booking, "start": moment(tenant, booking["start"]).isoformat()} for booking in calendar.get("bookings", [])
    ]
    return state


def moment(tenant: Tenant, words: str) -> datetime:
    """Return the moment that a customer of this tenant means by these words."""
    found = find_time(words, datetime.now(UTC), tenant.time_zone, tenant.languages[0], tenant.words.counted)
    assert found is not None, f"{words!r} names no moment"
    return found.at
