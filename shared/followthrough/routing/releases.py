"""A release: one immutable, compiled state of a tenant's configuration."""

from typing import Any, Protocol

from pydantic import BaseModel, ConfigDict

from followthrough.tenant.models import Tenant


class Release(BaseModel):
    """A tenant's configuration with the state machine generated from it.

    `id` is the first 16 hex digits of a SHA-256 over both; `machine` the generated ASL.
    """

    model_config = ConfigDict(frozen=True)

    id: str
    tenant: Tenant
    machine: dict[str, Any]


class Live(BaseModel):
    """Which release of a tenant takes new interactions; written conditionally on its `version`."""

    tenant: str
    release: str
    version: int = 0


class Releases(Protocol):
    """Where releases are kept, and which one is live. Kept releases never change."""

    def keep(self, release: Release) -> None:
        """Store the release under its id; storing the same one again changes nothing."""

    def release(self, tenant: str, release: str) -> Release:
        """Return a kept release. Raises Missing."""

    def live(self, tenant: str) -> Live | None:
        """Return the live record, strongly consistent; None when the tenant never went live."""

    def go_live(self, live: Live) -> Live:
        """Make a release live if the record is still the version that was read (0: none). Raises Conflict."""
