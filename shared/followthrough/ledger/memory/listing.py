"""Lists of executions, from the stored forms of their contexts."""

from collections.abc import Iterable
from datetime import UTC

from followthrough.ledger.codec import Stored, position
from followthrough.ledger.models import Summary
from followthrough.ledger.queries import Page, Query


def page(stored: Iterable[Stored], query: Query) -> Page:
    """Return what the query asks for, newest first; a reference was looked up before."""
    summaries = [Summary.model_validate(one) for one in stored]
    wanted = sorted((one for one in summaries if _fits(one, query)), key=position, reverse=True)
    shown = wanted[: query.limit]
    return Page(executions=shown, next=position(shown[-1]) if len(wanted) > len(shown) else None)


def _fits(one: Summary, query: Query) -> bool:
    by, value = query.by
    values = {
        "day": one.opened_at.astimezone(UTC).date().isoformat(),
        "party": one.subject,
        "service": one.service,
        "status": one.status.value,
        "reference": value,
    }
    in_time = (query.since is None or one.opened_at >= query.since) and (
        query.until is None or one.opened_at < query.until
    )
    return in_time and values[by] == value and (query.after is None or position(one) < query.after)
