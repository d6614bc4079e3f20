"""The ledger in memory."""

from collections.abc import Sequence
from datetime import UTC, datetime
from threading import RLock

from followthrough.clock import Clock, utc_now
from followthrough.errors import Conflict, Missing
from followthrough.ledger import entries
from followthrough.ledger.chain import Head, genesis
from followthrough.ledger.codec import Codec, Stored, masked
from followthrough.ledger.encryption import Place
from followthrough.ledger.leases import take_over
from followthrough.ledger.memory import listing
from followthrough.ledger.models import Effect, ExecutionContext, Fact, Note, Obligation, TraceEntry
from followthrough.ledger.queries import Page, Query, Unclosed, Unfinished, reference_key
from followthrough.ledger.stores import KeyService


class MemoryLedger:
    """A Ledger; `contexts`, `kept_effects`, `owed` and `chains` hold the stored forms by their keys, `saved` when each
    context was written, `references` which executions a reference leads to.
    """

    def __init__(self, keys: KeyService, *, clock: Clock = utc_now) -> None:
        self.contexts: dict[tuple[str, str], Stored] = {}
        self.saved: dict[tuple[str, str], datetime] = {}
        self.references: dict[tuple[str, str], set[str]] = {}
        self.kept_effects: dict[tuple[str, str, str], Stored] = {}
        self.owed: dict[tuple[str, str, str], Stored] = {}
        self.receipts: dict[tuple[str, str], tuple[str, str, str]] = {}
        self.told_early: dict[tuple[str, str], str] = {}
        self.chains: dict[tuple[str, str], list[entries.Link]] = {}
        self._codec = Codec(keys)
        self._clock = clock
        self._lock = RLock()

    def open(self, context: ExecutionContext, note: Note | None = None) -> bool:
        """Create the context; False when it exists already."""
        with self._lock:
            key = (context.tenant, context.execution)
            if key in self.contexts:
                return False
            self._write(masked(context))
            self._refer(context.tenant, context.reference, context.execution)
            self._note(context, note)
            return True

    def load(self, tenant: str, execution: str) -> ExecutionContext:
        """Return the context. Raises Missing."""
        with self._lock:
            stored = self.contexts.get((tenant, execution))
        if stored is None:
            raise Missing(f"no execution {execution}")
        return self._codec.decode(stored, ExecutionContext)

    def save(self, context: ExecutionContext, note: Note | None = None) -> ExecutionContext:
        """Store the context if nobody wrote since it was read; return it with its new version. Raises Conflict."""
        with self._lock:
            key = (context.tenant, context.execution)
            if self.contexts.get(key, {}).get("version") != context.version:
                raise Conflict(f"execution {context.execution} changed meanwhile")
            written = masked(context.model_copy(update={"version": context.version + 1}))
            self._write(written)
            self._note(written, note)
            return written

    def begin(self, effect: Effect, now: datetime) -> Effect:
        """Write the intent and take the lease, or return the effect as it stands. Raises Leased."""
        with self._lock:
            key = (effect.tenant, effect.execution, effect.id)
            stored = self.kept_effects.get(key)
            if stored is None:
                ours: Effect | None = masked(effect)
            else:
                recorded = self._codec.decode(stored, Effect)
                ours = take_over(recorded, effect, now)
                if ours is None:
                    return recorded
            assert ours is not None
            self.kept_effects[key] = self._codec.encode(ours)
            return ours

    def settle(self, effect: Effect, note: Note | None = None) -> Effect:
        """Write the effect's new status, evidence or failure, if we still hold it. Raises Conflict."""
        with self._lock:
            key = (effect.tenant, effect.execution, effect.id)
            stored = self.kept_effects.get(key, {})
            if (stored.get("owner"), stored.get("version")) != (effect.owner, effect.version):
                raise Conflict(f"effect {effect.id} is held by somebody else")
            written = masked(effect.model_copy(update={"version": effect.version + 1}))
            self.kept_effects[key] = self._codec.encode(written)
            if written.evidence is not None:
                self._refer(written.tenant, written.evidence.id, written.execution)
            self._note(written, note)
            return written

    def effects(self, tenant: str, execution: str) -> list[Effect]:
        """Return the execution's effects, oldest intent first."""
        with self._lock:
            stored = [one for key, one in self.kept_effects.items() if key[:2] == (tenant, execution)]
        found = [self._codec.decode(one, Effect) for one in stored]
        return sorted(found, key=lambda effect: (effect.intended_at, effect.id))

    def owe(self, obligation: Obligation) -> Obligation:
        """Create the obligation, or return the one that is there."""
        with self._lock:
            key = (obligation.tenant, obligation.execution, obligation.id)
            if key in self.owed:
                return self._codec.decode(self.owed[key], Obligation)
            written = masked(obligation)
            self.owed[key] = self._codec.encode(written)
            return written

    def update_obligation(self, obligation: Obligation, note: Note | None = None) -> Obligation:
        """Store the obligation if nobody wrote since it was read. Raises Conflict."""
        with self._lock:
            key = (obligation.tenant, obligation.execution, obligation.id)
            if self.owed.get(key, {}).get("version") != obligation.version:
                raise Conflict(f"obligation {obligation.id} changed meanwhile")
            written = masked(obligation.model_copy(update={"version": obligation.version + 1}))
            self.owed[key] = self._codec.encode(written)
            if written.receipt is not None:
                self.receipts.setdefault((written.tenant, written.receipt.id), key)
            self._note(written, note)
            return written

    def obligations(self, tenant: str, execution: str) -> list[Obligation]:
        """Return the execution's obligations, by id."""
        with self._lock:
            stored = sorted((key, one) for key, one in self.owed.items() if key[:2] == (tenant, execution))
        return [self._codec.decode(one, Obligation) for _, one in stored]

    def append(
        self, tenant: str, execution: str, subject: str, at: datetime, facts: Sequence[Fact]
    ) -> list[TraceEntry]:
        """Append entries to the execution's chain, in order."""
        drafted = entries.draft(self._codec, Place(tenant, subject, execution), at, facts)
        with self._lock:
            chain = self.chains.setdefault((tenant, execution), [])
            head = Head(chain[-1].sequence, chain[-1].hash) if chain else genesis(tenant, execution)
            added = entries.links(drafted, head)
            chain.extend(added)
        return entries.read(self._codec, tenant, execution, added)

    def trace(self, tenant: str, execution: str) -> list[TraceEntry]:
        """Return the execution's chain from its first entry."""
        with self._lock:
            chain = list(self.chains.get((tenant, execution), []))
        return entries.read(self._codec, tenant, execution, chain)

    def find(self, tenant: str, query: Query) -> Page:
        """Return the tenant's executions that the query asks for, newest first."""
        with self._lock:
            found = [stored for key, stored in self.contexts.items() if key[0] == tenant]
            by, value = query.by
            if by == "reference":
                named = self.references.get((tenant, value), set())
                found = [stored for stored in found if stored["execution"] in named]
        return listing.page(found, query)

    def unfinished(
        self, tenant: str, state: Unclosed, before: datetime, limit: int = 100, after: Unfinished | None = None
    ) -> list[Unfinished]:
        """Return executions that are not closed and were not saved since `before`, the longest untouched first."""
        with self._lock:
            stored = [(one, self.saved[key]) for key, one in self.contexts.items() if key[0] == tenant]
        return listing.untouched(stored, state, before, after)[:limit]

    def keep_early(self, tenant: str, receipt: str, status: str) -> None:
        """Keep what a provider says about something whose receipt nobody has written yet."""
        with self._lock:
            self.told_early[tenant, receipt] = status

    def early(self, tenant: str, receipt: str) -> str | None:
        """Return the last status that was kept for this provider id, if any."""
        with self._lock:
            return self.told_early.get((tenant, receipt))

    def find_receipt(self, tenant: str, receipt: str) -> Obligation | None:
        """Return the obligation whose receipt has this provider id, if any."""
        with self._lock:
            key = self.receipts.get((tenant, receipt))
            return self._codec.decode(self.owed[key], Obligation) if key else None

    def _note(self, record: ExecutionContext | Effect | Obligation, note: Note | None) -> None:
        if note is not None:
            self.append(record.tenant, record.execution, record.subject, *note)

    def _write(self, context: ExecutionContext) -> None:
        self.contexts[context.tenant, context.execution] = self._codec.encode(context)
        self.saved[context.tenant, context.execution] = self._clock().astimezone(UTC)

    def _refer(self, tenant: str, reference: str, execution: str) -> None:
        self.references.setdefault((tenant, reference_key(reference)), set()).add(execution)
