"""How a sandboxed HubSpot account's properties are defined, and what it refuses as a value of one.

Source: https://developers.hubspot.com/docs/api-reference/latest/crm/properties/guide.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

LONGEST_TEXT = 65_536
"""Characters of a property. HubSpot says so of a note's body; of others it was not looked up."""

LANGUAGES = (
    "da", "de", "en", "en-gb", "es", "es-mx", "fi", "fr", "it", "ja", "nl", "pl", "pt", "pt-br", "sv", "zh-cn", "zh-hk",
)  # fmt: skip
"""Some of the options that HubSpot's own `hs_language` has: in lower case."""


@dataclass(frozen=True)
class Property:
    """How a property is defined: its type, whether no two records may have the same value, and its options."""

    type: str = "string"
    unique: bool = False
    options: tuple[str, ...] = ()

    def mistake(self, value: str) -> tuple[str, str] | None:
        """Return HubSpot's words for a value that does not fit, and its code; None for one that does."""
        if len(value) > LONGEST_TEXT:
            return f"the value is longer than {LONGEST_TEXT} characters", "INVALID_LENGTH"
        if self.type == "enumeration" and value and value not in self.options:
            return f"{value} was not one of the allowed options: {list(self.options)}", "INVALID_OPTION"
        if self.type == "datetime" and not _is_moment(value):
            return f"{value} was not a valid long", "INVALID_LONG"
        return None


CONTACT_PROPERTIES: Mapping[str, Property] = {
    **dict.fromkeys(("firstname", "lastname", "phone", "mobilephone", "email"), Property()),
    "hs_language": Property("enumeration", options=LANGUAGES),
    **dict.fromkeys(("customer_status", "customer_tier", "stripe_customer_id", "followthrough_reference"), Property()),
    "followthrough_number": Property(unique=True),
}
"""What the account has for contacts: HubSpot's own, and those that Followthrough asks for."""

NOTE_PROPERTIES: Mapping[str, Property] = {
    "hs_timestamp": Property("datetime"),
    **dict.fromkeys(("hs_note_body", "hubspot_owner_id", "hs_attachment_ids"), Property()),
}


class NotValidError(Exception):
    """A property does not fit; the message is HubSpot's."""


def checked(properties: Any, defined: Mapping[str, Property]) -> dict[str, str]:
    """Return the properties if the account has them and they are well formed. Raises NotValidError."""
    for name, value in properties.items():
        if name not in defined:
            raise NotValidError(_not_valid(name, f"Property {name} does not exist", "PROPERTY_DOESNT_EXIST"))
        if name == "email" and value and not re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s]+", value):
            raise NotValidError(_not_valid(name, f"Email address {value} is invalid", "INVALID_EMAIL"))
        mistake = defined[name].mistake(str(value))
        if mistake:
            raise NotValidError(_not_valid(name, *mistake))
    return {name: str(value) for name, value in properties.items()}


def _not_valid(name: str, message: str, error: str) -> str:
    details = f'[{{"isValid":false,"message":"{message}","error":"{error}","name":"{name}"}}]'
    return f"Property values were not valid: {details}"


def _is_moment(value: str) -> bool:
    """Tell whether a value is a time as HubSpot takes it: ISO 8601, or milliseconds since 1970."""
    try:
        return value.isdecimal() or datetime.fromisoformat(value).tzinfo is not None
    except ValueError:
        return False


def shown(defined: Mapping[str, Property]) -> list[dict[str, Any]]:
    """Every property as HubSpot describes it."""
    return [
        {
            "name": name,
            "label": name,
            "type": it.type,
            "hasUniqueValue": it.unique,
            "options": [{"label": option, "value": option, "hidden": False} for option in it.options],
        }
        for name, it in defined.items()
    ]
