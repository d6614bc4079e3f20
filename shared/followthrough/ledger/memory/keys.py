"""Subject keys in memory."""

import secrets
from threading import Lock

_KEY_BYTES = 32


class MemoryKeys:
    """A KeyService; `stored` holds the keys, None for an erased subject."""

    def __init__(self) -> None:
        self.stored: dict[tuple[str, str], bytes | None] = {}
        self._lock = Lock()

    def key(self, tenant: str, subject: str) -> bytes | None:
        """Return the subject's key, made on first use; None when the subject was erased."""
        with self._lock:
            return self.stored.setdefault((tenant, subject), secrets.token_bytes(_KEY_BYTES))

    def erase(self, tenant: str, subject: str) -> None:
        """Forget the key for good; the None that stays keeps a new one from being made."""
        with self._lock:
            self.stored[tenant, subject] = None
