"""The mapping from addresses to subjects in DynamoDB: `<tenant>#<lookup key>` with `subject`."""

from typing import TYPE_CHECKING

from followthrough.ledger.addresses import lookup_key, new_subject
from followthrough.ledger.dynamodb.table import Table

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.client import DynamoDBClient


class DynamoSubjects:
    """Subjects on the table named `subjects`; `pepper` is the stage's secret of at least 16 bytes."""

    def __init__(self, client: "DynamoDBClient", subjects: str, pepper: bytes) -> None:
        self._table = Table(client, subjects)
        self._pepper = pepper

    def subject(self, tenant: str, address: str) -> str:
        """Return the subject id of this address, made on first use."""
        pk = f"{tenant}#{lookup_key(self._pepper, tenant, address)}"
        stored = self._table.get(pk, "subject")
        if stored is None:
            made = {"pk": pk, "sk": "subject", "subject": new_subject()}
            stored = self._table.create(made) or made
        return str(stored["subject"])
