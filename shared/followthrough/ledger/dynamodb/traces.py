"""Traces in DynamoDB: entries are only ever inserted, in a way that cannot replace one.

The functions' role has `dynamodb:PartiQLInsert` and nothing else that writes: an insert refuses a key that is taken,
whatever the function's code says, where a right to put items could overwrite.

Index `by_hour` tells which chains got entries in an hour, for the seals. A text that is too large for an item is kept
in S3 under its hash, and `kept` names it.
"""

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from followthrough.errors import Conflict
from followthrough.ledger.chain import Head, canonical, genesis
from followthrough.ledger.dynamodb.bodies import Bodies
from followthrough.ledger.dynamodb.indexes import BY_HOUR
from followthrough.ledger.dynamodb.items import from_item
from followthrough.ledger.dynamodb.table import Table, racing, reasons
from followthrough.ledger.entries import Draft, Link, links
from followthrough.ledger.jitter import tries
from followthrough.ledger.records import Stored

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.client import DynamoDBClient

_STATEMENTS_PER_TRANSACTION = 100
_BYTES_PER_TRANSACTION = 3_000_000
"""Below the 4 MB that a transaction may hold."""

LARGEST_BODY = 300_000
"""Bytes of text that an item keeps itself: below the 400 KB that an item may have."""

# As DynamoDB's documentation and as its answers spell it.
_TAKEN = frozenset({"DuplicateItem", "DuplicateItemException"})


class Traces:
    """The chains of all executions: `pk` is `<tenant>#<execution>`, `sk` the sequence, six digits."""

    def __init__(self, client: "DynamoDBClient", table: str, bodies: Bodies | None = None) -> None:
        self._table = Table(client, table)
        self._client = client
        self._bodies = bodies
        self._insert = _statement(table, "body")
        self._insert_kept = _statement(table, "kept")

    def append(self, drafted: Draft) -> list[Link]:
        """Add the entries behind the chain's last one; up to 100 become visible at once. Raises Conflict when others
        won the race for too long.
        """
        added: list[Link] = []
        for contents in _parts(drafted.contents):
            added += self._append(drafted._replace(contents=contents))
        return added

    def read(self, tenant: str, execution: str) -> Iterator[Link]:
        """Yield the chain from its first entry."""
        for item in self._table.query(f"{tenant}#{execution}"):
            yield Link(int(item["sk"]), self._body(tenant, item), item["previous"], item["hash"])

    def head(self, tenant: str, execution: str) -> Head:
        """Return the chain's last entry's sequence and hash, reading no more than that entry."""
        answer = self._client.query(
            TableName=self._table.name,
            KeyConditionExpression="pk = :pk",
            ExpressionAttributeValues={":pk": {"S": f"{tenant}#{execution}"}},
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

    def _append(self, drafted: Draft) -> list[Link]:
        pk = f"{drafted.tenant}#{drafted.execution}"
        for _ in tries():
            new = links(drafted, self.head(drafted.tenant, drafted.execution))
            if self._inserted(pk, drafted, new) or self._is_ours(pk, new[0]):
                return new
        raise Conflict(f"others were appending to {drafted.execution} all the time")

    def _inserted(self, pk: str, drafted: Draft, new: list[Link]) -> bool:
        inserts: list[Any] = [self._insertion(pk, drafted, one) for one in new]
        try:
            if len(new) == 1:
                self._client.execute_statement(**inserts[0])
            else:
                racing(lambda: self._client.execute_transaction(TransactStatements=inserts))
        except ClientError as error:
            code = error.response["Error"]["Code"]
            if code in _TAKEN or code == "TransactionConflictException" or _TAKEN.intersection(reasons(error)):
                return False
            raise
        return True

    def _insertion(self, pk: str, drafted: Draft, one: Link) -> dict[str, Any]:
        statement, kept = self._insert, one.body
        if self._bodies is not None and len(one.body) > LARGEST_BODY:
            statement, kept = self._insert_kept, self._bodies.keep(drafted.tenant, one.body)
        hour = f"{drafted.tenant}#{drafted.hour}"
        values = (pk, f"{one.sequence:06}", kept, one.previous, one.hash, hour)
        return {"Statement": statement, "Parameters": [{"S": value} for value in values]}

    def _body(self, tenant: str, item: Stored) -> str:
        """Return an entry's text; "" where S3 has lost it, so that `verify` names the entry."""
        if "body" in item or "kept" not in item or self._bodies is None:
            return str(item.get("body", ""))
        return self._bodies.read(tenant, item["kept"]) or ""

    def _is_ours(self, pk: str, first: Link) -> bool:
        """Tell whether the entry that is in our way is our own, from an insert whose answer was lost."""
        found = self._table.get(pk, f"{first.sequence:06}")
        return found is not None and found["hash"] == first.hash


def _statement(table: str, text: str) -> str:
    names = ("pk", "sk", text, "previous", "hash", "hour_key")
    values = ", ".join(f"'{name}': ?" for name in names)
    return f'INSERT INTO "{table}" VALUE {{{values}}}'


def _parts(contents: list[Stored]) -> Iterator[list[Stored]]:
    """Cut into what one transaction may hold: each entry counts at most as much as an item keeps itself."""
    part: list[Stored] = []
    size = 0
    for content in contents:
        weight = min(len(canonical(content)), LARGEST_BODY)
        if part and (len(part) == _STATEMENTS_PER_TRANSACTION or size + weight > _BYTES_PER_TRANSACTION):
            yield part
            part, size = [], 0
        part.append(content)
        size += weight
    if part:
        yield part
