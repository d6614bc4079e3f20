"""Trying again after a lost race, so that those who lost do not meet again."""

import random
import time
from collections.abc import Callable, Iterator

Sleep = Callable[[float], None]

_SHORTEST_SECONDS = 0.01
_LONGEST_SECONDS = 0.5
_GIVE_UP_AFTER_SECONDS = 20.0


def tries(sleep: Sleep = time.sleep) -> Iterator[int]:
    """Count attempts from 0 and sleep between them: exponential with full jitter, about 20 seconds in all.

    The caller leaves the loop when it has won; the loop ends when the time is spent.
    """
    slept, attempt = 0.0, 0
    while slept < _GIVE_UP_AFTER_SECONDS:
        yield attempt
        # Not for secrets: it only spreads the losers out.
        pause = random.uniform(0, min(_LONGEST_SECONDS, _SHORTEST_SECONDS * 2**attempt))  # noqa: S311
        sleep(pause)
        slept, attempt = slept + pause, attempt + 1
