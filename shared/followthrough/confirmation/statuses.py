"""What a carrier's word on a message says about the confirmation that it carries.

Twilio's statuses: https://www.twilio.com/docs/messaging/api/message-resource#message-status-values
"""

from typing import Final

DELIVERED: Final = frozenset({"delivered", "read"})
FAILED: Final = frozenset({"undelivered", "failed", "canceled"})
FINAL: Final = DELIVERED | FAILED
