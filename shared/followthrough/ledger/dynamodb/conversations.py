"""Interactions and conversations in DynamoDB.

Keys of table `executions`: `<tenant>#interaction#<id>` with `interaction`; `<tenant>#conversation#<subject>` with
`conversation`, `message#<received at>#<interaction>` and `heard#<hour>`, how much was said in it. The local index
`by_inbox` divides a conversation's messages into unread and taken ones, so that an inbox is read without the history
behind it.
"""

from datetime import timedelta
from typing import TYPE_CHECKING

from followthrough.contracts.interaction import Interaction
from followthrough.errors import Conflict, Missing, TooMany
from followthrough.ledger.codec import Codec, masked, sortable
from followthrough.ledger.due import UNREAD
from followthrough.ledger.dynamodb.agenda import due_keys
from followthrough.ledger.dynamodb.indexes import BY_DUE, BY_INBOX
from followthrough.ledger.dynamodb.references import conversation_pk
from followthrough.ledger.dynamodb.statements import Statement, update
from followthrough.ledger.dynamodb.table import FREE, Table
from followthrough.ledger.encryption import Place
from followthrough.ledger.models import Conversation, ExecutionContext, Message
from followthrough.ledger.stores import KeyService

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.client import DynamoDBClient
    from mypy_boto3_dynamodb.type_defs import TransactWriteItemTypeDef

_COUNTED = "#version = if_not_exists(#version, :none) + :one"
_COUNTS = {"none": 0, "one": 1}


