"""Releases in memory."""

from threading import Lock

from followthrough.errors import Conflict, Missing
from followthrough.routing.releases import Live, Release


class MemoryReleases:
    """Releases; `stored` holds each as JSON by tenant and id, `records` the live records by tenant."""

    def __init__(self) -> None:
        self.stored: dict[tuple[str, str], str] = {}
        self.records: dict[str, Live] = {}
        self._lock = Lock()

    def keep(self, release: Release) -> None:
        """Store the release under its id; storing the same one again changes nothing."""
        with self._lock:
            self.stored.setdefault((release.tenant.tenant, release.id), release.model_dump_json())

    def release(self, tenant: str, release: str) -> Release:
        """Return a kept release. Raises Missing."""
        with self._lock:
            stored = self.stored.get((tenant, release))
        if stored is None:
            raise Missing(f"no release {release} of {tenant}")
        return Release.model_validate_json(stored)

    def live(self, tenant: str) -> Live | None:
        """Return the live record; None when the tenant never went live."""
        with self._lock:
            return self.records.get(tenant)

    def go_live(self, live: Live) -> Live:
        """Make a release live if the record is still the version that was read (0: none). Raises Conflict."""
        with self._lock:
            recorded = self.records.get(live.tenant)
            if (recorded.version if recorded else 0) != live.version:
                raise Conflict(f"{live.tenant} went live with another release meanwhile")
            written = live.model_copy(update={"version": live.version + 1})
            self.records[live.tenant] = written
            return written
