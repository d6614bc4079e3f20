"""Between a record and its stored form: text masked, personal fields sealed, times written so that they sort."""

from datetime import UTC, datetime
from typing import Any, TypeVar

from pydantic import BaseModel

from followthrough.ledger.encryption import Place, decrypt, encrypt
from followthrough.ledger.masking import mask_facts
from followthrough.ledger.models import ExecutionContext, Summary
from followthrough.ledger.stores import KeyService

_Model = TypeVar("_Model", bound=BaseModel)
Stored = dict[str, Any]
"""A record as it is stored: JSON values, nothing personal in the clear."""


def masked(record: _Model) -> _Model:
    """Return the record with every card number and security code in its text masked."""
    dumped = record.model_dump(mode="json")
    clean = mask_facts(dumped)
    return record if clean == dumped else type(record).model_validate(clean)


class Codec:
    """Writes and reads stored forms with the keys of the subjects they belong to."""

    def __init__(self, keys: KeyService) -> None:
        self._keys = keys

    def encode(self, record: BaseModel, place: Place | None = None) -> Stored:
        """Return the stored form of a record that is masked already; without `place`, it is read off the record."""
        place = place or place_of(record.model_dump(mode="json"))
        return encrypt(record, self._keys.key(place.tenant, place.subject), place)

    def decode(self, stored: Stored, model: type[_Model], place: Place | None = None) -> _Model:
        """Return the record; personal fields of an erased subject read as empty. Raises Unreadable."""
        place = place or place_of(stored)
        return decrypt(stored, model, self._keys.key(place.tenant, place.subject), place)


def place_of(stored: Stored) -> Place:
    """Tell where the sealed fields of a context, effect, obligation or interaction belong."""
    subject = stored["subject"] if "subject" in stored else stored["sender"]["subject"]
    return Place(stored["tenant"], subject, stored["id"] if "id" in stored else stored["execution"])


def sortable(moment: datetime) -> str:
    """Write a time as ISO 8601 in UTC, always with microseconds: these texts sort as the times do."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def position(execution: ExecutionContext | Summary) -> str:
    """Return where an execution stands in every list: by the time it was opened."""
    return f"{sortable(execution.opened_at)}#{execution.execution}"
