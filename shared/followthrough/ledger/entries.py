"""Trace entries: how a fact becomes a link of its execution's chain, and how a stored link is read again."""

import json
import secrets
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import NamedTuple

from pydantic import ValidationError

from followthrough.ledger.chain import Head, canonical, link
from followthrough.ledger.codec import Codec, Stored, masked, sortable
from followthrough.ledger.encryption import Place, Unreadable
from followthrough.ledger.models import Fact, TraceEntry
from followthrough.ledger.seals import name


class Link(NamedTuple):
    """A trace entry as it is stored; everything that is known of it is in `body`, which the hash covers."""

    sequence: int
    body: str
    previous: str
    hash: str


class Draft(NamedTuple):
    """Entries that are sealed but have no place in the chain yet: a lost race only finds them another one.

    `hour` is the UTC hour in which they were written, as seals name it.
    """

    tenant: str
    execution: str
    hour: str
    contents: list[Stored]


def draft(codec: Codec, place: Place, at: datetime, facts: Iterable[Fact]) -> Draft:
    """Mask and seal facts for the chain of the execution that `place.record` names.

    Each gets a random mark, so that who wrote an entry can tell it from an equal one.
    """
    contents = [
        {
            "subject": place.subject,
            "at": sortable(at),
            "mark": secrets.token_hex(8),
            "fact": codec.encode(masked(fact), place),
        }
        for fact in facts
    ]
    return Draft(place.tenant, place.record, name(at), contents)


def links(drafted: Draft, head: Head) -> list[Link]:
    """Put the drafted entries behind `head`."""
    made: list[Link] = []
    for content in drafted.contents:
        sequence = head.sequence + 1
        here = {"tenant": drafted.tenant, "execution": drafted.execution, "sequence": sequence}
        body = canonical(content | here)
        made.append(Link(sequence, body, head.hash, link(head.hash, body)))
        head = Head(sequence, made[-1].hash)
    return made


def read(codec: Codec, tenant: str, execution: str, stored: Sequence[Link]) -> list[TraceEntry]:
    """Read stored links in the order given. One that was altered reads as a fact of kind `unreadable`, for `verify`."""
    return [_entry(codec, tenant, execution, one) for one in stored]


def _entry(codec: Codec, tenant: str, execution: str, stored: Link) -> TraceEntry:
    try:
        content = json.loads(stored.body)
        place = Place(tenant, content["subject"], execution)
        at = datetime.fromisoformat(content["at"])
        fact = codec.decode(content["fact"], Fact, place)
    except (Unreadable, ValidationError, ValueError, KeyError, TypeError):
        # The chain must stay readable around a damaged entry, or nobody could be told which one it is.
        at = datetime.fromtimestamp(0, UTC)
        fact = Fact(kind="unreadable", step="", outcome="altered", reason="This entry is not as it was written.")
    return TraceEntry(
        tenant=tenant,
        execution=execution,
        sequence=stored.sequence,
        at=at,
        fact=fact,
        body=stored.body,
        previous=stored.previous,
        hash=stored.hash,
    )
