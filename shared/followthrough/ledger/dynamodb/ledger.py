"""The ledger in DynamoDB.

Keys of table `executions`: `<tenant>#execution#<execution>` with `context`, `effect#<id>` and `obligation#<id>`;
`<tenant>#receipt#<provider's id>` with `receipt` and `early`. Index `by_day` holds contexts only.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from followthrough.clock import Clock, utc_now
from followthrough.errors import Conflict, Missing
from followthrough.ledger import entries
from followthrough.ledger.codec import Codec, Stored, masked
from followthrough.ledger.dynamodb.listing import find, index_keys, unfinished
from followthrough.ledger.dynamodb.references import References, context_pk
from followthrough.ledger.dynamodb.statements import Statement, insertion, replacement
from followthrough.ledger.dynamodb.table import Table
from followthrough.ledger.dynamodb.traces import Traces
from followthrough.ledger.encryption import Place
from followthrough.ledger.leases import take_over
from followthrough.ledger.models import Effect, ExecutionContext, Fact, Note, Obligation, TraceEntry
from followthrough.ledger.queries import Page, Query, Unclosed, Unfinished
from followthrough.ledger.stores import Bodies, KeyService

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.client import DynamoDBClient

_Record = ExecutionContext | Effect | Obligation


class DynamoLedger:
    """A Ledger on the tables named `executions` and `traces`; `bodies` keeps entries that are too large for an item."""

    def __init__(
        self,
        client: "DynamoDBClient",
        executions: str,
        traces: str,
        keys: KeyService,
        *,
        bodies: Bodies | None = None,
        clock: Clock = utc_now,
    ) -> None:
        self._table = Table(client, executions)
        self._references = References(self._table)
        self._clock = clock
        self._traces = Traces(client, traces, bodies)
        self._codec = Codec(keys)

    def open(self, context: ExecutionContext, note: Note | None = None) -> bool:
        """Create the context, and with it the way to it by our own reference; False when it exists already."""
        new = masked(context)
        return self._write(
            new,
            note,
            insertion(self._table.name, self._context_item(new)),
            insertion(self._table.name, self._references.ours(new), dispensable=True),
        )

    def load(self, tenant: str, execution: str) -> ExecutionContext:
        """Return the context. Raises Missing."""
        stored = self._table.get(context_pk(tenant, execution), "context")
        if stored is None:
            raise Missing(f"no execution {execution}")
        context = self._codec.decode(stored, ExecutionContext)
        self._references.seen(context)
        return context

    def save(self, context: ExecutionContext, note: Note | None = None) -> ExecutionContext:
        """Store the context if nobody wrote since it was read; return it with its new version. Raises Conflict."""
        written = masked(context.model_copy(update={"version": context.version + 1}))
        if not self._replace(written, self._context_item(written), note, version=context.version):
            raise Conflict(f"execution {context.execution} changed meanwhile")
        return written

    def begin(self, effect: Effect, now: datetime) -> Effect:
        """Write the intent and take the lease, or return the effect as it stands. Raises Leased."""
        intent = masked(effect)
        stored = self._table.create(self._item(intent, f"effect#{effect.id}"))
        while stored is not None:
            recorded = self._codec.decode(stored, Effect)
            ours = take_over(recorded, effect, now)
            if ours is None:
                return recorded
            if self._table.replace(self._item(ours, f"effect#{effect.id}"), version=recorded.version):
                return ours
            # Somebody was faster: what they wrote decides whether there is still something to take over.
            stored = self._table.get(context_pk(effect.tenant, effect.execution), f"effect#{effect.id}")
        return intent

    def settle(self, effect: Effect, note: Note | None = None) -> Effect:
        """Write the effect's new status, evidence or failure, if we still hold it, and with its evidence the way to
        the execution by what the provider called it. Raises Conflict.
        """
        written = masked(effect.model_copy(update={"version": effect.version + 1}))
        item, held = self._item(written, f"effect#{effect.id}"), {"version": effect.version, "owner": effect.owner}
        if not self._replace(written, item, note, self._references.theirs(written), **held):
            raise Conflict(f"effect {effect.id} is held by somebody else")
        return written

    def effects(self, tenant: str, execution: str) -> list[Effect]:
        """Return the execution's effects, oldest intent first."""
        found = [
            self._codec.decode(stored, Effect) for stored in self._table.query(context_pk(tenant, execution), "effect#")
        ]
        return sorted(found, key=lambda effect: (effect.intended_at, effect.id))

    def owe(self, obligation: Obligation) -> Obligation:
        """Create the obligation, or return the one that is there."""
        written = masked(obligation)
        stored = self._table.create(self._item(written, f"obligation#{obligation.id}"))
        return written if stored is None else self._codec.decode(stored, Obligation)

    def update_obligation(self, obligation: Obligation, note: Note | None = None) -> Obligation:
        """Store the obligation if nobody wrote since it was read, and index its receipt with it. Raises Conflict.

        A receipt id that another obligation has already stays with that one, as its provider said first.
        """
        written = masked(obligation.model_copy(update={"version": obligation.version + 1}))
        item = self._item(written, f"obligation#{obligation.id}")
        if not self._replace(written, item, note, _pointer(written), version=obligation.version):
            raise Conflict(f"obligation {obligation.id} changed meanwhile")
        return written

    def obligations(self, tenant: str, execution: str) -> list[Obligation]:
        """Return the execution's obligations, by id."""
        found = self._table.query(context_pk(tenant, execution), "obligation#")
        return [self._codec.decode(stored, Obligation) for stored in found]

    def append(
        self, tenant: str, execution: str, subject: str, at: datetime, facts: Sequence[Fact]
    ) -> list[TraceEntry]:
        """Append entries to the execution's chain, in order; a lost race is retried with jitter. Raises Conflict."""
        drafted = entries.draft(self._codec, Place(tenant, subject, execution), at, facts)
        return entries.read(self._codec, tenant, execution, self._traces.append(drafted) or [])

    def trace(self, tenant: str, execution: str) -> list[TraceEntry]:
        """Return the execution's chain from its first entry."""
        return entries.read(self._codec, tenant, execution, list(self._traces.read(tenant, execution)))

    def find(self, tenant: str, query: Query) -> Page:
        """Return the tenant's executions that the query asks for, newest first."""
        return find(self._table, tenant, query)

    def unfinished(
        self, tenant: str, state: Unclosed, before: datetime, limit: int = 100, after: Unfinished | None = None
    ) -> list[Unfinished]:
        """Return executions that are not closed and were not saved since `before`, the longest untouched first."""
        return unfinished(self._table, tenant, state, before, limit=limit, after=after)

    def keep_early(self, tenant: str, receipt: str, status: str) -> None:
        """Keep what a provider says about something whose receipt nobody has written yet."""
        self._table.put({"pk": f"{tenant}#receipt#{receipt}", "sk": "early", "status": status})

    def early(self, tenant: str, receipt: str) -> str | None:
        """Return the last status that was kept for this provider id, if any."""
        kept = self._table.get(f"{tenant}#receipt#{receipt}", "early")
        return str(kept["status"]) if kept else None

    def find_receipt(self, tenant: str, receipt: str) -> Obligation | None:
        """Return the obligation whose receipt has this provider id, if any."""
        pointer = self._table.get(f"{tenant}#receipt#{receipt}", "receipt")
        if pointer is None:
            return None
        stored = self._table.get(context_pk(tenant, pointer["execution"]), f"obligation#{pointer['obligation']}")
        return None if stored is None else self._codec.decode(stored, Obligation)

    def _replace(
        self, record: _Record, item: Stored, note: Note | None, pointer: Stored | None = None, **read: Any
    ) -> bool:
        """Replace a record that is still as it was read; False when it is not. Nothing else is written then."""
        if pointer is None and note is None:
            return self._table.replace(item, **read)
        name = self._table.name
        pointers = [] if pointer is None else [insertion(name, pointer, dispensable=True)]
        return self._write(record, note, replacement(name, item, **read), *pointers)

    def _write(self, record: _Record, note: Note | None, *statements: Statement) -> bool:
        place = Place(record.tenant, record.subject, record.execution)
        at, facts = note or (self._clock(), ())
        return self._traces.append(entries.draft(self._codec, place, at, facts), statements) is not None

    def _item(self, record: _Record, sk: str) -> Stored:
        return {"pk": context_pk(record.tenant, record.execution), "sk": sk, **self._codec.encode(record)}

    def _context_item(self, context: ExecutionContext) -> Stored:
        return self._item(context, "context") | index_keys(context, self._clock())


def _pointer(obligation: Obligation) -> Stored | None:
    """Return the item that leads from a receipt to its obligation."""
    if obligation.receipt is None:
        return None
    return {
        "pk": f"{obligation.tenant}#receipt#{obligation.receipt.id}",
        "sk": "receipt",
        "execution": obligation.execution,
        "obligation": obligation.id,
    }
