"""Lists of executions from index `by_day` of contexts: `<tenant>#<UTC day>`, then `<opened at>#<execution>`."""

from datetime import UTC, date
from typing import Any

from followthrough.ledger.dynamodb.items import from_item
from followthrough.ledger.dynamodb.table import Table
from followthrough.ledger.models import ExecutionContext, Summary
from followthrough.ledger.records import Stored, sortable

_ABSENT = {"service": None, "closed_at": None}


def index_keys(context: ExecutionContext) -> Stored:
    """Return the attributes that put a context into the index."""
    opened_at = context.opened_at.astimezone(UTC)
    return {"day_key": _day(context.tenant, opened_at.date()), "day_sort": f"{sortable(opened_at)}#{context.execution}"}


def opened_on(table: Table, tenant: str, day: date, limit: int) -> list[Summary]:
    """Return at most `limit` executions that were opened on that UTC day, newest first, reading no more than those.

    The index follows the contexts by moments: this list alone is not strongly consistent.
    """
    found: list[Summary] = []
    request: dict[str, Any] = {
        "TableName": table.name,
        "IndexName": "by_day",
        "KeyConditionExpression": "day_key = :day",
        "ExpressionAttributeValues": {":day": {"S": _day(tenant, day)}},
        "ScanIndexForward": False,
    }
    while len(found) < limit:
        answer = table.client.query(**request, Limit=limit - len(found))
        found += [Summary.model_validate(_ABSENT | from_item(item)) for item in answer["Items"]]
        if "LastEvaluatedKey" not in answer:
            break
        request["ExclusiveStartKey"] = answer["LastEvaluatedKey"]
    return found


def _day(tenant: str, day: date) -> str:
    return f"{tenant}#{day.isoformat()}"
