"""A small HubSpot: contacts and notes of CRM API v3, with its error bodies and a search that lags.

Source: https://developers.hubspot.com/docs/api-reference/crm-contacts-v3/guide, .../crm-notes-v3/guide,
.../search/guide and .../error-handling.
"""

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from itertools import count
from typing import Any
from uuid import UUID

from simulation.exchange import Request, Response
from simulation.hubspot.account import KINDS, SEEDED, NotValidError, Record, checked, full_name, plain
from simulation.hubspot.search import BadSearchError, matching, page

CONTACT_PROPERTIES = {"firstname", "lastname", "mobilephone", "followthrough_reference", *SEEDED.values()}
NOTE_PROPERTIES = {"hs_timestamp", "hs_note_body", "hubspot_owner_id", "hs_attachment_ids"}
NOTE_TO_CONTACT = 202
PATH = re.compile(r"/crm/v3/objects/(?P<kind>contacts|notes)(/(?P<id>[^/]+))?")


class HubSpot:
    """One HubSpot account; any token that begins with `pat-` may do everything."""

    name = "hubspot"

    def __init__(self, now: Callable[[], datetime], lag: timedelta = timedelta(0)) -> None:
        """Live by the clock `now`; the search finds what was written at least `lag` ago."""
        self.now = now
        self.lag = lag
        self.records: dict[str, dict[str, Record]] = {"contacts": {}, "notes": {}}
        self.defined = {"contacts": set(CONTACT_PROPERTIES), "notes": set(NOTE_PROPERTIES)}
        self._errors = 0

    def seed(self, data: dict[str, Any]) -> None:
        """Add contacts `{id?, name, phone, email?, status?, tier?, language?, payments_id?, properties?}`, a year old.

        `properties`, of a contact (name to value) and of `data` (names), define further custom properties.
        """
        self.defined["contacts"] |= set(data.get("properties", []))
        for person in data.get("contacts", []):
            first, _, last = person["name"].partition(" ")
            named = {SEEDED[word]: str(person[word]) for word in SEEDED if word == "phone" or person.get(word)}
            further = person.get("properties", {})
            self.defined["contacts"] |= set(further)
            properties = {"firstname": first, "lastname": last, **named, **further}
            self._add("contacts", properties, self.now() - timedelta(days=365), person.get("id"))

    def snapshot(self) -> dict[str, Any]:
        """Every contact with what is written on them, and the notes that stand alone."""
        words = ("phone", "email", "status", "tier", "payments_id")
        notes = self.records["notes"].values()
        return {
            "contacts": [
                {
                    "id": contact.id,
                    "name": full_name(contact),
                    **{word: contact.properties.get(SEEDED[word], "") for word in words},
                    "notes": [plain(note) for note in notes if contact.id in note.contacts],
                }
                for contact in self.records["contacts"].values()
            ],
            "notes": [plain(note) for note in notes if not note.contacts],
        }

    def handle(self, request: Request) -> Response:
        """Answer as HubSpot would."""
        if not request.headers.get("authorization", "").startswith("Bearer pat-"):
            return self._error(401, "INVALID_AUTHENTICATION", "Authentication credentials not found.")
        place = PATH.fullmatch(request.path)
        if place is None:
            return self._error(404, "OBJECT_NOT_FOUND", "resource not found")
        try:
            return self._answer(request, place["kind"], place["id"])
        except (NotValidError, BadSearchError) as bad:
            return self._error(400, "VALIDATION_ERROR", str(bad))
        except (ValueError, KeyError, TypeError, AttributeError):
            return self._error(400, "VALIDATION_ERROR", "Invalid input JSON")

    def _answer(self, request: Request, kind: str, id_: str | None) -> Response:
        match request.method, id_:
            case "POST", "search":
                return self._search(kind, request.json() or {})
            case "POST", None:
                return self._create(kind, request.json())
            case (("GET" | "PATCH"), str()) if id_ not in self.records[kind]:
                return self._error(404, "OBJECT_NOT_FOUND", "Object not found.  objectId are usually numeric.")
            case "GET", str():
                wanted = [name for name in (request.first("properties") or "").split(",") if name in self._known(kind)]
                return Response(200, KINDS[kind].view(self.records[kind][id_], [*KINDS[kind].shown, *wanted]))
            case "PATCH", str():
                return self._update(kind, self.records[kind][id_], request.json())
        return self._error(405, "VALIDATION_ERROR", "Method not allowed")

    def _create(self, kind: str, body: Any) -> Response:
        given = checked(body["properties"], self.defined[kind])
        links = body.get("associations") or []
        targets = [str(link["to"]["id"]) for link in links]
        if kind == "notes" and not given.get("hs_timestamp"):
            raise NotValidError("Error creating NOTE. Some required properties were not set: [hs_timestamp]")
        if any(type_["associationTypeId"] != NOTE_TO_CONTACT for link in links for type_ in link["types"]):
            raise NotValidError("One or more association types are not valid")
        if not set(targets) <= set(self.records["contacts"]):
            return self._error(404, "OBJECT_NOT_FOUND", "One or more associated objects do not exist")
        for other in self.records[kind].values():
            if given.get("email") and other.properties.get("email") == given["email"]:
                return self._error(409, "CONFLICT", f"Contact already exists. Existing ID: {other.id}")
        record = self._add(kind, given, self.now())
        record.contacts = targets
        return Response(201, KINDS[kind].view(record, [*KINDS[kind].shown, *given]))

    def _update(self, kind: str, record: Record, body: Any) -> Response:
        given = checked(body["properties"], self.defined[kind])
        record.versions.append((self.now(), {**record.properties, **given}))
        return Response(200, KINDS[kind].view(record, [KINDS[kind].modified, *given]))

    def _search(self, kind: str, body: Any) -> Response:
        indexed = {id_: record.as_of(self.now() - self.lag) for id_, record in self.records[kind].items()}
        found = [
            (id_, KINDS[kind].calculated(self.records[kind][id_], properties))
            for id_, properties in indexed.items()
            if properties is not None
        ]
        ids = matching(found, body, self._known(kind).__contains__)
        cut, after = page(ids, body)
        wanted = [name for name in body.get("properties") or KINDS[kind].shown if name in self._known(kind)]
        results = [KINDS[kind].view(self.records[kind][id_], wanted) for id_ in cut]
        paging = {} if after is None else {"paging": {"next": {"after": after}}}
        return Response(200, {"total": len(ids), "results": results, **paging})

    def _known(self, kind: str) -> set[str]:
        """Every property that may be asked for: the account's own, and what HubSpot sets itself."""
        return self.defined[kind] | set(KINDS[kind].shown) | {"hs_object_id", "hs_searchable_calculated_phone_number"}

    def _add(self, kind: str, properties: dict[str, str], at: datetime, id_: str | None = None) -> Record:
        numbers = count({"contacts": 1001, "notes": 5001}[kind])
        free = next(str(number) for number in numbers if str(number) not in self.records[kind])
        record = Record(id_ or free, at, [(at, properties)])
        self.records[kind][record.id] = record
        return record

    def _error(self, status: int, category: str, message: str) -> Response:
        self._errors += 1
        correlation = str(UUID(int=self._errors))
        body = {"status": "error", "message": message, "correlationId": correlation, "category": category}
        return Response(status, body)
