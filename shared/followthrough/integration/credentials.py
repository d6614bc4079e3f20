"""Where the secrets of tenants' systems come from."""

from collections.abc import Mapping
from typing import Protocol


class Secrets(Protocol):
    """Where tenants' secrets are kept."""

    def secret(self, tenant: str, system: str) -> Mapping[str, str]:
        """Return the secret of one of the tenant's systems."""
