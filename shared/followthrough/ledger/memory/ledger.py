"""The ledger in memory."""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from threading import RLock

from followthrough.errors import Conflict, Missing
from followthrough.ledger import entries
from followthrough.ledger.chain import Head, genesis
from followthrough.ledger.leases import take_over
from followthrough.ledger.models import Effect, ExecutionContext, Fact, Obligation, Summary, TraceEntry
from followthrough.ledger.ports import KeyService
from followthrough.ledger.records import Records, Stored, masked
from followthrough.ledger.sealing import Place


class MemoryLedger:
    """A Ledger; `contexts`, `kept_effects`, `owed` and `chains` hold the stored forms by their keys."""

    def __init__(self, keys: KeyService) -> None:
        self.contexts: dict[tuple[str, str], Stored] = {}
        self.kept_effects: dict[tuple[str, str, str], Stored] = {}
        self.owed: dict[tuple[str, str, str], Stored] = {}
        self.receipts: dict[tuple[str, str], tuple[str, str, str]] = {}
        self.told_early: dict[tuple[str, str], str] = {}
        self.chains: dict[tuple[str, str], list[entries.Link]] = {}
        self._records = Records(keys)
        self._lock = RLock()

    def open(self, context: ExecutionContext) -> bool:
        """Create the context; False when it exists already."""
        with self._lock:
            key = (context.tenant, context.execution)
            if key in self.contexts:
                return False
            self.contexts[key] = self._records.store(masked(context))
            return True

    def load(self, tenant: str, execution: str) -> ExecutionContext:
        """Return the context. Raises Missing."""
        with self._lock:
            stored = self.contexts.get((tenant, execution))
        if stored is None:
            raise Missing(f"no execution {execution}")
        return self._records.load(stored, ExecutionContext)

    def save(self, context: ExecutionContext) -> ExecutionContext:
        """Store the context if nobody wrote since it was read; return it with its new version. Raises Conflict."""
        with self._lock:
            key = (context.tenant, context.execution)
            if self.contexts.get(key, {}).get("version") != context.version:
                raise Conflict(f"execution {context.execution} changed meanwhile")
            written = masked(context.model_copy(update={"version": context.version + 1}))
            self.contexts[key] = self._records.store(written)
            return written

    def begin(self, effect: Effect, now: datetime) -> Effect:
        """Write the intent and take the lease, or return the effect as it stands. Raises Leased."""
        with self._lock:
            key = (effect.tenant, effect.execution, effect.id)
            stored = self.kept_effects.get(key)
            if stored is None:
                ours: Effect | None = masked(effect)
            else:
                recorded = self._records.load(stored, Effect)
                ours = take_over(recorded, effect, now)
                if ours is None:
                    return recorded
            assert ours is not None
            self.kept_effects[key] = self._records.store(ours)
            return ours

    def settle(self, effect: Effect) -> Effect:
        """Write the effect's new status, evidence or failure, if we still hold it. Raises Conflict."""
        with self._lock:
            key = (effect.tenant, effect.execution, effect.id)
            stored = self.kept_effects.get(key, {})
            if (stored.get("owner"), stored.get("version")) != (effect.owner, effect.version):
                raise Conflict(f"effect {effect.id} is held by somebody else")
            written = masked(effect.model_copy(update={"version": effect.version + 1}))
            self.kept_effects[key] = self._records.store(written)
            return written

    def effects(self, tenant: str, execution: str) -> list[Effect]:
        """Return the execution's effects, oldest intent first."""
        with self._lock:
            stored = [one for key, one in self.kept_effects.items() if key[:2] == (tenant, execution)]
        found = [self._records.load(one, Effect) for one in stored]
        return sorted(found, key=lambda effect: (effect.intended_at, effect.id))

    def owe(self, obligation: Obligation) -> Obligation:
        """Create the obligation, or return the one that is there."""
        with self._lock:
            key = (obligation.tenant, obligation.execution, obligation.id)
            if key in self.owed:
                return self._records.load(self.owed[key], Obligation)
            written = masked(obligation)
            self.owed[key] = self._records.store(written)
            return written

    def update_obligation(self, obligation: Obligation) -> Obligation:
        """Store the obligation if nobody wrote since it was read. Raises Conflict."""
        with self._lock:
            key = (obligation.tenant, obligation.execution, obligation.id)
            if self.owed.get(key, {}).get("version") != obligation.version:
                raise Conflict(f"obligation {obligation.id} changed meanwhile")
            written = masked(obligation.model_copy(update={"version": obligation.version + 1}))
            self.owed[key] = self._records.store(written)
            if written.receipt is not None:
                self.receipts.setdefault((written.tenant, written.receipt.id), key)
            return written

    def obligations(self, tenant: str, execution: str) -> list[Obligation]:
        """Return the execution's obligations, by id."""
        with self._lock:
            stored = sorted((key, one) for key, one in self.owed.items() if key[:2] == (tenant, execution))
        return [self._records.load(one, Obligation) for _, one in stored]

    def append(
        self, tenant: str, execution: str, subject: str, at: datetime, facts: Sequence[Fact]
    ) -> list[TraceEntry]:
        """Append entries to the execution's chain, in order."""
        drafted = entries.draft(self._records, Place(tenant, subject, execution), at, facts)
        with self._lock:
            chain = self.chains.setdefault((tenant, execution), [])
            head = Head(chain[-1].sequence, chain[-1].hash) if chain else genesis(tenant, execution)
            added = entries.links(drafted, head)
            chain.extend(added)
        return entries.read(self._records, tenant, execution, added)

    def trace(self, tenant: str, execution: str) -> list[TraceEntry]:
        """Return the execution's chain from its first entry."""
        with self._lock:
            chain = list(self.chains.get((tenant, execution), []))
        return entries.read(self._records, tenant, execution, chain)

    def executions(self, tenant: str, day: date, limit: int = 100) -> list[Summary]:
        """Return the executions that were opened on that UTC day, newest first."""
        with self._lock:
            found = [Summary.model_validate(one) for key, one in self.contexts.items() if key[0] == tenant]
        on_day = [one for one in found if one.opened_at.astimezone(UTC).date() == day]
        return sorted(on_day, key=lambda one: (one.opened_at, one.execution), reverse=True)[:limit]

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
            return self._records.load(self.owed[key], Obligation) if key else None
