"""The tenants' secrets, in AWS Secrets Manager under `followthrough/<stage>/tenants/<tenant>/<system>`."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from time import monotonic
from typing import TYPE_CHECKING

from followthrough.errors import BadSecret

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
        """Return the secret of one of the tenant's systems: a JSON object of texts, none of them empty. Raises
        BadSecret.
        """
        name = f"followthrough/{self.stage}/tenants/{tenant}/{system}"
        kept = self._kept.get(name)
        if kept is None or kept[0] < monotonic():
            kept = (monotonic() + _KEPT_SECONDS, self._read(name))
            self._kept[name] = kept
        return kept[1]

    def _read(self, name: str) -> dict[str, str]:
        try:
            text = self.client.get_secret_value(SecretId=name)["SecretString"]
        except (self.client.exceptions.ResourceNotFoundException, KeyError):
            raise BadSecret(f"there is no secret `{name}`") from None
        except self.client.exceptions.InvalidRequestException:
            raise BadSecret(f"the secret `{name}` is about to be deleted") from None
        try:
            value = json.loads(text)
        except ValueError:
            value = None
        if not isinstance(value, dict) or not value or not all(isinstance(part, str) for part in value.values()):
            raise BadSecret(f"the secret `{name}` is no JSON object of texts") from None
        empty = sorted(field for field, part in value.items() if not part.strip())
        if empty:
            raise BadSecret(f"the secret `{name}` has nothing under {', '.join(f'`{field}`' for field in empty)}")
        return value
