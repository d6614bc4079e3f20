"""Connect a tenant's systems: adapter, settings, secret and endpoint come together here."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from pydantic import ValidationError

from followthrough.contracts.adapter import Adapter
from followthrough.contracts.settings import StageSettings, from_stage
from followthrough.errors import NoCredentials
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
        """Return the adapter behind one of the tenant's systems."""
        config = tenant.systems[system]
        kind = load(config.adapter)
        secret = dict(self.secrets.secret(tenant.tenant, system)) if kind.Secret.model_fields else {}
        settings = {
            **config.settings,
            **{name: self.stage.setting(name, tenant.tenant) for name in from_stage(kind.Settings)},
        }
        key = (tenant.tenant, system, repr((sorted(settings.items(), key=str), sorted(secret.items()))))
        if key not in self._kept:
            try:
                self._kept[key] = connect(config.adapter, settings, secret, self.endpoints.get(config.adapter))
            except ValidationError as wrong:
                places = sorted({".".join(map(str, it["loc"])) for it in wrong.errors(include_input=False)})
                raise NoCredentials(f"of {system}", f"does not fit {config.adapter}: {', '.join(places)}") from None
        return self._kept[key]

    def operations(self) -> Operations:
        """Return what every adapter can do, by adapter and operation."""
        return operations()
