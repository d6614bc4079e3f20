"""What a provider reports of words that it was given to deliver, in our words."""

from dataclasses import dataclass
from typing import Final, Literal, get_args

Arrived = Literal["delivered", "read", "complained"]
"""Who complains about a mail has got it."""

Lost = Literal["undelivered", "failed", "canceled", "bounced", "rejected", "not_rendered"]

Settled = Arrived | Lost
"""What became of a message, once that is certain."""

DELIVERED: Final[frozenset[str]] = frozenset(get_args(Arrived))
FAILED: Final[frozenset[str]] = frozenset(get_args(Lost))


@dataclass(frozen=True)
class DeliveryReport:
    """What became of the message with this provider's id, which was sent for a tenant."""

    tenant: str
    message: str
    status: Settled
