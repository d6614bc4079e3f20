"""Where the secrets of tenants' systems come from."""

from collections.abc import Mapping
from typing import Annotated, Protocol

from pydantic import Field, SecretStr

Credential = Annotated[SecretStr, Field(min_length=1)]
"""A part of a secret: an empty one would sign and open everything."""


class Secrets(Protocol):
    """Where tenants' secrets are kept."""

    def secret(self, tenant: str, system: str) -> Mapping[str, str]:
        """Return the secret of one of the tenant's systems: texts by name, none of them empty. Raises BadSecret."""
