"""One clock for everything: the agents, the ledger and the sandbox systems."""

from datetime import UTC, datetime, timedelta
from threading import Lock

START = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)
"""A Monday, nine in the morning at the practice in Chicago."""

TICK = timedelta(milliseconds=1)


class ManualClock:
    """Goes on when told, and a millisecond whenever it is read: what happened first is also dated first."""

    def __init__(self, start: datetime = START) -> None:
        self.now = start
        self._lock = Lock()

    def __call__(self) -> datetime:
        """Return now, aware, in UTC."""
        with self._lock:
            self.now += TICK
            return self.now

    def forward(self, to: datetime) -> None:
        """Go to a moment; a past one changes nothing."""
        with self._lock:
            self.now = max(self.now, to)

    def reset(self, start: datetime = START) -> None:
        """Begin anew."""
        with self._lock:
            self.now = start
