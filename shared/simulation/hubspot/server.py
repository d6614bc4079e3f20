"""A small HubSpot: contacts, notes and properties of the API of 2026-03, with its error bodies and a search that lags.

Source: https://developers.hubspot.com/docs/api-reference/latest/crm/objects/contacts/guide, .../notes/guide,
.../crm/properties/guide, .../search/guide and .../error-handling, and HubSpot-public-api-spec-collection.
"""

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from itertools import count
from typing import Any
from uuid import UUID

from simulation.exchange import Request, Response
from simulation.hubspot.account import CALCULATED, KINDS, SEEDED, Record, full_name, plain
from simulation.hubspot.batches import Shelf, read_batch, upsert_batch
from simulation.hubspot.limits import limit
from simulation.hubspot.properties import CONTACT_PROPERTIES, NOTE_PROPERTIES, NotValidError, Property, checked, shown
from simulation.hubspot.search import BadSearchError, matching, page

NOTE_TO_CONTACT = 202
PATH = re.compile(
    r"/crm/(?P<of>objects|properties)/2026-03/(?P<kind>contacts|notes)(/(?P<id>batch/read|batch/upsert|[^/]+))?"
)
COLLECTIONS = {"search", "batch/read", "batch/upsert"}
READ, WRITE = "crm.objects.contacts.read", "crm.objects.contacts.write"


class HubSpot:
    """One HubSpot account; any token that begins with `pat-` is its key, which has `scopes`."""

    name = "hubspot"

    def __init__(self, now: Callable[[], datetime], lag: timedelta = timedelta(0)) -> None:
        """Live by the clock `now`; the search finds what was written at least `lag` ago."""
        self.now = now
        self.lag = lag
        self.records: dict[str, dict[str, Record]] = {"contacts": {}, "notes": {}}
        self.defined = {"contacts": dict(CONTACT_PROPERTIES), "notes": dict(NOTE_PROPERTIES)}
        self.scopes = {READ, WRITE}
        self._errors = 0

    def seed(self, data: dict[str, Any]) -> None:
        """Add contacts `{id?, name, phone, email?, status?, tier?, language?, payments_id?, properties?}`, a year old.

        `properties`, of a contact (name to value) and of `data` (names), define further custom properties.
        """
        self.defined["contacts"] |= dict.fromkeys(data.get("properties", []), Property())
        for person in data.get("contacts", []):
            first, _, last = person["name"].partition(" ")
            named = {SEEDED[word]: str(person[word]) for word in SEEDED if word == "phone" or person.get(word)}
            further = person.get("properties", {})
            self.defined["contacts"] |= {name: Property() for name in further if name not in CONTACT_PROPERTIES}
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
        place = PATH.fullmatch(request.path)
        denied = self._denied(request, place["id"] if place else None)
        if denied is not None:
            return denied
        if place is None:
            return self._error(404, "OBJECT_NOT_FOUND", "resource not found")
        try:
            if place["of"] == "properties" and request.method == "GET":
                return Response(200, {"results": shown(self.defined[place["kind"]])})
            return self._answer(request, place["kind"], place["id"])
        except (NotValidError, BadSearchError) as bad:
            return self._error(400, "VALIDATION_ERROR", str(bad))
        except (ValueError, KeyError, TypeError, AttributeError):
            return self._error(400, "VALIDATION_ERROR", "Invalid input JSON")

    def fault_body(self, status: int) -> object:
        """HubSpot's own words where a fault befalls a request."""
        if status == 429:  # noqa: PLR2004
            return {**self._words("You have reached your limit."), **limit("", 10)[0]}
        return {"message": "Internal error"}

    def limited(self, request: Request, seconds: float) -> Response:
        """Answer as HubSpot does beyond a limit."""
        named, headers = limit(request.path, seconds)
        return Response(429, {**self._words("You have reached your limit."), **named}, headers)

    def _denied(self, request: Request, id_: str | None) -> Response | None:
        """Refuse a key that is none, or that lacks the scope: before anything else is looked at."""
        if not request.headers.get("authorization", "").startswith("Bearer pat-"):
            return self._error(401, "INVALID_AUTHENTICATION", "Authentication credentials not found.")
        needed = READ if request.method == "GET" or id_ in {"search", "batch/read"} else WRITE
        if needed not in self.scopes:
            return self._error(403, "MISSING_SCOPES", "This app hasn't been granted all required scopes.")
        return None

    def _answer(self, request: Request, kind: str, id_: str | None) -> Response:
        match request.method, id_:
            case "POST", str() if id_ in COLLECTIONS:
                return self._together(id_, kind, request.json() or {})
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

    def _together(self, what: str, kind: str, body: Any) -> Response:
        """Answer what is asked of many records at once."""
        shelf = Shelf(self.records[kind], self.defined[kind], KINDS[kind], self.now())
        match what:
            case "batch/read":
                return read_batch(shelf, body, self._known(kind))
            case "batch/upsert":
                return upsert_batch(shelf, body, lambda given: self._add(kind, given, self.now()))
        return self._search(kind, body)

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
            self._unlike(other, kind, given)
        record = self._add(kind, given, self.now())
        record.contacts = targets
        return Response(201, KINDS[kind].view(record, [*KINDS[kind].shown, *given]))

    def _unlike(self, other: Record, kind: str, given: dict[str, str]) -> None:
        """Let no two records have the same value of a unique property. Raises NotValidError."""
        for name, value in given.items():
            if value and self.defined[kind][name].unique and other.properties.get(name) == value:
                raise NotValidError(f"Cannot set {name}. {other.id} already has that value.")

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
        return {*self.defined[kind], *KINDS[kind].shown, "hs_object_id", *CALCULATED.values()}

    def _add(self, kind: str, properties: dict[str, str], at: datetime, id_: str | None = None) -> Record:
        numbers = count({"contacts": 1001, "notes": 5001}[kind])
        free = next(str(number) for number in numbers if str(number) not in self.records[kind])
        record = Record(id_ or free, at, [(at, properties)])
        self.records[kind][record.id] = record
        return record

    def _error(self, status: int, category: str, message: str) -> Response:
        return Response(status, {**self._words(message), "category": category})

    def _words(self, message: str) -> dict[str, str]:
        self._errors += 1
        return {"status": "error", "message": message, "correlationId": str(UUID(int=self._errors))}
