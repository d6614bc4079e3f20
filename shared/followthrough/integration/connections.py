"""Connect a tenant's systems: adapter, settings, secret and endpoint come together here."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from followthrough.contracts.adapter import Adapter
from followthrough.integration.credentials import Secrets
from followthrough.integration.registry import connect, load, operations
from followthrough.tenant.models import Tenant
from followthrough.tenant.scopes import Operations


@dataclass
class Connections:
    """Connects on first use and keeps the connection while the secret stays the same.

    `endpoints` replaces providers' public base URLs, by adapter; `topic_prefix` is the ARN of the tenants' topics up
    to the tenant's name; `configuration_set` is the one that all mail is sent with.
    """

    secrets: Secrets
    endpoints: Mapping[str, str]
    topic_prefix: str
    configuration_set: str
    _kept: dict[tuple[str, str, str], Adapter] = field(default_factory=dict, repr=False)

    def adapter(self, tenant: Tenant, system: str) -> Adapter:
        """Return the adapter behind one of the tenant's systems."""
        config = tenant.systems[system]
        needs_secret = bool(load(config.adapter).Secret.model_fields)
        secret = dict(self.secrets.secret(tenant.tenant, system)) if needs_secret else {}
        settings = dict(config.settings)
        if config.adapter == "sns":
            settings["topic_arn_prefix"] = f"{self.topic_prefix}{tenant.tenant}-"
        if config.adapter == "ses":
            settings["configuration_set"] = self.configuration_set
        key = (tenant.tenant, system, repr((sorted(settings.items(), key=str), sorted(secret.items()))))
        if key not in self._kept:
            self._kept[key] = connect(config.adapter, settings, secret, self.endpoints.get(config.adapter))
        return self._kept[key]

    def operations(self) -> Operations:
        """Return what every adapter can do, by adapter and operation."""
        return operations()
