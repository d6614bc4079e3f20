"""What a sandboxed HubSpot account holds: contacts and notes, each with its history.

Source: https://developers.hubspot.com/docs/api-reference/latest/crm/objects/contacts/guide, .../notes/guide and
.../crm/properties/guide.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import phonenumbers

SEEDED: Mapping[str, str] = {
    "phone": "phone",
    "email": "email",
    "language": "hs_language",
    "status": "customer_status",
    "tier": "customer_tier",
    "payments_id": "stripe_customer_id",
}
"""What a seed's words are called in the account: HubSpot's own names, and the adapter's defaults for custom ones."""

CALCULATED: Mapping[str, str] = {
    "phone": "hs_searchable_calculated_phone_number",
    "mobilephone": "hs_searchable_calculated_mobile_number",
}
"""What HubSpot makes of each kind of number: area code and local number. Source: .../search/guide, on phone numbers."""


@dataclass
class Record:
    """A contact or a note: every version with its time, for the search knows only those that are old enough."""

    id: str
    created: datetime
    versions: list[tuple[datetime, dict[str, str]]]
    contacts: list[str] = field(default_factory=list)

    @property
    def properties(self) -> dict[str, str]:
        """As it stands now."""
        return self.versions[-1][1]

    def as_of(self, moment: datetime) -> dict[str, str] | None:
        """As it stood at that moment; None when it did not exist yet."""
        known = [properties for at, properties in self.versions if at <= moment]
        return known[-1] if known else None


@dataclass(frozen=True)
class Kind:
    """How an object type behaves: the names of the times that HubSpot keeps, and what it shows unasked."""

    created: str
    modified: str
    shown: tuple[str, ...]

    def calculated(self, record: Record, properties: Mapping[str, str]) -> dict[str, str]:
        """Add the properties that HubSpot sets itself."""
        added = {
            self.created: iso(record.created),
            self.modified: iso(record.versions[-1][0]),
            "hs_object_id": record.id,
        }
        for number, calculated in CALCULATED.items():
            if properties.get(number):
                added[calculated] = _local(properties[number])
        return {**properties, **added}

    def view(self, record: Record, wanted: Iterable[str]) -> dict[str, Any]:
        """A record as HubSpot answers with it: the wanted properties, null where unset."""
        properties = self.calculated(record, record.properties)
        return {
            "id": record.id,
            "properties": {name: properties.get(name) for name in wanted},
            "createdAt": iso(record.created),
            "updatedAt": iso(record.versions[-1][0]),
            "archived": False,
        }


KINDS: Mapping[str, Kind] = {
    "contacts": Kind(
        "createdate", "lastmodifieddate", ("createdate", "email", "firstname", "lastmodifieddate", "lastname")
    ),
    "notes": Kind("hs_createdate", "hs_lastmodifieddate", ("hs_createdate", "hs_lastmodifieddate")),
}


def iso(moment: datetime) -> str:
    """A time as HubSpot writes it."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def plain(note: Record) -> str:
    """A note's text without its HTML."""
    return " ".join(re.sub(r"<[^>]*>", " ", note.properties.get("hs_note_body", "")).split())


def full_name(contact: Record) -> str:
    """A contact's name as people read it."""
    return " ".join(filter(None, (contact.properties.get("firstname"), contact.properties.get("lastname"))))


def _local(number: str) -> str:
    """Area code and local number, as HubSpot's calculated property holds them."""
    try:
        return phonenumbers.national_significant_number(phonenumbers.parse(number, "US"))
    except phonenumbers.NumberParseException:
        return re.sub(r"\D", "", number)
