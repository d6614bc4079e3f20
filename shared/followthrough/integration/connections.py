"""Connect a tenant's systems: adapter, settings, secret and endpoint come together here."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from pydantic import BaseModel, ValidationError

from followthrough.contracts.adapter import Adapter
from followthrough.contracts.settings import StageSettings, from_stage
from followthrough.errors import BadSecret
from followthrough.integration.credentials import Secrets
from followthrough.integration.registry import connect, load, operations
from followthrough.tenant.models import Tenant
from followthrough.tenant.scopes import Operations


@dataclass
class Connections:
    """Connects on first use and keeps the connection while the secret stays the same.

    `endpoints` replaces providers' public base URLs, by adapter; `stage` is what the stage fills into their settings.
    """

    secrets: Secrets
    endpoints: Mapping[str, str]
    stage: StageSettings
    _kept: dict[tuple[str, str, str], Adapter] = field(default_factory=dict, repr=False)

    def adapter(self, tenant: Tenant, system: str) -> Adapter:
        """Return the adapter behind one of the tenant's systems. Raises BadSecret."""
        config = tenant.systems[system]
        kind = load(config.adapter)
        secret = self._secret(tenant.tenant, system, kind.Secret) if kind.Secret.model_fields else {}
        settings = {
            **config.settings,
            **{name: self.stage.setting(name, tenant.tenant) for name in from_stage(kind.Settings)},
        }
        key = (tenant.tenant, system, repr((sorted(settings.items(), key=str), sorted(secret.items()))))
        if key not in self._kept:
            self._kept[key] = connect(config.adapter, settings, secret, self.endpoints.get(config.adapter))
        return self._kept[key]

    def _secret(self, tenant: str, system: str, model: type[BaseModel]) -> dict[str, str]:
        """Return a secret that has just what the adapter asks for, and nothing empty. Raises BadSecret."""
        secret = dict(self.secrets.secret(tenant, system))
        empty = sorted(name for name, value in secret.items() if not value.strip())
        if empty:
            raise BadSecret(f"the secret of `{system}` has nothing under {_named(empty)}")
        try:
            model.model_validate(secret)
        except ValidationError:
            raise BadSecret(
                f"the secret of `{system}` must hold {_named(model.model_fields)}, and nothing else"
            ) from None
        return secret

    def operations(self) -> Operations:
        """Return what every adapter can do, by adapter and operation."""
        return operations()


def _named(fields: Iterable[str]) -> str:
    return ", ".join(f"`{name}`" for name in fields)
