"""How long a provider may take and how much it may say: bounds on what no provider promises.

An agent's function has 30 seconds. Whoever is cut off by it leaves its effects to be settled later, by whoever comes
next; a visit that stops by itself in time writes what it knows.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from time import monotonic
from typing import Final

CONNECT_SECONDS: Final = 3.0
READ_SECONDS: Final = 10.0
"""How long any client waits for a connection, and then for each part of an answer."""

ANSWER_SECONDS: Final = 15.0
"""How long a whole exchange may take, from the first byte sent to the last one received."""

LARGEST_ANSWER: Final = 4 * 1024 * 1024
"""Bytes of a body, after decompression: a hundred bookings or contacts are a tenth of it."""

_until: ContextVar[float] = ContextVar("until", default=float("inf"))


@contextmanager
def within(seconds: float) -> Iterator[None]:
    """Let everything that is asked of providers inside end within so many seconds, or sooner where that was said
    already.
    """
    token = _until.set(min(_until.get(), monotonic() + seconds))
    try:
        yield
    finally:
        _until.reset(token)


def seconds_left() -> float:
    """Return what is left of the time that `within` gave; infinite where nobody gave one."""
    return _until.get() - monotonic()
