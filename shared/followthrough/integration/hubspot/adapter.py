"""HubSpot as the tenant's CRM: contacts and the notes on their timeline, over CRM API v3.

Source: https://developers.hubspot.com/docs/api-reference/crm-contacts-v3/guide, .../crm-notes-v3/guide and
.../search/guide.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any, ClassVar
from urllib.parse import quote

from pydantic import BaseModel

from followthrough.contracts.call import Answer, Call
from followthrough.contracts.crm import Activity, ChangePerson, FindPerson, NewActivity, NewPerson, Person, as_changed
from followthrough.contracts.manifest import ByReadBack, ByRepeating, Operation, whatever
from followthrough.errors import Unreachable
from followthrough.integration.hubspot.failures import NAME, accepted
from followthrough.integration.hubspot.records import (
    Page,
    Record,
    activity_answer,
    activity_payload,
    change_payload,
    is_ours,
    local_number,
    person_answer,
    person_payload,
    same_number,
)
from followthrough.integration.hubspot.settings import HubSpotSecret, HubSpotSettings

PUBLIC = "https://api.hubapi.com"
CONTACTS = "/crm/v3/objects/contacts"
NOTES = "/crm/v3/objects/notes"

# HubSpot promises only that a record is found "a few moments" after it was written; other connectors reckon with ten
# seconds after a create and sixty after an update. Twice the longer one is on the safe side.
SEARCH_LAG = timedelta(minutes=2)


CREATED = frozenset({"created"})

NOTE = Operation(
    "write",
    NewActivity,
    Activity,
    settle=ByReadBack(lag=SEARCH_LAG),
    harmless=True,
    as_asked=whatever,
    statuses=CREATED,
)

MOST_PAGES = 100
"""A search never gives more than 10,000 records. Source: .../search/guide, on limits."""


class HubSpot:
    """A connected HubSpot account."""

    name: ClassVar[str] = NAME
    Settings: ClassVar[type[BaseModel]] = HubSpotSettings
    Secret: ClassVar[type[BaseModel]] = HubSpotSecret
    operations: ClassVar[Mapping[str, Operation]] = {
        "find_person": Operation("read", FindPerson, Person, optional=True, creates="create_person"),
        "create_person": Operation(
            "write", NewPerson, Person, settle=ByReadBack(lag=SEARCH_LAG), as_asked=whatever, statuses=CREATED
        ),
        "change_person": Operation(
            "write", ChangePerson, Person, settle=ByRepeating(), as_asked=as_changed, statuses=frozenset({"updated"})
        ),
        "log_activity": NOTE,
        "log_outcome": NOTE,
    }

    def __init__(self, settings: HubSpotSettings, secret: HubSpotSecret, endpoint: str | None = None) -> None:
        """Connect; `endpoint` replaces HubSpot's public base URL."""
        from followthrough.integration.http import Connection  # noqa: PLC0415  httpx costs only who connects

        self._settings = settings
        bearer = {"Authorization": f"Bearer {secret.access_token.get_secret_value()}"}
        self._connection = Connection(self.name, endpoint or PUBLIC, bearer)

    def run(self, operation: str, request: BaseModel, call: Call) -> Answer:
        """Do it. Raises SystemFailure."""
        match operation, request:
            case "find_person", FindPerson():
                return self._find_person(request)
            case "create_person", NewPerson():
                contact = self._written("POST", CONTACTS, person_payload(self._settings, request, call))
                return person_answer(self._settings, contact, "created")
            case "change_person", ChangePerson():
                return self._change_person(request)
            case (("log_activity" | "log_outcome"), NewActivity()):
                return activity_answer(self._written("POST", NOTES, activity_payload(request, call)))
        raise ValueError(f"{self.name}: no operation {operation} with {type(request).__name__}")

    def read_back(self, operation: str, request: BaseModel, call: Call) -> Answer | None:
        """Search for the record that carries our reference; None when it is not there. Raises SystemFailure."""
        match operation, request:
            case "create_person", NewPerson():
                reference = self._settings.reference
                contacts = self._search(CONTACTS, {reference: ("EQ", call.reference)}, self._settings.shown)
                return person_answer(self._settings, contacts[0], "created") if contacts else None
            case (("log_activity" | "log_outcome"), NewActivity()):
                notes = self._search(NOTES, {"hs_note_body": ("CONTAINS_TOKEN", call.reference)}, ["hs_note_body"])
                ours = [note for note in notes if is_ours(note, call)]
                return activity_answer(ours[0]) if ours else None
        raise ValueError(f"{self.name}: {operation} is not settled by reading back")

    def _find_person(self, request: FindPerson) -> Answer:
        """Find the contact with this number, however it was typed in; the oldest one where there are several."""
        local = local_number(request.phone)
        if local is None:
            return Answer(None)  # a withheld number belongs to nobody
        # HubSpot's calculated property holds the area code and local number only, so what is found there may be another
        # country's: `same_number` decides. Source: .../search/guide, on phone numbers.
        written = {"phone": request.phone, "mobilephone": request.phone, "hs_searchable_calculated_phone_number": local}
        any_of = {name: ("EQ", value) for name, value in written.items()}
        for contact in self._search(CONTACTS, any_of, self._settings.shown):
            numbers = [contact.properties.get(name) or "" for name in ("phone", "mobilephone")]
            if any(same_number(number, request.phone) for number in numbers):
                return Answer(person_answer(self._settings, contact, "found").result)
        return Answer(None)

    def _change_person(self, request: ChangePerson) -> Answer:
        """Change a contact. It is read first, since the answer to a change shows only what was changed."""
        path = f"{CONTACTS}/{quote(request.person, safe='')}"
        query = {"properties": ",".join(self._settings.shown)}
        before = accepted(self._connection.read("GET", path, query=query), Record)
        after = self._written("PATCH", path, change_payload(self._settings, request))
        contact = after.model_copy(update={"properties": {**before.properties, **after.properties}})
        # Who created the contact put their reference on it, which says nothing about this change.
        return replace(person_answer(self._settings, contact, "updated"), reference=None)

    def _written(self, method: str, path: str, body: dict[str, Any]) -> Record:
        """Write one record and return it as HubSpot shows it."""
        return accepted(self._connection.write(method, path, body=body), Record)

    def _search(self, path: str, any_of: Mapping[str, tuple[str, str]], shown: list[str]) -> list[Record]:
        """Return every record of which any property fits its operator and value, oldest first."""
        filters = [{"propertyName": name, "operator": how, "value": value} for name, (how, value) in any_of.items()]
        body: dict[str, Any] = {
            "filterGroups": [{"filters": [condition]} for condition in filters],
            "properties": shown,
            "sorts": [
                {"propertyName": "createdate" if path == CONTACTS else "hs_createdate", "direction": "ASCENDING"}
            ],
            "limit": 100,
        }
        found: list[Record] = []
        for _ in range(MOST_PAGES):
            page = accepted(self._connection.read("POST", f"{path}/search", body=body), Page)
            found += page.results
            if page.after is None:
                return found
            body = {**body, "after": page.after}
        raise Unreachable(self.name, "too_many_records")
