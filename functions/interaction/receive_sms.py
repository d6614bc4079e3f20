"""A text message came in from Twilio."""

from followthrough.handlers.post import post_entry
from followthrough.interaction.reception import receive
from followthrough.interaction.sms import SMS

handler = post_entry(SMS, receive)
