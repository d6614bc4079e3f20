"""The tenants' secrets, in AWS Secrets Manager under `followthrough/<stage>/tenants/<tenant>/<system>`."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from time import monotonic
from typing import TYPE_CHECKING

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
        """Return the secret of one of the tenant's systems: a JSON object; {} for a system that needs none."""
        name = f"followthrough/{self.stage}/tenants/{tenant}/{system}"
        kept = self._kept.get(name)
        if kept is None or kept[0] < monotonic():
            kept = (monotonic() + _KEPT_SECONDS, self._read(name))
            self._kept[name] = kept
        return kept[1]

    def _read(self, name: str) -> dict[str, str]:
        value: dict[str, str] = json.loads(self.client.get_secret_value(SecretId=name)["SecretString"])
        return value
