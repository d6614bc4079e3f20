"""Interactions and conversations in memory."""

from threading import RLock

from followthrough.contracts.interaction import Interaction
from followthrough.errors import Conflict, Missing, TooMany
from followthrough.ledger.codec import Codec, Stored, masked, sortable
from followthrough.ledger.due import UNREAD, DueMessage
from followthrough.ledger.encryption import Place
from followthrough.ledger.memory.agenda import MemoryAgenda
from followthrough.ledger.models import Conversation, Message
from followthrough.ledger.stores import KeyService


class MemoryConversations:
    """Conversations; `interactions`, `messages` and `states` hold the stored forms by their keys, `agenda` what
    nobody has taken yet.
    """

    def __init__(self, keys: KeyService, agenda: MemoryAgenda | None = None) -> None:
        self.interactions: dict[tuple[str, str], Stored] = {}
        self.messages: dict[tuple[str, str], dict[str, Stored]] = {}
        self.heard: dict[tuple[str, str, str], int] = {}
        self.states: dict[tuple[str, str], Conversation] = {}
        self._agenda = agenda or MemoryAgenda()
        self._codec = Codec(keys)
        self._lock = RLock()

    def accept(self, interaction: Interaction, most: int | None = None) -> bool:
        """Store the interaction and put its text in the inbox; False when it was there already. Raises TooMany."""
        said = masked(interaction)
        subject = said.sender.subject
        message = Message(interaction=said.id, text=said.text, received_at=said.received_at, signal=said.signal)
        with self._lock:
            if (said.tenant, said.id) in self.interactions:
                return False
            if most is not None:
                hour = (said.tenant, subject, sortable(said.received_at)[:13])
                if self.heard.get(hour, 0) >= most:
                    raise TooMany(f"more than {most} messages in an hour")
                self.heard[hour] = self.heard.get(hour, 0) + 1
            self.interactions[said.tenant, said.id] = self._codec.encode(said)
            if said.aside:
                return True
            inbox = self.messages.setdefault((said.tenant, subject), {})
            inbox[f"{sortable(said.received_at)}#{said.id}"] = self._codec.encode(
                message, Place(said.tenant, subject, said.id)
            )
            self._agenda.keep(
                DueMessage(
                    tenant=said.tenant,
                    subject=subject,
                    interaction=said.id,
                    received_at=said.received_at,
                    at=said.received_at + UNREAD,
                )
            )
            return True

    def interaction(self, tenant: str, interaction: str) -> Interaction:
        """Return a stored interaction. Raises Missing."""
        with self._lock:
            stored = self.interactions.get((tenant, interaction))
        if stored is None:
            raise Missing(f"no interaction {interaction}")
        return self._codec.decode(stored, Interaction)

    def conversation(self, tenant: str, subject: str) -> Conversation:
        """Return the conversation; a fresh one when nobody spoke yet."""
        with self._lock:
            return self.states.get((tenant, subject)) or Conversation(tenant=tenant, subject=subject)

    def unread(self, tenant: str, subject: str) -> list[Message]:
        """Return the inbox's messages that no execution has taken, oldest first."""
        return self._inbox(tenant, subject, None)

    def taken(self, tenant: str, subject: str, execution: str) -> list[Message]:
        """Return the messages that this execution has taken, oldest first."""
        return self._inbox(tenant, subject, execution)

    def take(self, tenant: str, subject: str, interaction: str, execution: str) -> bool:
        """Mark one message as read by an execution; False when another execution has it. Raises Missing."""
        with self._lock:
            for stored in self.messages.get((tenant, subject), {}).values():
                if stored["interaction"] == interaction:
                    stored["taken_by"] = stored["taken_by"] or execution
                    self._agenda.drop(tenant, interaction)
                    return bool(stored["taken_by"] == execution)
        raise Missing(f"no message {interaction}")

    def enter(self, tenant: str, subject: str, execution: str) -> bool:
        """Make this the conversation's open execution; False when another one is."""
        with self._lock:
            if self.conversation(tenant, subject).execution not in (None, execution):
                return False
            self._change(tenant, subject, execution=execution)
            return True

    def leave(self, tenant: str, subject: str, execution: str) -> None:
        """End this execution's hold on the conversation, if it has it, and forget its waits."""
        with self._lock:
            if self.conversation(tenant, subject).execution == execution:
                self._change(tenant, subject, execution=None, tokens=frozenset())

    def wait(self, tenant: str, subject: str, execution: str, token: str) -> None:
        """Store a task token of the open execution, beside any other. Raises Conflict when another one is open."""
        with self._lock:
            state = self.conversation(tenant, subject)
            if state.execution != execution:
                raise Conflict(f"execution {execution} is not the conversation's open one")
            self._change(tenant, subject, tokens=state.tokens | {token})

    def forget(self, tenant: str, subject: str, token: str) -> None:
        """Remove one token whose wait is over, if it is there."""
        with self._lock:
            tokens = self.conversation(tenant, subject).tokens
            if token in tokens:
                self._change(tenant, subject, tokens=tokens - {token})

    def _inbox(self, tenant: str, subject: str, taken_by: str | None) -> list[Message]:
        with self._lock:
            inbox = sorted(self.messages.get((tenant, subject), {}).items())
            found = [dict(stored) for _, stored in inbox if stored["taken_by"] == taken_by]
        return [self._codec.decode(one, Message, Place(tenant, subject, one["interaction"])) for one in found]

    def _change(self, tenant: str, subject: str, **changes: str | frozenset[str] | None) -> None:
        state = self.conversation(tenant, subject)
        self.states[tenant, subject] = state.model_copy(update={**changes, "version": state.version + 1})
