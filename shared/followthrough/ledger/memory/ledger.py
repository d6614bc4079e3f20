"""The ledger in memory."""

from collections.abc import Sequence
from datetime import datetime
from threading import RLock

from followthrough.clock import Clock, utc_now
from followthrough.contracts.consent import Consent
from followthrough.errors import Conflict, Missing, OptedOut
from followthrough.ledger import entries
from followthrough.ledger.chain import Head, genesis
from followthrough.ledger.changes import Changes, Written
from followthrough.ledger.codec import Codec, Stored, masked
from followthrough.ledger.contexts import Revision, decoded, encoded, head_record, moved_on, revised
from followthrough.ledger.due import DueExecution, execution_due
from followthrough.ledger.encryption import Place
from followthrough.ledger.leases import take_over
from followthrough.ledger.memory import listing
from followthrough.ledger.memory.agenda import MemoryAgenda
from followthrough.ledger.memory.conversations import MemoryConversations
from followthrough.ledger.models import Effect, EffectStatus, ExecutionContext, Note, Obligation, TraceEntry
from followthrough.ledger.queries import Page, Query, reference_key
from followthrough.ledger.stores import Carried, Everything, KeyService

Key = tuple[str, str, str]


class MemoryLedger:
    """A Ledger; `contexts` (their heads), `values`, `opened_by`, `kept_effects`, `owed` and `chains` hold the stored
    forms by their keys, `saved` when each context was written, `references` which executions a reference leads to.

    `conversations` is where messages are taken out of their inboxes, where there are any, and `agenda` where
    what is not closed falls due.
    """

    def __init__(
        self,
        keys: KeyService,
        *,
        conversations: MemoryConversations | None = None,
        agenda: MemoryAgenda | None = None,
        clock: Clock = utc_now,
    ) -> None:
        self.contexts: dict[tuple[str, str], Stored] = {}
        self.values: dict[tuple[str, str], dict[str, Stored]] = {}
        self.opened_by: dict[tuple[str, str], Stored] = {}
        self.references: dict[tuple[str, str], set[str]] = {}
        self.kept_effects: dict[Key, Stored] = {}
        self.owed: dict[Key, Stored] = {}
        self.receipts: dict[tuple[str, str], Carried] = {}
        self.told_early: dict[tuple[str, str], str] = {}
        self.consents: dict[tuple[str, str], Consent] = {}
        self.silent: dict[tuple[str, str], datetime] = {}
        self.chains: dict[tuple[str, str], list[entries.Link]] = {}
        self._codec = Codec(keys)
        self._conversations = conversations
        self._agenda = agenda or MemoryAgenda()
        self._clock = clock
        self._lock = RLock()

    def open(self, context: ExecutionContext, note: Note | None = None) -> ExecutionContext | None:
        """Create the context; None when it exists already."""
        with self._lock:
            if (context.tenant, context.execution) in self.contexts:
                return None
            new = revised(None, context)
            self._save(new)
            if new.context.opened_by is not None:
                self.opened_by[context.tenant, context.execution] = self._codec.encode(new.context.opened_by)
            self._refer(context.tenant, context.reference, context.execution)
            return self._noted(new.context, note)

    def load(self, tenant: str, execution: str) -> ExecutionContext:
        """Return the context with the interaction that opened it. Raises Missing."""
        with self._lock:
            key = (tenant, execution)
            if key not in self.contexts:
                raise Missing(f"no execution {execution}")
            values = dict(self.values.get(key, {}))
            context = decoded(self._codec, self.contexts[key], values, self.opened_by.get(key))
        assert context is not None, "nobody reads here while somebody saves"
        return context

    def load_everything(self, tenant: str, execution: str) -> Everything:
        """Return the context with all effects and obligations. Raises Missing."""
        with self._lock:
            of = (tenant, execution)
            return Everything(self.load(*of), self.effects(*of), self.obligations(*of))

    def begin(self, effect: Effect, now: datetime, *, consented: bool = False) -> Effect:
        """Write the intent and take the lease, or return the effect as it stands. Raises Leased, OptedOut."""
        with self._lock:
            stored = self.kept_effects.get(_key(effect))
            if stored is None:
                ours: Effect | None = masked(effect)
            else:
                recorded = self._codec.decode(stored, Effect)
                ours = take_over(recorded, effect, now)
                if ours is None:
                    return recorded
            assert ours is not None
            if consented and self._opted_out(effect):
                raise OptedOut(f"effect {effect.id} was not begun")
            self.kept_effects[_key(effect)] = self._codec.encode(ours)
            return ours

    def intend(self, effects: Sequence[Effect], *, consented: bool = False) -> list[Effect] | None:
        """Write the intents of several new effects; None, and nothing is written, when any of them is there, or their
        subject has opted out.
        """
        with self._lock:
            if consented and self._opted_out(effects[0]):
                return None
            if any(_key(effect) in self.kept_effects for effect in effects):
                return None
            intents = [masked(effect) for effect in effects]
            self.kept_effects |= {_key(it): self._codec.encode(it) for it in intents}
            return intents

    def consent(self, tenant: str, subject: str) -> Consent | None:
        """Return what a party said last of being written to; None when they never did."""
        with self._lock:
            return self.consents.get((tenant, subject))

    def silence(self, tenant: str, subject: str, now: datetime, until: datetime) -> bool:
        """Let nothing be begun until then that must be consented to; False where that was said already."""
        with self._lock:
            said = self.silent.get((tenant, subject))
            if said is not None and said >= now:
                return False
            self.silent[tenant, subject] = until
            return True

    def keep_consent(self, tenant: str, subject: str, consent: Consent) -> None:
        """Write down what a party says of being written to, unless something later is on record."""
        with self._lock:
            known = self.consents.get((tenant, subject))
            if known is None or known.since < consent.since:
                self.consents[tenant, subject] = consent

    def write(self, read: ExecutionContext, changes: Changes) -> Written:
        """Write all of it, if nobody wrote since it was read, or nothing. Raises Conflict."""
        with self._lock:
            self._check(read, changes)
            new = None if changes.context is None else revised(read, changes.context)
            if new is not None:
                self._save(new)
            effects = [self._settle(it) for it in changes.effects]
            moved = [self._move(it) for it in [*changes.obligations, *changes.handed_over]]
            for it in changes.handed_over:
                if it.receipt is not None:
                    self.receipts.setdefault((it.tenant, it.receipt.id), Carried(it.execution, it.id))
            for it in changes.owed:
                self.owed.setdefault(_key(it), self._codec.encode(masked(it)))
            for message in changes.taken:
                assert self._conversations is not None, "who takes messages has conversations"
                self._conversations.take(read.tenant, read.subject, message.interaction, read.execution)
            context = self._noted(read if new is None else new.context, changes.note)
            return Written(context, effects, moved)

    def effects(self, tenant: str, execution: str) -> list[Effect]:
        """Return the execution's effects, oldest intent first."""
        with self._lock:
            stored = [one for key, one in self.kept_effects.items() if key[:2] == (tenant, execution)]
        found = [self._codec.decode(one, Effect) for one in stored]
        return sorted(found, key=lambda effect: (effect.intended_at, effect.id))

    def obligations(self, tenant: str, execution: str) -> list[Obligation]:
        """Return the execution's obligations, by id."""
        with self._lock:
            stored = sorted((key, one) for key, one in self.owed.items() if key[:2] == (tenant, execution))
        return [self._codec.decode(one, Obligation) for _, one in stored]

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

    def keep_early(self, tenant: str, receipt: str, status: str) -> None:
        """Keep what a provider says about something whose receipt nobody has written yet."""
        with self._lock:
            self.told_early[tenant, receipt] = status

    def early(self, tenant: str, receipt: str) -> str | None:
        """Return the last status that was kept for this provider id, if any."""
        with self._lock:
            return self.told_early.get((tenant, receipt))

    def find_receipt(self, tenant: str, receipt: str) -> Carried | None:
        """Return the obligation whose receipt has this provider id, if any."""
        with self._lock:
            return self.receipts.get((tenant, receipt))

    def _opted_out(self, effect: Effect) -> bool:
        party = (effect.tenant, effect.subject)
        known, silent = self.consents.get(party), self.silent.get(party)
        return (known is not None and not known.given) or (silent is not None and silent >= effect.called_at)

    def _check(self, read: ExecutionContext, changes: Changes) -> None:
        saved = self.contexts.get((read.tenant, read.execution), {})
        if changes.context is not None and saved.get("version") != read.version:
            raise Conflict(f"execution {read.execution} changed meanwhile")
        for effect in changes.effects:
            held = self.kept_effects.get(_key(effect), {})
            if (held.get("owner"), held.get("version")) != (effect.owner, effect.version):
                raise Conflict(f"effect {effect.id} is held by somebody else")
        for obligation in [*changes.obligations, *changes.handed_over]:
            if self.owed.get(_key(obligation), {}).get("version") != obligation.version:
                raise Conflict(f"obligation {obligation.id} changed meanwhile")

    def _save(self, new: Revision) -> None:
        key = (new.context.tenant, new.context.execution)
        self.contexts[key] = head_record(new.context)
        self.values.setdefault(key, {}).update({it.name: encoded(self._codec, new.context, it) for it in new.values})
        at = execution_due(new.context, self._clock())
        if at is None:
            self._agenda.drop(*key)
        else:
            self._agenda.keep(DueExecution(tenant=key[0], execution=key[1], at=at))

    def _settle(self, effect: Effect) -> Effect:
        written = masked(effect.model_copy(update={"version": effect.version + 1}))
        self.kept_effects[_key(effect)] = self._codec.encode(written)
        if written.status is EffectStatus.DONE and written.evidence is not None:
            self._refer(written.tenant, written.evidence.id, written.execution)
        return written

    def _move(self, obligation: Obligation) -> Obligation:
        written = masked(obligation.model_copy(update={"version": obligation.version + 1}))
        self.owed[_key(obligation)] = self._codec.encode(written)
        return written

    def _noted(self, context: ExecutionContext, note: Note | None) -> ExecutionContext:
        """Append a note's facts; return the context with where its trace ends now."""
        if note is None:
            return context
        drafted = entries.draft(
            self._codec, Place(context.tenant, context.subject, context.execution), note.at, note.facts
        )
        chain = self.chains.setdefault((context.tenant, context.execution), [])
        head = Head(chain[-1].sequence, chain[-1].hash) if chain else genesis(context.tenant, context.execution)
        added = entries.links(drafted, head)
        chain.extend(added)
        end = moved_on(added)
        stored = self.contexts.get((context.tenant, context.execution))
        if stored is not None:
            stored |= end
        return context.model_copy(update=end)

    def _refer(self, tenant: str, reference: str, execution: str) -> None:
        self.references.setdefault((tenant, reference_key(reference)), set()).add(execution)


def _key(record: Effect | Obligation) -> Key:
    return record.tenant, record.execution, record.id
