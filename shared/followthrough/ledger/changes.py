"""What one visit to an execution writes: a unit of work, and one transaction in the store."""

from collections.abc import Sequence
from dataclasses import dataclass

from followthrough.ledger.models import Effect, ExecutionContext, Message, Note, Obligation


@dataclass(frozen=True)
class Changes:
    """All of it becomes visible at once, or nothing does.

    `context` is what it is to be from now on, None where it stays; `effects` are settled ones that we hold (by owner
    and version); `owed` obligations are created unless they are there, `obligations` changed, those `handed_over` to
    be found by their new receipt; `taken` messages leave the inbox for this execution. `note` is put on the trace.
    """

    context: ExecutionContext | None = None
    effects: Sequence[Effect] = ()
    owed: Sequence[Obligation] = ()
    obligations: Sequence[Obligation] = ()
    handed_over: Sequence[Obligation] = ()
    taken: Sequence[Message] = ()
    note: Note | None = None


@dataclass(frozen=True)
class Written:
    """What stands now: the context with its version and the trace's head, the effects and obligations that were changed
    with theirs.
    """

    context: ExecutionContext
    effects: list[Effect]
    obligations: list[Obligation]
