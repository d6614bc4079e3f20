"""Twilio reports what became of a text message."""

from followthrough.handlers.delivery_reports import receive_report
from followthrough.handlers.post import post_entry
from followthrough.interaction.sms import SMS

handler = post_entry(SMS, receive_report)
