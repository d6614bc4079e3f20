"""Which mail identities are a tenant's to send from: `<tenant>` with `senders` in the table named `tenants`.

SES verifies addresses and domains for a whole account, so they say nothing about whose they are. Whoever runs the stage
does, by `followthrough senders`; no function writes it.
"""

from collections.abc import Sequence
from time import monotonic
from typing import TYPE_CHECKING

from followthrough.ledger.dynamodb.table import Table

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.client import DynamoDBClient

_KEPT_SECONDS = 300
"""What was taken away is used nowhere after five minutes."""


class AwsSenders:
    """Identities by tenant, each read once in a short while."""

    def __init__(self, client: "DynamoDBClient", tenants: str) -> None:
        self._table = Table(client, tenants)
        self._kept: dict[str, tuple[float, Sequence[str]]] = {}

    def of(self, tenant: str) -> Sequence[str]:
        """Return the addresses, and the domains of addresses, that a tenant may send from."""
        kept = self._kept.get(tenant)
        if kept is None or kept[0] < monotonic():
            stored = self._table.get(tenant, "senders") or {}
            kept = self._kept[tenant] = (monotonic() + _KEPT_SECONDS, stored.get("identities", []))
        return kept[1]

    def give(self, tenant: str, identities: Sequence[str]) -> None:
        """Give a tenant these identities, and no others."""
        self._table.put({"pk": tenant, "sk": "senders", "identities": list(identities)})
        self._kept.pop(tenant, None)
