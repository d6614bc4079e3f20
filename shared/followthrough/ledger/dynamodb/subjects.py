"""The mapping from addresses to subjects in DynamoDB: `<tenant>#<lookup key>` with `subject`, and the way back from
`<tenant>#<subject>` with `address`, which an erasure takes and leaves a tombstone of.
"""

from typing import TYPE_CHECKING

from botocore.exceptions import ClientError

from followthrough.clock import Clock, utc_now
from followthrough.errors import Conflict
from followthrough.ledger.addresses import lookup_key, new_subject
from followthrough.ledger.codec import sortable
from followthrough.ledger.dynamodb.table import FREE, Table, key, racing
from followthrough.ledger.jitter import tries

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.client import DynamoDBClient


class DynamoSubjects:
    """Subjects on the table named `subjects`; `pepper` is the stage's secret of at least 16 bytes."""

    def __init__(self, client: "DynamoDBClient", subjects: str, pepper: bytes, *, clock: Clock = utc_now) -> None:
        self._table = Table(client, subjects)
        self._pepper = pepper
        self._clock = clock

    def subject(self, tenant: str, address: str) -> str:
        """Return the subject id of this address, made on first use. Raises Conflict."""
        for _ in tries():
            known = self.known(tenant, address)
            if known is not None:
                return known
            made, lookup = new_subject(), lookup_key(self._pepper, tenant, address)
            there, back = {"pk": f"{tenant}#{lookup}", "sk": "subject", "subject": made}, _back(tenant, made)
            taken = self._table.transact(
                self._table.put_action(there, FREE), self._table.put_action({**back, "lookup": lookup}, FREE)
            )
            if not any(taken):
                return made
        raise Conflict("an address was mapped and forgotten all the time")

    def known(self, tenant: str, address: str) -> str | None:
        """Return the subject of this address; None when there is none, and none is made."""
        stored = self._table.get(f"{tenant}#{lookup_key(self._pepper, tenant, address)}", "subject")
        return None if stored is None else str(stored["subject"])

    def has(self, tenant: str, subject: str) -> bool:
        """Tell whether this id is somebody's of the tenant, or was before an erasure."""
        return self._table.get(**_back(tenant, subject)) is not None

    def forget(self, tenant: str, subject: str) -> None:
        """Remove the way from the address to this subject, both ways; doing it again changes nothing."""
        back = _back(tenant, subject)
        stored = self._table.get(**back) or {}
        if "lookup" in stored:
            self._remove(f"{tenant}#{stored['lookup']}", subject)
        self._table.update(
            back["pk"],
            back["sk"],
            "SET #erased_at = if_not_exists(#erased_at, :now) REMOVE #lookup",
            "attribute_not_exists(#erased_at) OR attribute_exists(#lookup)",
            now=sortable(self._clock()),
        )

    def _remove(self, pk: str, subject: str) -> None:
        """Delete the mapping, unless the address has come to be somebody else's since."""
        try:
            racing(
                lambda: self._table.client.delete_item(
                    TableName=self._table.name,
                    Key=key(pk, "subject"),
                    ConditionExpression="attribute_not_exists(pk) OR subject = :subject",
                    ExpressionAttributeValues={":subject": {"S": subject}},
                )
            )
        except ClientError as error:
            if error.response["Error"]["Code"] != "ConditionalCheckFailedException":
                raise


def _back(tenant: str, subject: str) -> dict[str, str]:
    return {"pk": f"{tenant}#{subject}", "sk": "address"}
