"""How often each loop of a machine may go round: agents keep to it, and so its longest path is known."""

from datetime import timedelta
from math import ceil, log2
from typing import Final

MAX_QUESTIONS: Final = 3
"""How often in a row one question is asked in vain before a person has to take over."""

INPUT_WAIT: Final = timedelta(hours=24)
"""How long a question for a missing input stays open."""

MAX_WISHES: Final = 10
"""How often a customer may answer one choice with another wish before a person has to take over."""

MAX_ROUNDS: Final = 5
"""How often a chain goes back because somebody else was faster, before it gives up."""

MAX_TRIES: Final = 8
"""How often a call may break whoever makes it before it counts as failed, and a provider name a short pause."""

A_DAY: Final = timedelta(days=1)
"""How long a system that is away is waited for where nobody is kept waiting: to keep records."""


def longest_pause(patience: timedelta) -> timedelta:
    """Return how long a step at most stays away from a system: a minute, or a fortieth of a longer patience."""
    return max(timedelta(minutes=1), patience / 40)


def most_visits(patience: timedelta) -> int:
    """Return how often a step may come to a system that is away: after pauses of 1, 2, 4 ... seconds up to the longest,
    or as short as the provider asks for at first.
    """
    longest = longest_pause(patience)
    return MAX_TRIES + ceil(log2(longest.total_seconds())) + ceil(patience / longest)
