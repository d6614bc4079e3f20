"""One customer's conversation with a practice, and what became of it; every wait ends, and says why it was in vain."""

import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, TypeVar

from followthrough.errors import Missing
from followthrough.interaction.conversation import execution_of
from followthrough.ledger.dynamodb.ledger import DynamoLedger
from infra.cli.installation import Installation
from infra.cli.report import Report, report
from infra.local.phone import Phone
from infra.local.world import World
from tests.journeys.diagnosis import diagnosis
from tests.journeys.people import Customer

PATIENCE_SECONDS = 120.0
"""Far more than anything takes on an idle machine: other conversations and other people's tests may be at work."""

_POLL_SECONDS = 0.15
_Found = TypeVar("_Found")


@dataclass
class Conversation:
    """A customer's texts to one tenant. `execution` is the one that the first text opened."""

    world: World
    ledger: DynamoLedger
    customer: Customer
    phone: Phone
    execution: str = ""
    messages: list[str] = field(default_factory=list)

    def say(self, text: str, message: str | None = None) -> None:
        """Text the practice, which accepts it; `message` repeats an earlier id."""
        sid = message or f"SM{secrets.token_hex(16)}"
        self.customer.spoken.append(text)
        answer = self.phone.say(text, sid)
        assert answer.status_code == 200, answer.text
        self.messages.append(sid)
        self.execution = self.execution or execution_of(self.phone.tenant, f"sms-{sid}")

    def ask(self, text: str) -> str:
        """Text the practice, and return its next text."""
        heard = len(self.phone.heard())
        self.say(text)
        return self.hear(heard)

    def hear(self, already: int) -> str:
        """Return the text that follows as many as were heard already."""
        texts = self.await_(lambda: texts if len(texts := self.phone.heard()) > already else None, "another text")
        return texts[already]

    def ended(self) -> Report:
        """Return the report of the execution, once everybody was told."""
        tenant = self.phone.tenant
        self.await_(self._closed, "the end of the execution")
        return report(self.ledger, tenant, self.execution)

    def await_(self, look: Callable[[], _Found | None], what: str) -> _Found:
        """Look until there is something to see; on a timeout say what happened instead."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < deadline:
            found = look()
            if found is not None and found is not False:
                return found
            time.sleep(_POLL_SECONDS)
        heard = "\n".join(f"  < {text}" for text in self.phone.heard())
        story = diagnosis(self.world, self.ledger, self.phone.tenant, self.execution)
        raise AssertionError(f"waited {PATIENCE_SECONDS:.0f} s in vain for {what}\n{heard}\n{story}")

    def _closed(self) -> bool:
        try:
            return self.ledger.load(self.phone.tenant, self.execution).closed_at is not None
        except Missing:
            return False


@dataclass(frozen=True)
class Ended:
    """A conversation that is over: the practice's texts, and the report on the execution."""

    customer: Customer
    texts: list[str]
    report: Report
    conversation: Conversation

    @property
    def execution(self) -> str:
        """Its id."""
        return self.conversation.execution

    def effects(self, step: str) -> list[dict[str, Any]]:
        """The effects of one step."""
        return [effect for effect in self.report["effects"] if effect["step"] == step]

    def effect(self, step: str) -> dict[str, Any]:
        """The one effect of a step."""
        (only,) = self.effects(step)
        return only

    def decision(self, step: str) -> dict[str, Any]:
        """The last decision of a step."""
        found: dict[str, Any] = [each for each in self.report["decisions"] if each["step"] == step][-1]
        return found

    def words(self, party: str) -> list[str]:
        """What a party was told."""
        return [receipt["words"] for receipt in self.report["confirmations"][party]["receipts"]]

    def statuses(self) -> dict[str, str]:
        """How far each party's confirmation has come."""
        return {party: told["status"] for party, told in self.report["confirmations"].items()}


def over(conversation: Conversation) -> Ended:
    """Wait for the end of a conversation."""
    found = conversation.ended()
    return Ended(conversation.customer, conversation.phone.heard(), found, conversation)


def ledger_of(world: World) -> DynamoLedger:
    """The ledger as an auditor reads it."""
    return Installation(world.standin.client, world.standin.outputs).ledger()
