"""The tenants' secrets, in AWS Secrets Manager under `followthrough/<stage>/tenants/<tenant>/<system>`."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from time import monotonic
from typing import TYPE_CHECKING

from followthrough.errors import NoCredentials

if TYPE_CHECKING:
    from mypy_boto3_secretsmanager import SecretsManagerClient

_KEPT_SECONDS = 300
"""A rotated secret is in use everywhere after five minutes."""


@dataclass
class SecretsManager:
    """Reads secrets, and keeps each for a short while."""

    client: "SecretsManagerClient"
    stage: str
    _kept: dict[str, tuple[float, dict[str, str]]] = field(default_factory=dict, repr=False)

    def secret(self, tenant: str, system: str) -> Mapping[str, str]:
        """Return the secret of one of the tenant's systems: a JSON object of texts. Raises NoCredentials."""
        name = f"followthrough/{self.stage}/tenants/{tenant}/{system}"
        kept = self._kept.get(name)
        if kept is None or kept[0] < monotonic():
            kept = (monotonic() + _KEPT_SECONDS, self._read(name))
            self._kept[name] = kept
        return kept[1]

    def _read(self, name: str) -> dict[str, str]:
        try:
            text = self.client.get_secret_value(SecretId=name).get("SecretString", "")
        except self.client.exceptions.ResourceNotFoundException:
            raise NoCredentials(name, "does not exist") from None
        try:
            value = json.loads(text)
        except ValueError:
            raise NoCredentials(name, "is not JSON") from None
        if not isinstance(value, dict) or not value:
            raise NoCredentials(name, "is not a JSON object with the fields that the adapter asks for")
        empty = [field for field, part in value.items() if not isinstance(part, str) or not part.strip()]
        if empty:
            raise NoCredentials(name, f"has no text in {', '.join(sorted(empty))}")
        return value
