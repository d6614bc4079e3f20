"""Whether a HubSpot account has what Followthrough needs of it, and what its operator has to change if not.

Source: https://developers.hubspot.com/docs/api-reference/latest/crm/properties/guide; the scopes of each endpoint are
in HubSpot-public-api-spec-collection, CRM/Properties and CRM/Contacts, 2026-03.
"""

from collections.abc import Iterator, Mapping
from typing import Final

from pydantic import Field

from followthrough.integration.hubspot.settings import HUBSPOTS_LANGUAGE, HubSpotSettings
from followthrough.integration.shapes import Id, Shape

READ_SCOPE: Final = "crm.objects.contacts.read"
WRITE_SCOPE: Final = "crm.objects.contacts.write"

TEXT: Final = ("string",)

SERVICE_KEYS: Final = "Development > Keys > Service keys"


class Property(Shape):
    """How a contact property is defined."""

    name: Id
    type: Id
    unique: bool | None = Field(alias="hasUniqueValue", default=None)


class Properties(Shape):
    """Every contact property of the account."""

    results: list[Property]


def shortcomings(settings: HubSpotSettings, known: Properties) -> list[str]:
    """Say which contact properties are missing or of another kind, each with what to change in HubSpot."""
    return [*_said(settings, {it.name: it for it in known.results})]


def without_access(code: str) -> str:
    """Say what the key lacks: `code` is a refusal's, or a scope."""
    if code == "unauthorized":
        return f"HubSpot refuses the key: create a Service Key under {SERVICE_KEYS}, and put it in the secret"
    scope = WRITE_SCOPE if code == WRITE_SCOPE else READ_SCOPE
    return f"the key may not do what is needed: add the scope {scope} to it under {SERVICE_KEYS}"


def _said(settings: HubSpotSettings, known: Mapping[str, Property]) -> Iterator[str]:
    """The tenant's own words may be choices; what is written as it comes has to be text."""
    for name in (settings.status, settings.tier):
        yield from _of_type(known, name, *TEXT, "enumeration")
    yield from _of_type(known, settings.payments_id, *TEXT)
    yield from _of_type(
        known, settings.language, *(["enumeration"] if settings.language == HUBSPOTS_LANGUAGE else TEXT)
    )
    yield from _of_type(known, settings.reference, *TEXT)
    yield from _of_type(known, settings.number, *TEXT, kind=" that requires unique values")
    if settings.number in known and not known[settings.number].unique:
        yield (
            f"the contact property `{settings.number}` does not require unique values, and HubSpot lets that be chosen "
            "only when a property is created: create another one, and name it in the settings"
        )


def _of_type(known: Mapping[str, Property], name: str, *types: str, kind: str = "") -> Iterator[str]:
    if name not in known:
        yield (
            f"there is no contact property `{name}`: create a single-line text{kind} with this internal name under "
            "Settings > Properties, or name another one in the settings"
        )
    elif known[name].type not in types:
        yield f"the contact property `{name}` is no single-line text: create one{kind}, and name it in the settings"
