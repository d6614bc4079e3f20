"""Traces in DynamoDB: entries are only ever inserted, in a way that cannot replace one.

The functions' role has `dynamodb:PartiQLInsert` and nothing else that writes: an insert refuses a key that is taken,
whatever the function's code says, where a right to put items could overwrite.

Index `by_hour` tells which chains got entries in an hour, for the seals. A text that is too large for an item is kept
in S3 under its hash, and `kept` names it.
"""

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Protocol

from followthrough.errors import Conflict
from followthrough.ledger.chain import Head, canonical, genesis
from followthrough.ledger.codec import Stored
from followthrough.ledger.dynamodb.indexes import BY_HOUR
from followthrough.ledger.dynamodb.items import from_item
from followthrough.ledger.dynamodb.statements import Statement, execute, insertion
from followthrough.ledger.dynamodb.table import Table
from followthrough.ledger.entries import Draft, Link, links
from followthrough.ledger.jitter import tries
from followthrough.ledger.stores import Bodies

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.client import DynamoDBClient

_ENTRIES_PER_TRANSACTION = 95
_BYTES_PER_TRANSACTION = 3_000_000
"""Below the 100 statements and the 4 MB that a transaction may hold: records are written beside the entries."""

LARGEST_BODY = 300_000
"""Bytes of text that an item keeps itself: below the 400 KB that an item may have."""


class Beside(Protocol):
    """What is written together with entries."""

    def __call__(self, end: Head | None, *, first: bool) -> list[Statement]:
        """Return the statements that go with entries after which the chain ends so (None: there are no entries), in
        the first transaction or a later one; always as many and in the same order.
        """


class Traces:
    """The chains of all executions: `pk` is `<tenant>#<execution>`, `sk` the sequence, six digits."""

    def __init__(self, client: "DynamoDBClient", table: str, bodies: Bodies | None = None) -> None:
        self._table = Table(client, table)
        self._client = client
        self._bodies = bodies

    def append(self, drafted: Draft, head: Head, beside: Beside) -> list[Link] | None:
        """Add the entries behind the chain's last one, and do with the first of them what `beside` says: all becomes
        visible at once, or, where a statement beside does not hold, nothing happens and None is returned.

        `head` is where the chain was last known to end: an insert whose place is taken tells that it has grown since.
        More than 95 entries become visible in parts. Raises Conflict when others won the race for too long.
        """
        added: list[Link] = []
        for contents in list(_parts(drafted.contents)) or [[]]:
            new = self._append(drafted._replace(contents=contents), head, beside, first=not added)
            if new is None:
                return None
            added += new
            head = Head(new[-1].sequence, new[-1].hash) if new else head
        return added

    def read(self, tenant: str, execution: str) -> Iterator[Link]:
        """Yield the chain from its first entry."""
        for item in self._table.query(f"{tenant}#{execution}"):
            chained = [str(item.get(name, "")) for name in ("previous", "hash")]
            yield Link(_sequence(item["sk"]), self._body(tenant, item), *chained)

    def head(self, tenant: str, execution: str) -> Head:
        """Return the chain's last entry's sequence and hash, reading no more than that entry."""
        answer = self._client.query(
            TableName=self._table.name,
            # What somebody put behind the entries under another kind of key must not keep chains from growing or being
            # sealed: the colon follows the digits.
            KeyConditionExpression="pk = :pk AND sk < :colon",
            ExpressionAttributeValues={":pk": {"S": f"{tenant}#{execution}"}, ":colon": {"S": ":"}},
            ProjectionExpression="sk, #hash",
            ExpressionAttributeNames={"#hash": "hash"},
            ScanIndexForward=False,
            Limit=1,
            ConsistentRead=True,
        )
        for item in answer["Items"]:
            return Head(int(item["sk"]["S"]), item["hash"]["S"])
        return genesis(tenant, execution)

    def changed(self, tenant: str, hour: str) -> Iterable[str]:
        """Return the executions whose chains got entries in that UTC hour; the index follows by moments."""
        pages = self._client.get_paginator("query").paginate(
            TableName=self._table.name,
            IndexName=BY_HOUR.name,
            KeyConditionExpression="hour_key = :hour",
            ExpressionAttributeValues={":hour": {"S": f"{tenant}#{hour}"}},
        )
        found = (from_item(item)["pk"] for page in pages for item in page["Items"])
        return {pk.removeprefix(f"{tenant}#") for pk in found}

    def _append(self, drafted: Draft, head: Head, beside: Beside, *, first: bool) -> list[Link] | None:
        left_out: frozenset[int] = frozenset()
        for _ in tries():
            new = links(drafted, head)
            end = Head(new[-1].sequence, new[-1].hash) if new else None
            along = beside(end, first=first)
            kept = [place for place in range(len(along)) if place not in left_out]
            statements = [*(along[place] for place in kept), *(self._insertion(drafted, it) for it in new)]
            failed = execute(self._client, statements) if statements else frozenset()
            if not failed or self._are_ours(drafted, new):
                return new
            refused = frozenset(kept[place] for place in failed if place < len(kept))
            if any(not along[place].dispensable for place in refused):
                return None
            left_out |= refused
            if any(place >= len(kept) for place in failed):
                head = self.head(drafted.tenant, drafted.execution)
        raise Conflict(f"others were appending to {drafted.execution} all the time")

    def _insertion(self, drafted: Draft, one: Link) -> Statement:
        text: Stored = {"body": one.body}
        if self._bodies is not None and len(one.body) > LARGEST_BODY:
            text = {"kept": self._bodies.keep(drafted.tenant, one.body)}
        chain = {"previous": one.previous, "hash": one.hash, "hour_key": f"{drafted.tenant}#{drafted.hour}"}
        return insertion(self._table.name, {**_key(drafted, one), **text, **chain})

    def _body(self, tenant: str, item: Stored) -> str:
        """Return an entry's text; "" where S3 has lost it, so that `verify` names the entry."""
        if "body" in item or "kept" not in item or self._bodies is None:
            return str(item.get("body", ""))
        return self._bodies.read(tenant, item["kept"]) or ""

    def _are_ours(self, drafted: Draft, new: list[Link]) -> bool:
        """Tell whether what is in our way is our own, from a write whose answer was lost."""
        found = self._table.get(**_key(drafted, new[0])) if new else None
        return found is not None and found["hash"] == new[0].hash


def _sequence(sk: str) -> int:
    """Return an entry's number; 0, which `verify` names, for an item that somebody else put under another key."""
    return int(sk) if sk.isascii() and sk.isdecimal() else 0


def _key(drafted: Draft, one: Link) -> dict[str, str]:
    return {"pk": f"{drafted.tenant}#{drafted.execution}", "sk": f"{one.sequence:06}"}


def _parts(contents: list[Stored]) -> Iterator[list[Stored]]:
    """Cut into what one transaction may hold: each entry counts at most as much as an item keeps itself."""
    part: list[Stored] = []
    size = 0
    for content in contents:
        weight = min(len(canonical(content)), LARGEST_BODY)
        if part and (len(part) == _ENTRIES_PER_TRANSACTION or size + weight > _BYTES_PER_TRANSACTION):
            yield part
            part, size = [], 0
        part.append(content)
        size += weight
    if part:
        yield part
