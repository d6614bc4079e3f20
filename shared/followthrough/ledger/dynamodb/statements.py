"""PartiQL statements, for what is written together with entries of the trace.

The functions may only insert into the trace, and one transaction takes either PartiQL statements or the actions of
TransactWriteItems: so records that change together with it are written in PartiQL as well. A statement whose WHERE
does not hold, and an insert whose key is taken, cancel the whole transaction.

Sources: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/ql-reference.update.html,
.../ql-reference.insert.html and .../ql-reference.multiplestatements.transactions.html
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from followthrough.ledger.codec import Stored
from followthrough.ledger.dynamodb.items import to_attribute, to_item
from followthrough.ledger.dynamodb.table import racing, reasons

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.client import DynamoDBClient

# As DynamoDB's documentation and as its answers spell them.
FAILED = frozenset(
    {"DuplicateItem", "DuplicateItemException", "ConditionalCheckFailed", "ConditionalCheckFailedException"}
)
"""Whose key was taken, or whose WHERE did not hold."""


@dataclass(frozen=True)
class Statement:
    """One statement with its typed parameters. Without one that is `dispensable` the rest is written all the same."""

    text: str
    parameters: Sequence[Any]
    dispensable: bool = False

    def request(self) -> dict[str, Any]:
        """Return it as DynamoDB takes it."""
        return {"Statement": self.text, "Parameters": list(self.parameters)}


def insertion(table: str, stored: Stored, *, dispensable: bool = False) -> Statement:
    """Insert an item whose key must be free."""
    item = to_item(stored)
    names = ", ".join(f"'{name}': ?" for name in item)
    return Statement(f'INSERT INTO "{table}" VALUE {{{names}}}', list(item.values()), dispensable)


def update(
    table: str, key: Stored, changes: Stored, expected: Stored | None = None, *, dispensable: bool = False
) -> Statement:
    """Change attributes of an item that is there and whose attributes are as expected; None removes one."""
    kept = to_item(changes)
    said = [f'SET "{name}" = ?' for name in kept]
    said += [f'REMOVE "{name}"' for name, value in changes.items() if value is None]
    must = {**key, **(expected or {})}
    where = " AND ".join(f'"{name}" = ?' for name in must)
    parameters = [*kept.values(), *(to_attribute(value) for value in must.values())]
    return Statement(f'UPDATE "{table}" {" ".join(said)} WHERE {where}', parameters, dispensable)


def execute(client: "DynamoDBClient", statements: Iterable[Statement]) -> frozenset[int]:
    """Do all or nothing; return the places of the statements that did not hold, none when it was done.

    The SDK's token makes its own repetitions harmless. Raises Conflict when the race is lost for too long.
    """
    requests: list[Any] = [statement.request() for statement in statements]
    try:
        racing(lambda: client.execute_transaction(TransactStatements=requests))
    except ClientError as error:
        failed = frozenset(place for place, reason in enumerate(reasons(error)) if reason in FAILED)
        if not failed:
            raise
        return failed
    return frozenset()
