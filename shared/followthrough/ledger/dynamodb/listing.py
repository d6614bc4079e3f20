"""Lists of executions: each one a query that reads no more than it returns. They follow the contexts by moments."""

from datetime import UTC, datetime

from followthrough.ledger.codec import Stored, position, sortable
from followthrough.ledger.due import execution_due
from followthrough.ledger.dynamodb.agenda import due_keys
from followthrough.ledger.dynamodb.indexes import BY_DAY, BY_PARTY, BY_SERVICE, BY_STATUS, SUMMARY, Index
from followthrough.ledger.dynamodb.ranges import Range, read
from followthrough.ledger.dynamodb.references import context_pk, reference_pk
from followthrough.ledger.dynamodb.table import Table
from followthrough.ledger.models import ExecutionContext, Summary
from followthrough.ledger.queries import Page, Query

_INDEXES: dict[str, Index] = {"day": BY_DAY, "party": BY_PARTY, "service": BY_SERVICE, "status": BY_STATUS}
_ABSENT = {"service": None, "closed_at": None}


def index_keys(context: ExecutionContext, saved_at: datetime) -> Stored:
    """Return the attributes that put a context into the indexes; None for those that it has no place in."""
    values = {
        "day": context.opened_at.astimezone(UTC).date().isoformat(),
        "party": context.subject,
        "service": context.service,
        "status": context.status.value,
    }
    keys: Stored = {
        index.partition: None if values[by] is None else f"{context.tenant}#{values[by]}"
        for by, index in _INDEXES.items()
    }
    return keys | {BY_DAY.sort: position(context)} | due_keys(context.execution, execution_due(context, saved_at))


def find(table: Table, tenant: str, query: Query) -> Page:
    """Return a page of what the query asks for: one item further is read, to know whether there is a next one."""
    by, value = query.by
    index = _INDEXES.get(by)
    wanted = Range(
        index,
        partition=f"{tenant}#{value}" if index else reference_pk(tenant, value),
        since=sortable(query.since) if query.since else None,
        until=sortable(query.until) if query.until else None,
        newest_first=True,
    )
    sort = index.sort if index else "sk"
    found = read(table, wanted, query.limit + 1, _start(tenant, query.after, sort))
    page = found[: query.limit]
    summaries = page if index else [one for one in (_context(table, tenant, one) for one in page) if one is not None]
    return Page(
        executions=[Summary.model_validate(_ABSENT | one) for one in summaries],
        next=page[-1][sort] if len(found) > len(page) else None,
    )


def _start(tenant: str, after: str | None, sort: str) -> Stored | None:
    """Return the keys of the item that the page before ended with, but for its partition in an index."""
    if after is None:
        return None
    if sort == "sk":
        return {"sk": after}
    return {sort: after, "pk": context_pk(tenant, after.partition("#")[2]), "sk": "context"}


def _context(table: Table, tenant: str, reference: Stored) -> Stored | None:
    return table.get(context_pk(tenant, reference["execution"]), "context", SUMMARY)
