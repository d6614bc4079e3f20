"""The ledger in DynamoDB.

Keys of table `executions`: `<tenant>#execution#<execution>` with `context`, `context#<kind>.<name>` (its values),
`context#interaction`, `effect#<id>` and `obligation#<id>`; `<tenant>#receipt#<provider's id>` with `receipt` and
`early`; `<tenant>#conversation#<subject>` with `consent`.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from followthrough.clock import Clock, utc_now
from followthrough.contracts.consent import Consent
from followthrough.errors import Conflict, OptedOut
from followthrough.ledger import entries
from followthrough.ledger.chain import Head
from followthrough.ledger.changes import Changes, Written
from followthrough.ledger.codec import Codec, Stored, masked, sortable
from followthrough.ledger.contexts import head_of, moved_on, revised
from followthrough.ledger.dynamodb import references
from followthrough.ledger.dynamodb.contexts import Contexts
from followthrough.ledger.dynamodb.conversations import taking
from followthrough.ledger.dynamodb.listing import find
from followthrough.ledger.dynamodb.references import context_pk, conversation_pk
from followthrough.ledger.dynamodb.statements import Statement, insertion, update
from followthrough.ledger.dynamodb.table import FREE, Table, expectation
from followthrough.ledger.dynamodb.traces import Beside, Traces
from followthrough.ledger.encryption import Place
from followthrough.ledger.leases import take_over
from followthrough.ledger.models import Effect, EffectStatus, ExecutionContext, Note, Obligation, TraceEntry
from followthrough.ledger.queries import Page, Query
from followthrough.ledger.stores import Bodies, Carried, Everything, KeyService

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.client import DynamoDBClient
    from mypy_boto3_dynamodb.type_defs import TransactWriteItemTypeDef

_SETTLED = ("status", "leased_until", "called_at", "evidence", "failure", "result", "version")
_MOVED = ("status", "way", "receipt", "failure", "asked_at", "version")
"""What changes of an effect, or an obligation, once it is there."""


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
        self._traces = Traces(client, traces, bodies)
        self._codec = Codec(keys)
        self._contexts = Contexts(self._table, self._codec, clock)
        self._clock = clock

    def open(self, context: ExecutionContext, note: Note | None = None) -> ExecutionContext | None:
        """Create the context, and with it the way to it by our own reference; None when it exists already."""
        new = revised(None, context)

        def beside(end: Head | None, *, first: bool) -> list[Statement]:
            return self._contexts.opening(new, end) if first else [self._contexts.following(new.context, _sure(end))]

        return self._append(new.context, note, beside)

    def load(self, tenant: str, execution: str) -> ExecutionContext:
        """Return the context with the interaction that opened it. Raises Missing."""
        return self._contexts.load(tenant, execution)

    def load_everything(self, tenant: str, execution: str) -> Everything:
        """Return the context with all effects and obligations, by one query. Raises Missing."""
        found = list(self._table.query(context_pk(tenant, execution)))
        context = self._contexts.load(tenant, execution, found)
        return Everything(context, self._effects(found), self._obligations(found))

    def begin(self, effect: Effect, now: datetime, *, consented: bool = False) -> Effect:
        """Write the intent and take the lease, or return the effect as it stands. Raises Leased, OptedOut."""
        ours, guards = masked(effect), [self._consents(effect)] if consented else []
        while not self._claimed(ours, guards):
            stored = self._table.get(context_pk(effect.tenant, effect.execution), f"effect#{effect.id}")
            recorded = None if stored is None else self._codec.decode(stored, Effect)
            over = recorded and take_over(recorded, effect, now)
            if recorded and not over:
                return recorded
            # It is there and ours to take over, or its subject has opted out, or somebody was faster once more.
            ours = over or ours
        return ours

    def _claimed(self, effect: Effect, guards: "Sequence[TransactWriteItemTypeDef]") -> bool:
        """Write an effect as its holder, in the place of the version before; False where another one is there.

        Raises OptedOut.
        """
        item, new = self._item(effect, f"effect#{effect.id}"), effect.attempt == 1
        held = {} if new else {"version": effect.version - 1}
        if not guards:
            return self._table.create(item) is None if new else self._table.replace(item, **held)
        put = self._table.put_action(item, FREE if new else expectation(held), **held)
        taken, refused = self._table.transact(put, *guards)
        if refused and not taken:
            raise OptedOut(f"effect {effect.id} was not begun")
        return not taken

    def intend(self, effects: Sequence[Effect], *, consented: bool = False) -> list[Effect] | None:
        """Write the intents of several new effects; None, and nothing is written, when any of them is there, or their
        subject has opted out.
        """
        intents = [masked(effect) for effect in effects]
        puts = [self._table.put_action(self._item(it, f"effect#{it.id}"), FREE) for it in intents]
        guards = [self._consents(effects[0])] if consented else []
        return None if any(self._table.transact(*puts, *guards)) else intents

    def consent(self, tenant: str, subject: str) -> Consent | None:
        """Return what a party said last of being written to; None when they never did."""
        stored = self._table.get(conversation_pk(tenant, subject), "consent")
        return None if stored is None or "given" not in stored else Consent.model_validate(stored)

    def silence(self, tenant: str, subject: str, now: datetime, until: datetime) -> bool:
        """Let nothing be begun until then that must be consented to; False where that was said already."""
        refused = self._table.update(
            conversation_pk(tenant, subject),
            "consent",
            "SET #silent = :until",
            "attribute_not_exists(#silent) OR #silent < :now",
            until=sortable(until),
            now=sortable(now),
        )
        return refused is None

    def keep_consent(self, tenant: str, subject: str, consent: Consent) -> None:
        """Write down what a party says of being written to, unless something later is on record."""
        self._table.update(
            conversation_pk(tenant, subject),
            "consent",
            "SET #given = :given, #since = :since, #source = :source",
            "attribute_not_exists(#since) OR #since < :since",
            given=consent.given,
            since=sortable(consent.since),
            source=consent.source,
        )

    def _consents(self, effect: Effect) -> "TransactWriteItemTypeDef":
        """Return what holds only while the effect's subject has not opted out."""
        pk = conversation_pk(effect.tenant, effect.subject)
        return self._table.check_action(
            pk,
            "consent",
            "(attribute_not_exists(#given) OR #given = :yes) AND (attribute_not_exists(#silent) OR #silent < :now)",
            yes=True,
            now=sortable(effect.called_at),
        )

    def write(self, read: ExecutionContext, changes: Changes) -> Written:
        """Write all of it, if nobody wrote since it was read, or nothing. Raises Conflict."""
        new = None if changes.context is None else revised(read, changes.context)
        effects = [masked(it.model_copy(update={"version": it.version + 1})) for it in changes.effects]
        moved = [masked(it.model_copy(update={"version": it.version + 1})) for it in changes.obligations]
        given = [masked(it.model_copy(update={"version": it.version + 1})) for it in changes.handed_over]
        others = [
            *(part for it in effects for part in self._settling(read, it)),
            *(self._moving(it) for it in [*moved, *given]),
            *(insertion(self._table.name, _pointer(it), dispensable=True) for it in given if it.receipt),
            *(self._owing(masked(it)) for it in changes.owed),
            *(taking(self._table.name, read, it) for it in changes.taken),
        ]

        def beside(end: Head | None, *, first: bool) -> list[Statement]:
            if not first:
                return [self._contexts.following(read, _sure(end))]
            saving = self._contexts.saving(read, new, end) if new else []
            following = [self._contexts.following(read, end)] if end and not new else []
            return [*saving, *following, *others]

        written = self._append(read if new is None else new.context, changes.note, beside)
        if written is None:
            raise Conflict(
                f"execution {read.execution} changed meanwhile, or what was settled is held by somebody else"
            )
        return Written(written, effects, [*moved, *given])

    def effects(self, tenant: str, execution: str) -> list[Effect]:
        """Return the execution's effects, oldest intent first."""
        return self._effects(self._table.query(context_pk(tenant, execution), "effect#"))

    def obligations(self, tenant: str, execution: str) -> list[Obligation]:
        """Return the execution's obligations, by id."""
        return self._obligations(self._table.query(context_pk(tenant, execution), "obligation#"))

    def trace(self, tenant: str, execution: str) -> list[TraceEntry]:
        """Return the execution's chain from its first entry."""
        return entries.read(self._codec, tenant, execution, list(self._traces.read(tenant, execution)))

    def find(self, tenant: str, query: Query) -> Page:
        """Return the tenant's executions that the query asks for, newest first."""
        return find(self._table, tenant, query)

    def keep_early(self, tenant: str, receipt: str, status: str) -> None:
        """Keep what a provider says about something whose receipt nobody has written yet."""
        self._table.put({"pk": f"{tenant}#receipt#{receipt}", "sk": "early", "status": status})

    def early(self, tenant: str, receipt: str) -> str | None:
        """Return the last status that was kept for this provider id, if any."""
        kept = self._table.get(f"{tenant}#receipt#{receipt}", "early")
        return str(kept["status"]) if kept else None

    def find_receipt(self, tenant: str, receipt: str) -> Carried | None:
        """Return the obligation whose receipt has this provider id, if any."""
        pointer = self._table.get(f"{tenant}#receipt#{receipt}", "receipt")
        return None if pointer is None else Carried(pointer["execution"], pointer["obligation"])

    def _append(self, context: ExecutionContext, note: Note | None, beside: Beside) -> ExecutionContext | None:
        """Write statements and the note's entries; return the context with where its trace ends now."""
        place = Place(context.tenant, context.subject, context.execution)
        at, facts = note or (self._clock(), ())
        drafted = entries.draft(self._codec, place, at, facts)
        added = self._traces.append(drafted, head_of(context), beside)
        return None if added is None else context.model_copy(update=moved_on(added))

    def _settling(self, context: ExecutionContext, effect: Effect) -> Iterator[Statement]:
        """Write how an effect stands, if we still hold it, and with its evidence the way here by what the provider
        called it.
        """
        item = self._item(effect, f"effect#{effect.id}")
        held = {"version": effect.version - 1, "owner": effect.owner}
        yield update(self._table.name, _key(item), {name: item[name] for name in _SETTLED}, expected=held)
        if effect.status is EffectStatus.DONE and effect.evidence is not None:
            yield insertion(self._table.name, references.theirs(context, effect.evidence), dispensable=True)

    def _moving(self, obligation: Obligation) -> Statement:
        """Write how far an obligation has come, if nobody wrote since it was read."""
        item = self._item(obligation, f"obligation#{obligation.id}")
        changes = {name: item[name] for name in _MOVED}
        return update(self._table.name, _key(item), changes, expected={"version": obligation.version - 1})

    def _owing(self, obligation: Obligation) -> Statement:
        return insertion(self._table.name, self._item(obligation, f"obligation#{obligation.id}"), dispensable=True)

    def _item(self, record: Effect | Obligation, sk: str) -> Stored:
        return {"pk": context_pk(record.tenant, record.execution), "sk": sk, **self._codec.encode(record)}

    def _effects(self, items: Iterable[Stored]) -> list[Effect]:
        found = [self._codec.decode(one, Effect) for one in items if one["sk"].startswith("effect#")]
        return sorted(found, key=lambda effect: (effect.intended_at, effect.id))

    def _obligations(self, items: Iterable[Stored]) -> list[Obligation]:
        return [self._codec.decode(one, Obligation) for one in items if one["sk"].startswith("obligation#")]


def _pointer(obligation: Obligation) -> Stored:
    """Return the item that leads from a receipt to its obligation. An id that another obligation has already stays
    with that one, as its provider said first.
    """
    assert obligation.receipt is not None
    return {
        "pk": f"{obligation.tenant}#receipt#{obligation.receipt.id}",
        "sk": "receipt",
        "execution": obligation.execution,
        "obligation": obligation.id,
    }


def _key(item: Stored) -> Stored:
    return {"pk": item["pk"], "sk": item["sk"]}


def _sure(end: Head | None) -> Head:
    assert end is not None, "a later transaction has entries"
    return end
