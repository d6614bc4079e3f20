"""One write at a time, for tests that are about what is written and not about what is written together."""

from collections.abc import Sequence
from datetime import datetime

from followthrough.errors import Missing
from followthrough.ledger.changes import Changes
from followthrough.ledger.models import Effect, ExecutionContext, Fact, Note, Obligation, TraceEntry
from followthrough.ledger.stores import Ledger
from tests.ledger.samples import a_context


def save(ledger: Ledger, context: ExecutionContext, note: Note | None = None) -> ExecutionContext:
    """Save a context as who read it in this version would."""
    read = _read(ledger, context.tenant, context.execution, context.subject)
    as_read = read.model_copy(update={"version": context.version})
    return ledger.write(as_read, Changes(context=context, note=note)).context


def settle(ledger: Ledger, effect: Effect, note: Note | None = None) -> Effect:
    """Settle an effect."""
    read = _read(ledger, effect.tenant, effect.execution, effect.subject)
    (settled,) = ledger.write(read, Changes(effects=[effect], note=note)).effects
    return settled


def owe(ledger: Ledger, obligation: Obligation) -> Obligation:
    """Owe an obligation, and return what is owed."""
    read = _read(ledger, obligation.tenant, obligation.execution, obligation.subject)
    ledger.write(read, Changes(owed=[obligation]))
    owed = ledger.obligations(obligation.tenant, obligation.execution)
    return next(it for it in owed if it.id == obligation.id)


def move(ledger: Ledger, obligation: Obligation, note: Note | None = None) -> Obligation:
    """Write how far an obligation has come; with a receipt it was handed over."""
    read = _read(ledger, obligation.tenant, obligation.execution, obligation.subject)
    kind = {"handed_over" if obligation.receipt else "obligations": [obligation]}
    (moved,) = ledger.write(read, Changes(note=note, **kind)).obligations  # type: ignore[arg-type]  # the two take the same
    return moved


def append(  # noqa: PLR0917  as a chain is named, and then what is added to it
    ledger: Ledger, tenant: str, execution: str, subject: str, at: datetime, facts: Sequence[Fact]
) -> list[TraceEntry]:
    """Append entries to a chain, also of an execution that was never opened, and return the last ones."""
    ledger.write(_read(ledger, tenant, execution, subject), Changes(note=Note(at, facts)))
    return ledger.trace(tenant, execution)[-len(facts) :] if facts else []


def _read(ledger: Ledger, tenant: str, execution: str, subject: str) -> ExecutionContext:
    try:
        return ledger.load(tenant, execution)
    except Missing:
        return a_context(tenant, execution, subject=subject)