class DynamoConversations:
    """Conversations on the table named `executions`."""

    def __init__(self, client: "DynamoDBClient", executions: str, keys: KeyService) -> None:
        self._table = Table(client, executions)
        self._codec = Codec(keys)

    def accept(self, interaction: Interaction, most: int | None = None) -> bool:
        """Store the interaction and put its text in the inbox, atomically; False when it was there already.

        Raises TooMany.
        """
        said = masked(interaction)
        subject = said.sender.subject
        message = Message(interaction=said.id, text=said.text, received_at=said.received_at, signal=said.signal)
        whole = {"pk": f"{said.tenant}#interaction#{said.id}", "sk": "interaction", **self._codec.encode(said)}
        delivered = {
            "pk": conversation_pk(said.tenant, subject),
            "sk": _message(said),
            "subject": subject,
            BY_INBOX.sort: f"unread#{_arrival(said)}",
            **due_keys(said.id, said.received_at + UNREAD),
            **self._codec.encode(message, Place(said.tenant, subject, said.id)),
        }
        inbox = [] if said.aside else [self._table.put_action(delivered, FREE)]
        counted = [] if most is None else [self._counting(said, most)]
        known, *_, over = self._table.transact(self._table.put_action(whole, FREE), *inbox, *counted)
        if counted and over and not known:
            raise TooMany(f"more than {most} messages in an hour")
        return not known

    def _counting(self, said: Interaction, most: int) -> "TransactWriteItemTypeDef":
        """Count what a party says, hour by hour; what was counted is deleted by DynamoDB itself, a day later."""
        hour = said.received_at.replace(minute=0, second=0, microsecond=0)
        return self._table.update_action(
            conversation_pk(said.tenant, said.sender.subject),
            f"heard#{sortable(hour)}",
            "ADD #count :one SET #expires = :expires",
            "attribute_not_exists(pk) OR #count < :most",
            one=1,
            most=most,
            expires=int((hour + timedelta(days=1)).timestamp()),
        )

    def interaction(self, tenant: str, interaction: str) -> Interaction:
        """Return a stored interaction. Raises Missing."""
        stored = self._table.get(f"{tenant}#interaction#{interaction}", "interaction")
        if stored is None:
            raise Missing(f"no interaction {interaction}")
        return self._codec.decode(stored, Interaction)

    def conversation(self, tenant: str, subject: str) -> Conversation:
        """Return the conversation; a fresh one when nobody spoke yet."""
        stored = self._table.get(conversation_pk(tenant, subject), "conversation") or {}
        return Conversation.model_validate({**stored, "tenant": tenant, "subject": subject})

    def unread(self, tenant: str, subject: str) -> list[Message]:
        """Return the inbox's messages that no execution has taken, oldest first."""
        return self._inbox(tenant, subject, "unread#")

    def taken(self, tenant: str, subject: str, execution: str) -> list[Message]:
        """Return the messages that this execution has taken, oldest first."""
        return self._inbox(tenant, subject, f"taken#{execution}#")

    def take(self, tenant: str, subject: str, interaction: str, execution: str) -> bool:
        """Mark one message as read by an execution; False when another execution has it. Raises Missing."""
        said = self.interaction(tenant, interaction)
        refused = self._table.update(
            conversation_pk(tenant, subject),
            _message(said),
            f"SET #taken_by = :execution, #{BY_INBOX.sort} = :place REMOVE #{BY_DUE.partition}, #{BY_DUE.sort}",
            "attribute_exists(pk) AND (attribute_not_exists(#taken_by) OR #taken_by = :execution)",
            execution=execution,
            place=f"taken#{execution}#{_arrival(said)}",
        )
        if refused == {}:
            raise Missing(f"no message {interaction}")
        return refused is None

    def enter(self, tenant: str, subject: str, execution: str) -> bool:
        """Make this the conversation's open execution; False when another one is."""
        refused = self._table.update(
            conversation_pk(tenant, subject),
            "conversation",
            f"SET #execution = :execution, {_COUNTED}",
            "attribute_not_exists(#execution) OR #execution = :execution",
            execution=execution,
            **_COUNTS,
        )
        return refused is None

    def leave(self, tenant: str, subject: str, execution: str) -> None:
        """End this execution's hold on the conversation, if it has it, and forget its waits."""
        self._table.update(
            conversation_pk(tenant, subject),
            "conversation",
            f"SET {_COUNTED} REMOVE #execution, #tokens",
            "#execution = :execution",
            execution=execution,
            **_COUNTS,
        )

    def wait(self, tenant: str, subject: str, execution: str, token: str) -> None:
        """Store a task token of the open execution, beside any other. Raises Conflict when another one is open."""
        refused = self._table.update(
            conversation_pk(tenant, subject),
            "conversation",
            f"ADD #tokens :tokens SET {_COUNTED}",
            "#execution = :execution",
            execution=execution,
            tokens=frozenset({token}),
            **_COUNTS,
        )
        if refused is not None:
            raise Conflict(f"execution {execution} is not the conversation's open one")

    def forget(self, tenant: str, subject: str, token: str) -> None:
        """Remove one token whose wait is over, if it is there."""
        self._table.update(
            conversation_pk(tenant, subject),
            "conversation",
            f"DELETE #tokens :tokens SET {_COUNTED}",
            "contains(#tokens, :token)",
            token=token,
            tokens=frozenset({token}),
            **_COUNTS,
        )

    def _inbox(self, tenant: str, subject: str, prefix: str) -> list[Message]:
        found = self._table.query(conversation_pk(tenant, subject), prefix, BY_INBOX)
        return [self._codec.decode(one, Message, Place(tenant, subject, one["interaction"])) for one in found]


def taking(table: str, context: ExecutionContext, message: Message) -> Statement:
    """Return what takes a message out of the inbox together with other writes; it may be taken already."""
    arrival = f"{sortable(message.received_at)}#{message.interaction}"
    return update(
        table,
        {"pk": conversation_pk(context.tenant, context.subject), "sk": f"message#{arrival}"},
        {
            "taken_by": context.execution,
            BY_INBOX.sort: f"taken#{context.execution}#{arrival}",
            BY_DUE.partition: None,
            BY_DUE.sort: None,
        },
        expected={BY_INBOX.sort: f"unread#{arrival}"},
        dispensable=True,
    )


def _message(said: Interaction) -> str:
    return f"message#{_arrival(said)}"


def _arrival(said: Interaction) -> str:
    return f"{sortable(said.received_at)}#{said.id}"
