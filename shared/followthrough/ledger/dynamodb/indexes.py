"""The indexes of tables `executions` and `traces`: by what each finds items, and what it carries beside their keys.

An item that has not both keys of an index is not in it. Partition keys begin with the tenant, as the table's own do,
but for the one index that is read for the whole stage.
"""

from dataclasses import dataclass

SUMMARY = ("tenant", "execution", "subject", "service", "status", "opened_at", "closed_at")
"""What lists of executions tell of each one."""


@dataclass(frozen=True)
class Index:
    """One index; `carries` names the attributes beside the keys, None for all of them.

    Without a `partition` of its own it orders the items of one `pk` anew (a local index): that can be read strongly
    consistent, but has to be there when the table is made.
    """

    name: str
    sort: str
    partition: str = ""
    carries: tuple[str, ...] | None = SUMMARY


BY_DAY = Index("by_day", "day_sort", "day_key")
"""Contexts: `<tenant>#<UTC day>`, then `<opened at>#<execution>`. The next three are in the same order."""

BY_PARTY = Index("by_party", "day_sort", "party_key")
"""Contexts: `<tenant>#<subject>`."""

BY_SERVICE = Index("by_service", "day_sort", "service_key")
"""Contexts whose service is known: `<tenant>#<service>`."""

BY_STATUS = Index("by_status", "day_sort", "status_key")
"""Contexts: `<tenant>#<status>`."""

BY_DUE = Index("by_due", "due_sort", "due_key", ("subject", "received_at"))
"""What somebody has to look at again: `due#<shard>`, then `<moment>#<execution>` for contexts that are not closed, and
`<moment>#<interaction>` for messages that nobody has taken; of all tenants, in the order in which they fall due.
"""

BY_INBOX = Index("by_inbox", "inbox_sort", carries=None)
"""A conversation's messages: `unread#<received at>#<interaction>`, once taken `taken#<execution>#<received at>#...`."""

BY_HOUR = Index("by_hour", "pk", "hour_key", ("hash",))
"""Entries of table `traces`: `<tenant>#<UTC hour>`, then `<tenant>#<execution>`, for the seals."""

INDEXES = (BY_DAY, BY_PARTY, BY_SERVICE, BY_STATUS, BY_DUE, BY_INBOX)
