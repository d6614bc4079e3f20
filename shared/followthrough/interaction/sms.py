"""Text messages, by Twilio."""

from typing import Final

from followthrough.contracts.interaction import Sender
from followthrough.contracts.messaging import NewText
from followthrough.contracts.report import DeliveryReport
from followthrough.errors import Malformed
from followthrough.integration.twilio.statuses import SETTLED
from followthrough.interaction.channel import Channel, Said, Secret
from followthrough.interaction.post import Post
from followthrough.interaction.twilio_post import NO_REPLY, checked_form, field, message_id, opted, ours, person


def _read(post: Post, secret: Secret) -> Said:
    form = checked_form(post, secret)
    message, address, recipient = message_id(form), field(form, "From"), ours(form)
    if "Body" not in form:
        raise Malformed("Body is missing")
    sender = person(address)
    aside = None if sender else "it was not sent from a person's number: nobody there reads an answer"
    return Said(message, address, sender, recipient, form["Body"], opted(form), aside)


def _read_report(post: Post, secret: Secret) -> DeliveryReport | None:
    form = checked_form(post, secret)
    message, status = message_id(form), SETTLED.get(field(form, "MessageStatus"))
    return DeliveryReport(post.tenant, message, status) if status else None


def _words(to: Sender, text: str, report_to: str | None) -> NewText | None:
    return NewText(to=to.phone, body=text, status_url=report_to) if to.phone else None


SMS: Final = Channel(
    name="sms",
    providers=frozenset({"twilio"}),
    read=_read,
    read_report=_read_report,
    accepted=NO_REPLY,
    words=_words,
)
"""The channel of text messages."""
