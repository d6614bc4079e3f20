"""The ledger in DynamoDB.

Keys of table `executions`: `<tenant>#execution#<execution>` with `context`, `effect#<id>` and `obligation#<id>`;
`<tenant>#receipt#<provider's id>` with `receipt` and `early`. Index `by_day` holds contexts only.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from followthrough.clock import Clock, utc_now
from followthrough.errors import Conflict, Missing
from followthrough.ledger import entries
from followthrough.ledger.dynamodb.bodies import Bodies
from followthrough.ledger.dynamodb.listing import find, index_keys, unfinished
from followthrough.ledger.dynamodb.references import References, context_pk
from followthrough.ledger.dynamodb.table import FREE, Table, expectation
from followthrough.ledger.dynamodb.traces import Traces
from followthrough.ledger.leases import take_over
from followthrough.ledger.models import Effect, ExecutionContext, Fact, Obligation, TraceEntry
from followthrough.ledger.ports import KeyService
from followthrough.ledger.queries import Page, Query, Unclosed, Unfinished
from followthrough.ledger.records import Records, Stored, masked
from followthrough.ledger.sealing import Place

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.client import DynamoDBClient


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
        self._records = Records(keys)

    def open(self, context: ExecutionContext) -> bool:
        """Create the context, and with it the way to it by our own reference; False when it exists already."""
        new = self._table.put_action(self._context_item(masked(context)), FREE)
        there, _ = self._table.transact(new, self._table.put_action(self._references.ours(context)))
        return not there

    def load(self, tenant: str, execution: str) -> ExecutionContext:
        """Return the context. Raises Missing."""
        stored = self._table.get(context_pk(tenant, execution), "context")
        if stored is None:
            raise Missing(f"no execution {execution}")
        context = self._records.load(stored, ExecutionContext)
        self._references.seen(context)
        return context

    def save(self, context: ExecutionContext) -> ExecutionContext:
        """Store the context if nobody wrote since it was read; return it with its new version. Raises Conflict."""
        written = masked(context.model_copy(update={"version": context.version + 1}))
        if not self._table.replace(self._context_item(written), version=context.version):
            raise Conflict(f"execution {context.execution} changed meanwhile")
        return written

    def begin(self, effect: Effect, now: datetime) -> Effect:
        """Write the intent and take the lease, or return the effect as it stands. Raises Leased."""
        intent = masked(effect)
        stored = self._table.create(self._item(intent, f"effect#{effect.id}"))
        while stored is not None:
            recorded = self._records.load(stored, Effect)
            ours = take_over(recorded, effect, now)
            if ours is None:
                return recorded
            if self._table.replace(self._item(ours, f"effect#{effect.id}"), version=recorded.version):
                return ours
            # Somebody was faster: what they wrote decides whether there is still something to take over.
            stored = self._table.get(context_pk(effect.tenant, effect.execution), f"effect#{effect.id}")
        return intent

    def settle(self, effect: Effect) -> Effect:
        """Write the effect's new status, evidence or failure, if we still hold it, and with its evidence the way to
        the execution by what the provider called it. Raises Conflict.
        """
        written = masked(effect.model_copy(update={"version": effect.version + 1}))
        item = self._item(written, f"effect#{effect.id}")
        held = {"version": effect.version, "owner": effect.owner}
        reference = self._references.theirs(written)
        if reference is None:
            lost = not self._table.replace(item, **held)
        else:
            put = self._table.put_action(item, expectation(held), **held)
            lost, _ = self._table.transact(put, self._table.put_action(reference))
        if lost:
            raise Conflict(f"effect {effect.id} is held by somebody else")
        return written

    def effects(self, tenant: str, execution: str) -> list[Effect]:
        """Return the execution's effects, oldest intent first."""
        found = [
            self._records.load(stored, Effect) for stored in self._table.query(context_pk(tenant, execution), "effect#")
        ]
        return sorted(found, key=lambda effect: (effect.intended_at, effect.id))

    def owe(self, obligation: Obligation) -> Obligation:
        """Create the obligation, or return the one that is there."""
        written = masked(obligation)
        stored = self._table.create(self._item(written, f"obligation#{obligation.id}"))
        return written if stored is None else self._records.load(stored, Obligation)

    def update_obligation(self, obligation: Obligation) -> Obligation:
        """Store the obligation if nobody wrote since it was read, and index its receipt with it. Raises Conflict."""
        written = masked(obligation.model_copy(update={"version": obligation.version + 1}))
        item = self._item(written, f"obligation#{obligation.id}")
        read = {"version": obligation.version}
        if written.receipt is not None:
            pointer = {
                "pk": f"{written.tenant}#receipt#{written.receipt.id}",
                "sk": "receipt",
                "execution": written.execution,
                "obligation": written.id,
            }
            same = {"execution": written.execution, "obligation": written.id}
            lost, taken = self._table.transact(
                self._table.put_action(item, expectation(read), **read),
                self._table.put_action(pointer, f"{FREE} OR ({expectation(same)})", **same),
            )
            if not lost and not taken:
                return written
            # A receipt id that another obligation has already stays with that one, as its provider said first.
        if not self._table.replace(item, **read):
            raise Conflict(f"obligation {obligation.id} changed meanwhile")
        return written

    def obligations(self, tenant: str, execution: str) -> list[Obligation]:
        """Return the execution's obligations, by id."""
        found = self._table.query(context_pk(tenant, execution), "obligation#")
        return [self._records.load(stored, Obligation) for stored in found]

    def append(
        self, tenant: str, execution: str, subject: str, at: datetime, facts: Sequence[Fact]
    ) -> list[TraceEntry]:
        """Append entries to the execution's chain, in order; a lost race is retried with jitter. Raises Conflict."""
        drafted = entries.draft(self._records, Place(tenant, subject, execution), at, facts)
        return entries.read(self._records, tenant, execution, self._traces.append(drafted))

    def trace(self, tenant: str, execution: str) -> list[TraceEntry]:
        """Return the execution's chain from its first entry."""
        return entries.read(self._records, tenant, execution, list(self._traces.read(tenant, execution)))

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
        return None if stored is None else self._records.load(stored, Obligation)

    def _item(self, record: ExecutionContext | Effect | Obligation, sk: str) -> Stored:
        return {"pk": context_pk(record.tenant, record.execution), "sk": sk, **self._records.store(record)}

    def _context_item(self, context: ExecutionContext) -> Stored:
        return self._item(context, "context") | index_keys(context, self._clock())
