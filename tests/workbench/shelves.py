"""Releases that are parsed once: a bench loads them at every invocation."""

from followthrough.routing.memory import MemoryReleases
from followthrough.routing.releases import Live, Release


class RememberedReleases(MemoryReleases):
    """Releases in memory, each kept as the object that it is, as a warm function has them."""

    def __init__(self) -> None:
        super().__init__()
        self.known: dict[tuple[str, str], Release] = {}

    def publish(self, release: Release) -> None:
        """Keep a release and make it live."""
        name = release.tenant.tenant
        self.known[name, release.id] = release
        live = self.live(name) or Live(tenant=name, release="")
        self.go_live(live.model_copy(update={"release": release.id}))

    def release(self, tenant: str, release: str) -> Release:
        """Return a kept release. Raises Missing."""
        return self.known.get((tenant, release)) or super().release(tenant, release)
