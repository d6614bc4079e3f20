"""What the agents need of storage. Each port has a DynamoDB and an in-memory implementation with one contract suite."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from followthrough.contracts.interaction import Interaction
from followthrough.ledger.models import (
    Conversation,
    Effect,
    ExecutionContext,
    Fact,
    Message,
    Note,
    Obligation,
    TraceEntry,
)
from followthrough.ledger.queries import LeftUnread, Page, Query, Unclosed, Unfinished


class Ledger(Protocol):
    """Execution contexts, effects, obligations and the trace. Every read is strongly consistent, but `find` and
    `unfinished` follow the contexts by moments.

    A record and the note that tells of it are written together: both are there, or neither is.
    """

    def open(self, context: ExecutionContext, note: Note | None = None) -> bool:
        """Create the context; False when it exists already."""

    def load(self, tenant: str, execution: str) -> ExecutionContext:
        """Return the context. Raises Missing."""

    def save(self, context: ExecutionContext, note: Note | None = None) -> ExecutionContext:
        """Store the context if nobody wrote since it was read; return it with its new version. Raises Conflict."""

    def begin(self, effect: Effect, now: datetime) -> Effect:
        """Write the intent and take the lease, or return the effect as it stands.

        New: stored as given. Recorded as `not done`, or as `intended` or `unknown` with a lease that ran out: taken
        over (owner, lease and attempt + 1 are ours, the status stays as it was, so that the caller knows it must settle
        first). Recorded as `done` or `undone`: returned untouched. Raises Leased when another invocation is at work on
        it.
        """

    def settle(self, effect: Effect, note: Note | None = None) -> Effect:
        """Write the effect's new status, evidence or failure, if we still hold it (owner and version). Raises
        Conflict.
        """

    def effects(self, tenant: str, execution: str) -> list[Effect]:
        """Return the execution's effects, oldest intent first."""

    def owe(self, obligation: Obligation) -> Obligation:
        """Create the obligation, or return the one that is there."""

    def update_obligation(self, obligation: Obligation, note: Note | None = None) -> Obligation:
        """Store the obligation if nobody wrote since it was read. Raises Conflict."""

    def obligations(self, tenant: str, execution: str) -> list[Obligation]:
        """Return the execution's obligations, by id."""

    def append(
        self, tenant: str, execution: str, subject: str, at: datetime, facts: Sequence[Fact]
    ) -> list[TraceEntry]:
        """Append entries to the execution's chain, in order, of what no record changes with; a lost race is retried
        with jitter. Raises Conflict.
        """

    def trace(self, tenant: str, execution: str) -> list[TraceEntry]:
        """Return the execution's chain from its first entry."""

    def find(self, tenant: str, query: Query) -> Page:
        """Return the tenant's executions that the query asks for, newest first, reading no more than those."""

    def unfinished(
        self, tenant: str, state: Unclosed, before: datetime, limit: int = 100, after: Unfinished | None = None
    ) -> list[Unfinished]:
        """Return executions that are not closed and were not saved since `before`, the longest untouched first;
        `after` is the last one of the page before.
        """

    def find_receipt(self, tenant: str, receipt: str) -> Obligation | None:
        """Return the obligation whose receipt has this provider id, if any."""

    def keep_early(self, tenant: str, receipt: str, status: str) -> None:
        """Keep what a provider says about something whose receipt nobody has written yet."""

    def early(self, tenant: str, receipt: str) -> str | None:
        """Return the last status that was kept for this provider id, if any."""


class Conversations(Protocol):
    """Interactions, inboxes and who is waiting in them. Every read is strongly consistent, but `left_unread` follows
    the inboxes by moments.
    """

    def accept(self, interaction: Interaction) -> bool:
        """Store the interaction and put its text in the conversation's inbox, atomically; False when it was there
        already.
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

    def left_unread(
        self, tenant: str, before: datetime, limit: int = 100, after: LeftUnread | None = None
    ) -> list[LeftUnread]:
        """Return messages of any conversation of the tenant that came before `before` and that no execution has taken,
        oldest first; `after` is the last one of the page before.
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
