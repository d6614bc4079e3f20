"""Twilio reports what became of a text message."""

from followthrough.confirmation.receipts import receive_receipt
from followthrough.handlers.post import post_entry

handler = post_entry(receive_receipt)
