"""What Lambda says of the invocation that a handler is in.

Source: https://docs.aws.amazon.com/lambda/latest/dg/python-context.html
"""

from typing import Final, Protocol

TO_WRITE_SECONDS: Final = 5.0
"""What a visit keeps for itself at its end: to put on record what came of it."""


class Invocation(Protocol):
    """What handlers read of Lambda's context."""

    def get_remaining_time_in_millis(self) -> int:
        """Return the milliseconds until Lambda ends it."""


def seconds_for_systems(invocation: Invocation) -> float:
    """Return how long the connected systems may be asked for something: what is left, less what it takes to write."""
    return invocation.get_remaining_time_in_millis() / 1000 - TO_WRITE_SECONDS
