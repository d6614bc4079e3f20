"""What HubSpot does to many records at once, named by a property with unique values: by no index, so at once.

Source: https://developers.hubspot.com/docs/api-reference/latest/crm/objects/contacts/batch/upsert-contacts and
.../batch/get-contacts.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from simulation.exchange import Response
from simulation.hubspot.account import Kind, Record, iso
from simulation.hubspot.properties import NotValidError, Property, checked


@dataclass(frozen=True)
class Shelf:
    """All records of one kind, how their properties are defined, and the time."""

    records: Mapping[str, Record]
    defined: Mapping[str, Property]
    kind: Kind
    now: datetime

    def by(self, name: str, value: str) -> Record | None:
        """Find a record by a property with unique values. Raises NotValidError."""
        if not self.defined.get(name, Property()).unique:
            raise NotValidError(f"Property {name} is not a unique identifier property")
        return next((it for it in self.records.values() if it.properties.get(name) == value), None)

    def answer(self, status: int, results: list[dict[str, Any]], *errors: dict[str, Any]) -> Response:
        """Answer as HubSpot does a batch."""
        at = iso(self.now)
        failed = {"numErrors": len(errors), "errors": list(errors)} if errors else {}
        return Response(
            status, {"status": "COMPLETE", "results": results, "startedAt": at, "completedAt": at, **failed}
        )


def read_batch(shelf: Shelf, body: Any, known: Collection[str]) -> Response:
    """Show what is there; what is not is told as an error beside it, with 207. Raises NotValidError."""
    found = {str(it["id"]): shelf.by(body["idProperty"], str(it["id"])) for it in body["inputs"]}
    wanted = [*shelf.kind.shown, *(name for name in body.get("properties", []) if name in known)]
    missing = [value for value, record in found.items() if record is None]
    results = [shelf.kind.view(record, wanted) for record in found.values() if record is not None]
    if not missing:
        return shelf.answer(200, results)
    words = "Could not get some CONTACT objects, they may be deleted or not exist. Check that ids are valid."
    error = {"status": "error", "category": "OBJECT_NOT_FOUND", "message": words, "context": {"ids": missing}}
    return shelf.answer(207, results, error)


def upsert_batch(shelf: Shelf, body: Any, add: Callable[[dict[str, str]], Record]) -> Response:
    """Create what has no record yet, and change the rest. Raises NotValidError."""
    results = []
    for it in body["inputs"]:
        given = checked({**it["properties"], it["idProperty"]: it["id"]}, shelf.defined)
        there = shelf.by(it["idProperty"], it["id"])
        if there is not None:
            there.versions.append((shelf.now, {**there.properties, **given}))
        record = there or add(given)
        results.append({**shelf.kind.view(record, [*shelf.kind.shown, *given]), "new": there is None})
    return shelf.answer(200, results)
