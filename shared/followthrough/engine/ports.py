"""All that agents may use of the outside world, as ports (hexagonal architecture): tests hand in real fakes."""

from dataclasses import dataclass
from typing import Protocol

from followthrough.clock import Clock
from followthrough.contracts.adapter import Adapter
from followthrough.ledger.stores import Agenda, Conversations, Ledger, Subjects
from followthrough.routing.releases import Releases
from followthrough.tenant.models import Tenant
from followthrough.tenant.scopes import Operations


class Machines(Protocol):
    """Where state machines run."""

    def start(self, tenant: str, release: str, execution: str, number: int = 1) -> None:
        """Start the release's machine for an execution, for the `number`th time; starting that again changes
        nothing.
        """

    def runs(self, tenant: str, release: str, execution: str, number: int) -> bool:
        """Tell whether that start's machine still runs; one that never started does not."""

    def resume(self, token: str) -> bool:
        """End a wait; False when nobody waits on this token any more."""


class Systems(Protocol):
    """Where a tenant's connected systems are found."""

    def adapter(self, tenant: Tenant, system: str) -> Adapter:
        """Return the adapter behind one of the tenant's systems, connected with its settings and secret."""

    def operations(self) -> Operations:
        """Return what every adapter can do, by adapter and operation."""


@dataclass(frozen=True)
class Ports:
    """All that agents may use of the outside world. `public_url` is where providers reach us, without a slash at its
    end.
    """

    ledger: Ledger
    agenda: Agenda
    conversations: Conversations
    subjects: Subjects
    releases: Releases
    systems: Systems
    machines: Machines
    clock: Clock
    public_url: str
