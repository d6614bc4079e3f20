"""The mapping from addresses to subjects in memory."""

from threading import Lock

from followthrough.ledger.addresses import lookup_key, new_subject


class MemorySubjects:
    """Subjects; `stored` maps tenant and lookup key to the subject's id."""

    def __init__(self, pepper: bytes = b"pepper of tests") -> None:
        self.stored: dict[tuple[str, str], str] = {}
        self._erased: set[tuple[str, str]] = set()
        self._pepper = pepper
        self._lock = Lock()

    def subject(self, tenant: str, address: str) -> str:
        """Return the subject id of this address, made on first use."""
        with self._lock:
            return self.stored.setdefault((tenant, lookup_key(self._pepper, tenant, address)), new_subject())

    def known(self, tenant: str, address: str) -> str | None:
        """Return the subject of this address; None when there is none, and none is made."""
        with self._lock:
            return self.stored.get((tenant, lookup_key(self._pepper, tenant, address)))

    def has(self, tenant: str, subject: str) -> bool:
        """Tell whether this id is somebody's of the tenant, or was before an erasure."""
        with self._lock:
            ids = {known for (whose, _), known in self.stored.items() if whose == tenant}
            return subject in ids or (tenant, subject) in self._erased

    def forget(self, tenant: str, subject: str) -> None:
        """Remove the way from the address to this subject; doing it again changes nothing."""
        with self._lock:
            self._erased.add((tenant, subject))
            for key in [key for key, known in self.stored.items() if key[0] == tenant and known == subject]:
                del self.stored[key]
