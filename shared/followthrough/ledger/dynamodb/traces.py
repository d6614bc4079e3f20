"""Traces in DynamoDB: entries are only ever inserted, in a way that cannot replace one.

The functions' role has `dynamodb:PartiQLInsert` and nothing else that writes: an insert refuses a key that is taken,
whatever the function's code says, where a right to put items could overwrite.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from botocore.exceptions import ClientError

from followthrough.errors import Conflict
from followthrough.ledger.chain import Head, genesis
from followthrough.ledger.dynamodb.table import Table, racing, reasons
from followthrough.ledger.entries import Draft, Link, links
from followthrough.ledger.jitter import tries

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.client import DynamoDBClient
    from mypy_boto3_dynamodb.type_defs import AttributeValueTypeDef

_STATEMENTS_PER_TRANSACTION = 100
# As DynamoDB's documentation and as its answers spell it.
_TAKEN = frozenset({"DuplicateItem", "DuplicateItemException"})


class Traces:
    """The chains of all executions: `pk` is `<tenant>#<execution>`, `sk` the sequence, six digits."""

    def __init__(self, client: "DynamoDBClient", table: str) -> None:
        self._table = Table(client, table)
        self._client = client
        self._insert = f"INSERT INTO \"{table}\" VALUE {{'pk': ?, 'sk': ?, 'body': ?, 'previous': ?, 'hash': ?}}"

    def append(self, drafted: Draft) -> list[Link]:
        """Add the entries behind the chain's last one; up to 100 become visible at once. Raises Conflict when others
        won the race for too long.
        """
        added: list[Link] = []
        for start in range(0, len(drafted.contents), _STATEMENTS_PER_TRANSACTION):
            part = drafted._replace(contents=drafted.contents[start : start + _STATEMENTS_PER_TRANSACTION])
            added += self._append(part)
        return added

    def read(self, tenant: str, execution: str) -> Iterator[Link]:
        """Yield the chain from its first entry."""
        for item in self._table.query(f"{tenant}#{execution}"):
            yield Link(int(item["sk"]), item["body"], item["previous"], item["hash"])

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

    def _append(self, drafted: Draft) -> list[Link]:
        pk = f"{drafted.tenant}#{drafted.execution}"
        for _ in tries():
            new = links(drafted, self.head(drafted.tenant, drafted.execution))
            if self._inserted(pk, new) or self._is_ours(pk, new[0]):
                return new
        raise Conflict(f"others were appending to {drafted.execution} all the time")

    def _inserted(self, pk: str, new: list[Link]) -> bool:
        try:
            if len(new) == 1:
                self._client.execute_statement(Statement=self._insert, Parameters=_parameters(pk, new[0]))
            else:
                racing(
                    lambda: self._client.execute_transaction(
                        TransactStatements=[
                            {"Statement": self._insert, "Parameters": _parameters(pk, one)} for one in new
                        ]
                    )
                )
        except ClientError as error:
            code = error.response["Error"]["Code"]
            if code in _TAKEN or code == "TransactionConflictException" or _TAKEN.intersection(reasons(error)):
                return False
            raise
        return True

    def _is_ours(self, pk: str, first: Link) -> bool:
        """Tell whether the entry that is in our way is our own, from an insert whose answer was lost."""
        found = self._table.get(pk, f"{first.sequence:06}")
        return found is not None and found["hash"] == first.hash


def _parameters(pk: str, one: Link) -> "list[AttributeValueTypeDef]":
    return [{"S": value} for value in (pk, f"{one.sequence:06}", one.body, one.previous, one.hash)]
