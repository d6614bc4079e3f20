"""Twilio's words for what became of a message.

https://www.twilio.com/docs/messaging/api/message-resource#message-status-values
"""

from collections.abc import Mapping
from typing import Final

from followthrough.contracts.report import Settled

SETTLED: Final[Mapping[str, Settled]] = {
    "delivered": "delivered",
    "read": "read",
    "undelivered": "undelivered",
    "failed": "failed",
    "canceled": "canceled",
}
"""Twilio's word to ours. Every other one says that it is on its way."""

STATUSES: Final = frozenset({*SETTLED, "accepted", "scheduled", "queued", "sending", "sent", "receiving", "received"})
"""Every word that Twilio has for how a message stands."""
