"""What falls due, in memory."""

from collections.abc import Iterator
from datetime import datetime
from threading import Lock

from followthrough.ledger.due import Due, DueExecution


class MemoryAgenda:
    """An Agenda; the ledger and the conversations in memory keep it."""

    def __init__(self) -> None:
        self._kept: dict[tuple[str, str], Due] = {}
        self._lock = Lock()

    def due(self, before: datetime) -> Iterator[Due]:
        """Yield what falls due before a moment, of all tenants."""
        with self._lock:
            found = [it for it in self._kept.values() if it.at < before]
        yield from sorted(found, key=lambda it: it.at)

    def postpone(self, due: Due, until: datetime) -> Due | None:
        """Have it fall due later, or sooner; None where it was finished, saved or postponed by somebody else since."""
        with self._lock:
            if self._kept.get(_key(due)) != due:
                return None
            later = self._kept[_key(due)] = due.model_copy(update={"at": until})
            return later

    def keep(self, due: Due) -> None:
        """Have something fall due."""
        with self._lock:
            self._kept[_key(due)] = due

    def drop(self, tenant: str, name: str) -> None:
        """Forget an execution that is closed, or an interaction whose message was taken."""
        with self._lock:
            self._kept.pop((tenant, name), None)


def _key(due: Due) -> tuple[str, str]:
    return due.tenant, due.execution if isinstance(due, DueExecution) else due.interaction
