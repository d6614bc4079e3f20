"""What a visit has found out and not written yet (a unit of work)."""

from dataclasses import dataclass, field
from datetime import datetime

from followthrough.ledger.changes import Changes
from followthrough.ledger.models import Effect, ExecutionContext, Fact, Message, Note, Obligation


@dataclass
class Pending:
    """Everything that goes into the visit's next transaction; `saves` tells whether the context is among it."""

    saves: bool = False
    effects: dict[str, Effect] = field(default_factory=dict)
    owed: dict[str, Obligation] = field(default_factory=dict)
    moved: dict[str, Obligation] = field(default_factory=dict)
    handed_over: dict[str, Obligation] = field(default_factory=dict)
    taken: list[Message] = field(default_factory=list)
    facts: list[Fact] = field(default_factory=list)

    def __bool__(self) -> bool:
        """Tell whether there is anything to write."""
        return self.saves or any((self.effects, self.owed, self.moved, self.handed_over, self.taken, self.facts))

    def changes(self, context: ExecutionContext, now: datetime) -> Changes:
        """Return it for the ledger."""
        return Changes(
            context=context if self.saves else None,
            effects=list(self.effects.values()),
            owed=list(self.owed.values()),
            obligations=list(self.moved.values()),
            handed_over=list(self.handed_over.values()),
            taken=self.taken,
            note=Note(now, self.facts) if self.facts else None,
        )
