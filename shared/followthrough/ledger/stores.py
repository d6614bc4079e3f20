"""What the agents need of storage. Each port has a DynamoDB and an in-memory implementation with one contract suite."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import NamedTuple, Protocol

from followthrough.contracts.consent import Consent
from followthrough.contracts.interaction import Interaction
from followthrough.ledger.changes import Changes, Written
from followthrough.ledger.due import Due
from followthrough.ledger.models import (
    Conversation,
    Effect,
    ExecutionContext,
    Message,
    Note,
    Obligation,
    TraceEntry,
)
from followthrough.ledger.queries import Page, Query


class Everything(NamedTuple):
    """An execution's context, its effects (oldest intent first) and its obligations (by id)."""

    context: ExecutionContext
    effects: list[Effect]
    obligations: list[Obligation]


class Carried(NamedTuple):
    """The execution and the obligation that a provider's receipt belongs to."""

    execution: str
    obligation: str


class Ledger(Protocol):
    """Execution contexts, effects, obligations and the trace. Every read is strongly consistent, but `find`
    follows the contexts by moments.

    What is written together becomes visible together, or not at all.
    """

    def open(self, context: ExecutionContext, note: Note | None = None) -> ExecutionContext | None:
        """Create the context; None when it exists already."""

    def load(self, tenant: str, execution: str) -> ExecutionContext:
        """Return the context. Raises Missing."""

    def load_everything(self, tenant: str, execution: str) -> Everything:
        """Return the context with all effects and obligations. Raises Missing."""

    def begin(self, effect: Effect, now: datetime, *, consented: bool = False) -> Effect:
        """Write the intent and take the lease, or return the effect as it stands; if it must be `consented`, only while
        its subject has not opted out.

        New: stored as given. Recorded as `not done`, or as `intended` or `unknown` with a lease that ran out: taken
        over (owner, lease and attempt + 1 are ours, the status stays as it was, so that the caller knows it must settle
        first). Recorded as `done` or `undone`: returned untouched. Raises Leased when another invocation is at work on
        it, and OptedOut.
        """

    def intend(self, effects: Sequence[Effect], *, consented: bool = False) -> list[Effect] | None:
        """Write the intents of several new effects at once; None, and nothing is written, when any of them is there, or
        if they must be `consented` and their subject has opted out.
        """

    def silence(self, tenant: str, subject: str, now: datetime, until: datetime) -> bool:
        """Let nothing be begun until then that must be consented to; False where that was said already."""

    def consent(self, tenant: str, subject: str) -> Consent | None:
        """Return what a party said last of being written to; None when they never did."""

    def keep_consent(self, tenant: str, subject: str, consent: Consent) -> None:
        """Write down what a party says of being written to, unless something later is on record."""

    def write(self, read: ExecutionContext, changes: Changes) -> Written:
        """Write all of it or nothing. `read` is the context as it was read.

        Raises Conflict when somebody else saved the context since, or changed an obligation, or holds an effect.
        """

    def effects(self, tenant: str, execution: str) -> list[Effect]:
        """Return the execution's effects, oldest intent first."""

    def obligations(self, tenant: str, execution: str) -> list[Obligation]:
        """Return the execution's obligations, by id."""

    def trace(self, tenant: str, execution: str) -> list[TraceEntry]:
        """Return the execution's chain from its first entry."""

    def find(self, tenant: str, query: Query) -> Page:
        """Return the tenant's executions that the query asks for, newest first, reading no more than those."""

    def find_receipt(self, tenant: str, receipt: str) -> Carried | None:
        """Return the obligation whose receipt has this provider id, if any."""

    def keep_early(self, tenant: str, receipt: str, status: str) -> None:
        """Keep what a provider says about something whose receipt nobody has written yet."""

    def early(self, tenant: str, receipt: str) -> str | None:
        """Return the last status that was kept for this provider id, if any."""


class Conversations(Protocol):
    """Interactions, inboxes and who is waiting in them. Every read is strongly consistent."""

    def accept(self, interaction: Interaction, most: int | None = None) -> bool:
        """Store the interaction and put its text in the conversation's inbox, atomically, unless it is put aside; False
        when it was there already. Raises TooMany, and stores nothing, where its party has said `most` things in this
        hour.
        """

    def interaction(self, tenant: str, interaction: str) -> Interaction:
        """Return a stored interaction. Raises Missing."""

    def conversation(self, tenant: str, subject: str) -> Conversation:
        """Return the conversation; a fresh one when nobody spoke yet."""

    def unread(self, tenant: str, subject: str) -> list[Message]:
        """Return the inbox's messages that no execution has taken, oldest first."""

    def taken(self, tenant: str, subject: str, execution: str) -> list[Message]:
        """Return the messages that this execution has taken, oldest first."""

    def take(self, tenant: str, subject: str, interaction: str, execution: str) -> bool:
        """Mark one message as read by an execution; False when another execution has it. Taking one's own again is
        True.
        """

    def enter(self, tenant: str, subject: str, execution: str) -> bool:
        """Make this the conversation's open execution; False when another one is. Entering again is True."""

    def leave(self, tenant: str, subject: str, execution: str) -> None:
        """End this execution's hold on the conversation, if it has it, and forget its waits."""

    def wait(self, tenant: str, subject: str, execution: str, token: str) -> None:
        """Store a task token of the open execution, beside any other; again changes nothing. Raises Conflict when
        another execution is open.
        """

    def forget(self, tenant: str, subject: str, token: str) -> None:
        """Remove one token whose wait is over, if it is there."""


class Agenda(Protocol):
    """What falls due: executions that are not closed and messages that nobody has taken, each from when it was stored
    (see ledger/due.py). It follows them by moments.
    """

    def due(self, before: datetime) -> Iterable[Due]:
        """Yield what falls due before a moment, of all tenants, reading no more than that."""

    def postpone(self, due: Due, until: datetime) -> Due | None:
        """Have it fall due later, or sooner; None where it was finished, saved or postponed by somebody else since."""


class Subjects(Protocol):
    """The erasable mapping from a person's address to the random id that all records use."""

    def subject(self, tenant: str, address: str) -> str:
        """Return the subject id of this address (a phone number in E.164), made on first use."""


class KeyService(Protocol):
    """Data keys, one per subject, wrapped by a master key."""

    def key(self, tenant: str, subject: str) -> bytes | None:
        """Return the subject's 32-byte key, made on first use; None when the subject was erased."""

    def erase(self, tenant: str, subject: str) -> None:
        """Destroy the subject's key for good; a tombstone stays."""


class Bodies(Protocol):
    """Where large texts are kept."""

    def keep(self, tenant: str, body: str) -> str:
        """Keep a text and return its hash; keeping it again changes nothing."""

    def read(self, tenant: str, digest: str) -> str | None:
        """Return the text; None when it is gone or no longer the one of that hash."""
