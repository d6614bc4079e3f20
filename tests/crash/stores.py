"""The ledger that all processes share: the product's tables on the embedded AWS."""

import hashlib
from dataclasses import dataclass, replace
from typing import Any

from followthrough.clock import Clock
from followthrough.engine.ports import Ports
from followthrough.ledger.dynamodb import DynamoAgenda, DynamoConversations, DynamoLedger, DynamoSubjects
from tests.ledger.tables import create

PEPPER = b"a pepper for tests only"
TABLES = ("executions", "traces", "subjects")


class DerivedKeys:
    """Keys that every process finds by itself; what they protect is tested elsewhere."""

    def key(self, tenant: str, subject: str) -> bytes | None:
        """Return the subject's 32-byte key."""
        return hashlib.sha256(f"{tenant}\n{subject}".encode()).digest()

    def erase(self, tenant: str, subject: str) -> None:
        """Nobody is erased here."""
        raise NotImplementedError


@dataclass(frozen=True)
class Stores:
    """The stores of one run, on tables of its own."""

    ledger: DynamoLedger
    conversations: DynamoConversations
    agenda: DynamoAgenda
    subjects: DynamoSubjects

    @classmethod
    def of(cls, dynamodb: Any, run: str, clock: Clock) -> "Stores":
        """Open the stores of a run."""
        executions, traces, subjects = (f"{table}-{run}" for table in TABLES)
        keys = DerivedKeys()
        return cls(
            DynamoLedger(dynamodb, executions, traces, keys, clock=clock),
            DynamoConversations(dynamodb, executions, keys),
            DynamoAgenda(dynamodb, executions),
            DynamoSubjects(dynamodb, subjects, PEPPER, clock=clock),
        )

    def beneath(self, ports: Ports) -> Ports:
        """Return ports that store in these."""
        return replace(
            ports,
            ledger=self.ledger,
            agenda=self.agenda,
            conversations=self.conversations,
            subjects=self.subjects,
        )


def make_tables(dynamodb: Any, run: str) -> None:
    """Make the tables of a run."""
    for table in TABLES:
        create(dynamodb, f"{table}-{run}", like=table)


def drop_tables(dynamodb: Any, run: str) -> None:
    """Delete the tables of a run."""
    for table in TABLES:
        dynamodb.delete_table(TableName=f"{table}-{run}")
