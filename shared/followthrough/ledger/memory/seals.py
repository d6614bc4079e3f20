"""Seals in memory, and the chains of a ledger in memory that they seal."""

import json
from collections.abc import Iterable, Sequence
from threading import Lock

from followthrough.ledger.chain import Head, genesis
from followthrough.ledger.memory.ledger import MemoryLedger
from followthrough.ledger.seals import KeptSeal, Seal


class MemoryChains:
    """Chains of a MemoryLedger."""

    def __init__(self, ledger: MemoryLedger) -> None:
        self._chains = ledger.chains

    def changed(self, tenant: str, hour: str) -> Iterable[str]:
        """Return the executions whose chains got entries in that UTC hour."""
        own = [(execution, chain) for (of, execution), chain in self._chains.items() if of == tenant]
        return {
            execution for execution, chain in own if any(json.loads(it.body)["at"].startswith(hour) for it in chain)
        }

    def head(self, tenant: str, execution: str) -> Head:
        """Return how far a chain has come."""
        chain = self._chains.get((tenant, execution))
        return Head(chain[-1].sequence, chain[-1].hash) if chain else genesis(tenant, execution)


class MemorySeals:
    """Seals; `stored` holds each one's text by tenant and hour."""

    def __init__(self) -> None:
        self.stored: dict[tuple[str, str], str] = {}
        self._lock = Lock()

    def latest(self, tenant: str) -> Seal | None:
        """Return the tenant's newest seal; None when it has none yet."""
        kept = self.read(tenant)
        return Seal.model_validate_json(kept[-1].text) if kept else None

    def keep(self, seal: Seal) -> bool:
        """Write the seal; False when there is one of that hour already, which stays."""
        with self._lock:
            text = seal.text()
            return self.stored.setdefault((seal.tenant, seal.hour), text) is text

    def read(self, tenant: str, since: str = "") -> Sequence[KeptSeal]:
        """Return the tenant's seals from that hour on, oldest first."""
        with self._lock:
            found = sorted((key, text) for key, text in self.stored.items() if key[0] == tenant and key[1] >= since)
        return [KeptSeal(hour, text) for (_, hour), text in found]
