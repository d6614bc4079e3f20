"""HubSpot's contacts and notes, and what they are to us: translations in both directions.

Source: https://developers.hubspot.com/docs/api-reference/latest/crm/objects/contacts/guide and .../notes/guide.
"""

import html
from collections.abc import Sequence
from typing import Any, Final

from pydantic import Field

from followthrough.contracts.call import Answer, Call
from followthrough.contracts.crm import Activity, ChangePerson, NewActivity, NewPerson, Person
from followthrough.contracts.evidence import Evidence
from followthrough.integration.hubspot.settings import HUBSPOTS_LANGUAGE, HubSpotSettings
from followthrough.integration.shapes import Id, Moment, Shape, Text


class Record(Shape):
    """A contact or a note: each property is text, or null where it is unset."""

    id: Id
    properties: dict[str, Text | None]
    created_at: Moment = Field(alias="createdAt")
    updated_at: Moment = Field(alias="updatedAt")


class Upserted(Record):
    """A contact that was created or changed."""

    new: bool | None = None


class Left(Shape):
    """Why one record of several was left out."""

    category: Id


class Read(Shape):
    """What was asked for by a property with unique values: what is not there is among the errors."""

    results: list[Record]
    errors: Sequence[Left] = ()


class Written(Shape):
    """What was created or changed by a property with unique values."""

    results: list[Upserted]
    errors: Sequence[Left] = ()


class Next(Shape):
    """Where the next page begins."""

    after: Id


class Paging(Shape):
    """What follows a page."""

    next: Next | None = None


class Page(Shape):
    """A page of what was searched for."""

    results: list[Record]
    paging: Paging | None = None

    @property
    def after(self) -> str | None:
        """Where the next page begins; None after the last one."""
        return self.paging.next.after if self.paging and self.paging.next else None


# fmt: off
LANGUAGES: Final = frozenset({
    "da", "de", "en", "es", "es-mx", "fi", "fr", "it", "ja", "nl", "pl", "pt-br", "sv", "zh-cn", "zh-hk",
})
# fmt: on
"""Options of HubSpot's own `hs_language` that are certain: those of its forms. Another value is refused with the whole
contact, so what is not among them is left out. Source: the languages of HubSpot's forms."""

NOTE_TO_CONTACT = 202
"""The association type of a note on a contact. Source: .../crm-associations-v4/guide, types defined by HubSpot."""


def person_payload(settings: HubSpotSettings, request: NewPerson, call: Call) -> dict[str, Any]:
    """Ours to theirs: a new contact, marked with our reference."""
    first, _, last = (request.name or "").partition(" ")
    wanted = {
        "phone": request.phone,
        "firstname": first,
        "lastname": last,
        settings.language: language(settings, request.language or ""),
        settings.reference: call.reference,
    }
    return {"properties": {name: value for name, value in wanted.items() if value}}


def language(settings: HubSpotSettings, tag: str) -> str:
    """Return a language as the account writes it: HubSpot's own property has options, one of the account's is text.
    Empty where there is no option for it.
    """
    if settings.language != HUBSPOTS_LANGUAGE:
        return tag
    own = tag.lower()
    return next((option for option in (own, own.partition("-")[0]) if option in LANGUAGES), "")


def upsert_payload(settings: HubSpotSettings, request: NewPerson, call: Call) -> dict[str, Any]:
    """Ours to theirs: a contact of which there is one for each number."""
    own = {"idProperty": settings.number, "id": request.phone}
    return {"inputs": [{**own, **person_payload(settings, request, call)}]}


def change_payload(settings: HubSpotSettings, request: ChangePerson) -> dict[str, Any]:
    """Ours to theirs: only what is to change."""
    wanted = {
        settings.status: request.status,
        settings.tier: request.tier,
        settings.payments_id: request.payments_id,
    }
    return {"properties": {name: value for name, value in wanted.items() if value is not None}}


def person_answer(settings: HubSpotSettings, contact: Record, status: str) -> Answer:
    """Theirs to ours, with HubSpot's own time of the deed; properties that are unset are null or missing."""
    shown = {name: value or "" for name, value in contact.properties.items()}
    person = Person(
        id=contact.id,
        name=f"{shown.get('firstname', '')} {shown.get('lastname', '')}".strip(),
        phone=shown.get("phone") or shown.get("mobilephone", ""),
        email=shown.get("email", ""),
        status=shown.get(settings.status, ""),
        tier=shown.get(settings.tier, ""),
        payments_id=shown.get(settings.payments_id, ""),
    )
    at = contact.created_at if status == "created" else contact.updated_at
    evidence = Evidence(id=person.id, status=status, at=at)
    return Answer(person, evidence, reference=contact.properties.get(settings.reference))


def activity_payload(request: NewActivity, call: Call) -> dict[str, Any]:
    """Ours to theirs: a note's body is HTML; it is dated when the work began, so that a repetition looks the same."""
    text = html.escape(request.text, quote=False).replace("\n", "<br>")
    associations = []
    if request.person is not None:
        kind = {"associationCategory": "HUBSPOT_DEFINED", "associationTypeId": NOTE_TO_CONTACT}
        associations.append({"to": {"id": request.person}, "types": [kind]})
    properties = {
        "hs_timestamp": call.began.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        "hs_note_body": f"<p>{text}</p>{_mark(call)}",
    }
    return {"properties": properties, "associations": associations}


def activity_answer(note: Record) -> Answer:
    """Theirs to ours: the note's id, and when HubSpot made it."""
    return Answer(Activity(id=note.id), Evidence(id=note.id, status="created", at=note.created_at))


def is_ours(note: Record, call: Call) -> bool:
    """Tell whether a note carries our reference. A token search is loose: somebody may quote a reference."""
    return _mark(call) in (note.properties.get("hs_note_body") or "")


def local_number(phone: str) -> str | None:
    """The area code and local number of a number in E.164; None when it is none."""
    import phonenumbers  # noqa: PLC0415  its tables cost only who looks somebody up

    try:
        return phonenumbers.national_significant_number(phonenumbers.parse(phone))
    except phonenumbers.NumberParseException:
        return None


def same_number(written: str, wanted: str) -> bool:
    """Tell whether a number as somebody wrote it, with or without its country, is the wanted one (E.164)."""
    import phonenumbers  # noqa: PLC0415  as above

    number = phonenumbers.parse(wanted)
    try:
        other = phonenumbers.parse(written, phonenumbers.region_code_for_number(number))
    except phonenumbers.NumberParseException:
        return False
    return (number.country_code, number.national_number) == (other.country_code, other.national_number)


def has_number(contact: Record, phone: str) -> bool:
    """Tell whether a contact has this number (E.164) now, however it was typed in."""
    numbers = [contact.properties.get(name) or "" for name in ("phone", "mobilephone")]
    return any(same_number(number, phone) for number in numbers)


def _mark(call: Call) -> str:
    """Our reference as it stands at the end of a note."""
    return f"<p>Reference {call.reference}</p>"
