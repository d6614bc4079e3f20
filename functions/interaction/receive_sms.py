"""A text message came in from Twilio."""

from followthrough.handlers.post import post_entry
from followthrough.interaction.sms import receive_text

handler = post_entry(receive_text)
