"""What falls due, in DynamoDB: index `by_due` of table `executions`, which holds nothing else."""

from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING, Final, assert_never
from zlib import crc32

from followthrough.ledger.codec import Stored, sortable
from followthrough.ledger.due import Due, DueExecution, DueMessage
from followthrough.ledger.dynamodb.indexes import BY_DUE
from followthrough.ledger.dynamodb.ranges import Range, read
from followthrough.ledger.dynamodb.references import context_pk, conversation_pk
from followthrough.ledger.dynamodb.table import Table

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.client import DynamoDBClient

SHARDS: Final = 8
"""Every save of every tenant writes into the index, and a partition takes 1,000 writes a second:
https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/bp-partition-key-design.html
"""

_A_PAGE = 1000


class DynamoAgenda:
    """An Agenda on the table named `executions`."""

    def __init__(self, client: "DynamoDBClient", executions: str) -> None:
        self._table = Table(client, executions)

    def due(self, before: datetime) -> Iterator[Due]:
        """Yield what falls due before a moment, of all tenants, reading no more than that."""
        for shard in range(SHARDS):
            wanted, after = Range(BY_DUE, f"due#{shard}", until=sortable(before)), None
            more = True
            while more:
                page = read(self._table, wanted, _A_PAGE, after)
                yield from map(_due, page)
                more = len(page) == _A_PAGE
                after = {name: page[-1][name] for name in ("pk", "sk", BY_DUE.sort)} if more else None

    def postpone(self, due: Due, until: datetime) -> Due | None:
        """Have it fall due later, or sooner; None where it was finished, saved or postponed by somebody else since."""
        at = BY_DUE.sort
        pk, sk, name = _place(due)
        listed = due_keys(name, due.at)
        refused = self._table.update(
            pk, sk, f"SET #{at} = :until", f"#{at} = :listed", until=due_keys(name, until)[at], listed=listed[at]
        )
        return None if refused is not None else due.model_copy(update={"at": until})


def due_keys(name: str, at: datetime | None) -> Stored:
    """Return the attributes that have an execution or a message of this name fall due; None where it does not."""
    if at is None:
        return {BY_DUE.partition: None, BY_DUE.sort: None}
    return {BY_DUE.partition: f"due#{crc32(name.encode()) % SHARDS}", BY_DUE.sort: f"{sortable(at)}#{name}"}


def _due(item: Stored) -> Due:
    tenant, (at, _, name) = item["pk"].partition("#")[0], item[BY_DUE.sort].partition("#")
    if item["sk"] == "context":
        return DueExecution(tenant=tenant, execution=name, at=at)
    return DueMessage.model_validate(
        {
            "tenant": tenant,
            "subject": item["subject"],
            "interaction": name,
            "received_at": item["received_at"],
            "at": at,
        }
    )


def _place(due: Due) -> tuple[str, str, str]:
    """Return its item's keys, and its name in the index."""
    match due:
        case DueExecution():
            return context_pk(due.tenant, due.execution), "context", due.execution
        case DueMessage():
            arrival = f"{sortable(due.received_at)}#{due.interaction}"
            return conversation_pk(due.tenant, due.subject), f"message#{arrival}", due.interaction
        case _:
            assert_never(due)
