"""The one place that reads the time."""

from datetime import UTC, datetime
from typing import Protocol


class Clock(Protocol):
    """Tells the time; tests bring their own."""

    def __call__(self) -> datetime:
        """Return now, aware, in UTC."""


def utc_now() -> datetime:
    """Return now, aware, in UTC."""
    return datetime.now(UTC)
