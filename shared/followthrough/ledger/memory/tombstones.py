"""Tombstones in memory."""

from collections.abc import Iterator

from followthrough.ledger.erasure import Tombstone


class MemoryTombstones:
    """Tombstones; `stored` holds them by tenant and subject."""

    def __init__(self) -> None:
        self.stored: dict[tuple[str, str], Tombstone] = {}

    def keep(self, tombstone: Tombstone) -> None:
        """Keep a tombstone; the first one of a subject stays."""
        self.stored.setdefault((tombstone.tenant, tombstone.subject), tombstone)

    def all(self) -> Iterator[Tombstone]:
        """Yield every tombstone of every tenant."""
        yield from list(self.stored.values())
