"""Subject keys, wrapped by a KMS key, in a DynamoDB table of their own: `<tenant>#<subject>` with `key`.

An erasure leaves a tombstone where the wrapped key was. Nothing ever takes a tombstone's place, so a late first use
cannot bring the subject back.
"""

from datetime import timedelta
from threading import Lock
from time import monotonic
from typing import TYPE_CHECKING

from followthrough.clock import Clock, utc_now
from followthrough.ledger.codec import sortable
from followthrough.ledger.dynamodb.table import Table

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.client import DynamoDBClient
    from mypy_boto3_kms.client import KMSClient

_MOST_REMEMBERED = 1000


class KmsKeys:
    """A KeyService on the table named `table`; `master` is the KMS key's id or ARN.

    Unwrapped keys are remembered for `remember`: an erasure takes effect in every running function within that time.
    What is sealed under a remembered key in between is as unreadable afterwards as everything else of the subject.
    """

    def __init__(
        self,
        client: "DynamoDBClient",
        kms: "KMSClient",
        table: str,
        master: str,
        *,
        remember: timedelta = timedelta(seconds=60),
        clock: Clock = utc_now,
    ) -> None:
        self._table = Table(client, table)
        self._kms = kms
        self._master = master
        self._remember = remember.total_seconds()
        self._clock = clock
        self._remembered: dict[tuple[str, str], tuple[float, bytes | None]] = {}
        self._lock = Lock()

    def key(self, tenant: str, subject: str) -> bytes | None:
        """Return the subject's 32-byte key, made on first use; None when the subject was erased."""
        known = self._remembered.get((tenant, subject))
        if known is not None and known[0] > monotonic():
            return known[1]
        key = self._read_or_make(tenant, subject)
        with self._lock:
            if len(self._remembered) >= _MOST_REMEMBERED:
                self._remembered.clear()
            self._remembered[tenant, subject] = (monotonic() + self._remember, key)
        return key

    def erase(self, tenant: str, subject: str) -> None:
        """Destroy the subject's key for good, also if it has none yet; a tombstone with the time of it stays."""
        self._table.update(
            f"{tenant}#{subject}",
            "key",
            "SET #erased_at = :now REMOVE #wrapped",
            "attribute_not_exists(#erased_at)",
            now=sortable(self._clock()),
        )
        with self._lock:
            self._remembered.pop((tenant, subject), None)

    def _read_or_make(self, tenant: str, subject: str) -> bytes | None:
        pk, context = f"{tenant}#{subject}", {"tenant": tenant, "subject": subject}
        stored = self._table.get(pk, "key")
        if stored is None:
            new = self._kms.generate_data_key(KeyId=self._master, KeySpec="AES_256", EncryptionContext=context)
            stored = self._table.create({"pk": pk, "sk": "key", "wrapped": new["CiphertextBlob"]})
            if stored is None:
                return new["Plaintext"]
            # Somebody made or erased it at the same moment: theirs is the subject's only key, or it has none.
        if "wrapped" not in stored:
            return None
        answer = self._kms.decrypt(KeyId=self._master, CiphertextBlob=stored["wrapped"], EncryptionContext=context)
        return answer["Plaintext"]
