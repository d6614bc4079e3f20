"""Part of a table or of an index: what has one partition key, between two places in the order of the sort key."""

from dataclasses import dataclass
from typing import Any

from followthrough.ledger.codec import Stored
from followthrough.ledger.dynamodb.indexes import Index
from followthrough.ledger.dynamodb.items import from_item, to_item
from followthrough.ledger.dynamodb.table import Table

# Every sort key read here begins with a year.
_FIRST, _LAST = "0", "9"


@dataclass(frozen=True)
class Range:
    """`since` and `until` are times as they are written in sort keys (`sortable`), the first included and the last
    not. Without an `index` it is the table's own keys that count.
    """

    index: Index | None
    partition: str
    since: str | None = None
    until: str | None = None
    newest_first: bool = False


def read(table: Table, wanted: Range, limit: int, after: Stored | None = None) -> list[Stored]:
    """Return at most `limit` items of the range, behind the one with the keys `after`, reading no more than those."""
    partition, sort = (wanted.index.partition, wanted.index.sort) if wanted.index else ("pk", "sk")
    request: dict[str, Any] = {
        "TableName": table.name,
        "KeyConditionExpression": "#partition = :partition AND #sort BETWEEN :since AND :until",
        "ExpressionAttributeNames": {"#partition": partition, "#sort": sort},
        # A sort key goes on behind its time, so none equals `until`.
        "ExpressionAttributeValues": to_item(
            {":partition": wanted.partition, ":since": wanted.since or _FIRST, ":until": wanted.until or _LAST}
        ),
        "ScanIndexForward": not wanted.newest_first,
    }
    if wanted.index is not None:
        request["IndexName"] = wanted.index.name
    else:
        request["ConsistentRead"] = True
    if after is not None:
        request["ExclusiveStartKey"] = to_item({partition: wanted.partition, **after})
    found: list[Stored] = []
    while len(found) < limit:
        answer = table.client.query(**request, Limit=limit - len(found))
        found += map(from_item, answer["Items"])
        if "LastEvaluatedKey" not in answer:
            break
        request["ExclusiveStartKey"] = answer["LastEvaluatedKey"]
    return found
