"""What a measurement is, and how the time of one is taken.

Time is processor time of this thread: these machines are shared, and a wall clock measures the neighbours.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Measure:
    """A number that is better when it is smaller. Counts (`unit` empty) come out the same at every run."""

    name: str
    value: float
    unit: str = ""


def milliseconds(name: str, work: Callable[[], object], rounds: int) -> Measure:
    """Return the fewest milliseconds that one of the rounds took: what is above that is others' noise."""
    return Measure(name, min(1000 * seconds(work) for _ in range(rounds)), "ms")


def seconds(work: Callable[[], object]) -> float:
    """Return the processor time that this thread spends on it."""
    began = time.thread_time()
    work()
    return time.thread_time() - began
