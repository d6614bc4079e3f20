"""HubSpot as the tenant's CRM: contacts and the notes on their timeline, over the API of 2026-03.

Source: https://developers.hubspot.com/docs/api-reference/latest/crm/objects/contacts/guide, .../notes/guide and
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
from followthrough.errors import Refused, Unreachable
from followthrough.integration.hubspot.failures import NAME, accepted, failure, refused, throttled, until_midnight
from followthrough.integration.hubspot.readiness import WRITE_SCOPE, Properties, shortcomings, without_access
from followthrough.integration.hubspot.records import (
    Page,
    Read,
    Record,
    Written,
    activity_answer,
    activity_payload,
    change_payload,
    has_number,
    is_ours,
    local_number,
    person_answer,
    person_payload,
    upsert_payload,
)
from followthrough.integration.hubspot.settings import HubSpotSecret, HubSpotSettings
from followthrough.integration.shapes import malformed

PUBLIC = "https://api.hubapi.com"
CONTACTS = "/crm/objects/2026-03/contacts"
NOTES = "/crm/objects/2026-03/notes"
PROPERTIES = "/crm/properties/2026-03/contacts"

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
            "write",
            NewPerson,
            Person,
            settle=ByReadBack(lag=SEARCH_LAG),
            as_asked=whatever,
            # Somebody may have created it a moment ago: there is one contact for each number.
            statuses=frozenset({"created", "found"}),
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
        self._connection = Connection(self.name, endpoint or PUBLIC, bearer, throttled)

    def check(self) -> list[str]:
        """Say what of the account and its key keeps people from being found and kept. Raises SystemFailure."""
        try:
            known = accepted(self._connection.read("GET", PROPERTIES), Properties)
        except Refused as no:
            return [without_access(no.code)]
        # A change of a contact that nobody has: a key that may write is told that it does not exist.
        nobody = self._connection.write("PATCH", f"{CONTACTS}/0", body={"properties": {}})
        denied = not nobody.ok and failure(nobody).code == "forbidden"
        return [*shortcomings(self._settings, known), *([without_access(WRITE_SCOPE)] if denied else [])]

    def run(self, operation: str, request: BaseModel, call: Call) -> Answer:
        """Do it. Raises SystemFailure."""
        with until_midnight(call):
            match operation, request:
                case "find_person", FindPerson():
                    return self._find_person(request)
                case "create_person", NewPerson():
                    return self._create_person(request, call)
                case "change_person", ChangePerson():
                    return self._change_person(request)
                case (("log_activity" | "log_outcome"), NewActivity()):
                    return activity_answer(self._written("POST", NOTES, activity_payload(request, call)))
        raise ValueError(f"{self.name}: no operation {operation} with {type(request).__name__}")

    def read_back(self, operation: str, request: BaseModel, call: Call) -> Answer | None:
        """Search for the record that carries our reference; None when it is not there. Raises SystemFailure."""
        with until_midnight(call):
            match operation, request:
                case "create_person", NewPerson():
                    reference = self._settings.reference
                    at_once = self._by_number(request.phone)
                    contacts = [*at_once, *self._search(CONTACTS, {reference: ("EQ", call.reference)})]
                    ours = [contact for contact in contacts if contact.properties.get(reference) == call.reference]
                    return person_answer(self._settings, ours[0], "created") if ours else None
                case (("log_activity" | "log_outcome"), NewActivity()):
                    notes = self._search(NOTES, {"hs_note_body": ("CONTAINS_TOKEN", call.reference)})
                    ours = [note for note in notes if is_ours(note, call)]
                    return activity_answer(ours[0]) if ours else None
        raise ValueError(f"{self.name}: {operation} is not settled by reading back")

    def _find_person(self, request: FindPerson) -> Answer:
        """Find the contact with this number: the one that was created for it, else however it was typed in, the oldest
        one where there are several.
        """
        local = local_number(request.phone)
        if local is None:
            return Answer(None)  # a withheld number belongs to nobody
        # HubSpot's calculated properties hold the area code and local number only, so what is found there may be
        # another country's: `same_number` decides. Source: .../search/guide, on phone numbers.
        written = {
            "phone": request.phone,
            "mobilephone": request.phone,
            "hs_searchable_calculated_phone_number": local,
            "hs_searchable_calculated_mobile_number": local,
        }
        for contact in self._search(CONTACTS, {name: ("EQ", value) for name, value in written.items()}):
            if has_number(contact, request.phone):
                return Answer(person_answer(self._settings, contact, "found").result)
        # What was created moments ago is in no search yet.
        for contact in self._by_number(request.phone):
            if has_number(contact, request.phone):
                return Answer(person_answer(self._settings, contact, "found").result)
        return Answer(None)

    def _create_person(self, request: NewPerson, call: Call) -> Answer:
        """Create the contact for a number, or take the one that was created for it meanwhile."""
        there = self._by_number(request.phone)
        if there and has_number(there[0], request.phone):
            return replace(person_answer(self._settings, there[0], "found"), reference=None)
        if there or local_number(request.phone) is None:
            # Whom it was created for has another number by now; and a withheld one is nobody's.
            contact = self._written("POST", CONTACTS, person_payload(self._settings, request, call))
            return person_answer(self._settings, contact, "created")
        reply = self._connection.write(
            "POST", f"{CONTACTS}/batch/upsert", body=upsert_payload(self._settings, request, call)
        )
        written = accepted(reply, Written)
        if written.errors:
            raise refused(reply, written.errors[0].category)
        if not written.results:
            raise malformed(self.name, "results: too_short", write=True)
        return person_answer(self._settings, written.results[0], "created" if written.results[0].new else "found")

    def _by_number(self, phone: str) -> list[Record]:
        """Return the contact that was created for a number: read by no index, so that it is found at once.

        By POST, since addresses end up in logs.
        """
        if local_number(phone) is None:
            return []
        own = {"idProperty": self._settings.number, "inputs": [{"id": phone}], "properties": self._settings.shown}
        reply = self._connection.read("POST", f"{CONTACTS}/batch/read", body=own)
        found = accepted(reply, Read)
        for left in found.errors:
            if left.category != "OBJECT_NOT_FOUND":
                raise refused(reply, left.category)
        return found.results

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

    def _search(self, path: str, any_of: Mapping[str, tuple[str, str]]) -> list[Record]:
        """Return every record of which any property fits its operator and value, oldest first."""
        filters = [{"propertyName": name, "operator": how, "value": value} for name, (how, value) in any_of.items()]
        body: dict[str, Any] = {
            "filterGroups": [{"filters": [condition]} for condition in filters],
            "properties": self._settings.shown if path == CONTACTS else ["hs_note_body"],
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
