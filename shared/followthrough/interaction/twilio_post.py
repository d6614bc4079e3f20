"""Check what Twilio posted, and answer it.

Form fields: https://www.twilio.com/docs/messaging/guides/webhook-request
Signature: https://www.twilio.com/docs/usage/webhooks/webhooks-security
"""

import re
from collections.abc import Mapping
from typing import Final

import phonenumbers
from twilio.request_validator import RequestValidator

from followthrough.errors import Forged, Malformed
from followthrough.interaction.post import Post, Response

NO_REPLY: Final = Response("text/xml", '<?xml version="1.0" encoding="UTF-8"?><Response/>')
"""Empty TwiML: Twilio sends no reply of its own. https://www.twilio.com/docs/messaging/twiml"""

_MESSAGE = re.compile(r"(SM|MM)[0-9a-f]{32}")


def checked_form(post: Post, secret: Mapping[str, str]) -> dict[str, str]:
    """Check signature and form, and return the form. The signature covers the decoded fields, so reading has to come
    before checking it. Raises Forged, Malformed.
    """
    form = post.form()
    signature = post.headers.get("x-twilio-signature", "")
    if not RequestValidator(secret["auth_token"]).validate(post.url, form or {}, signature):
        raise Forged("X-Twilio-Signature does not fit this address and form")
    if form is None:
        raise Malformed("the body is not a form in UTF-8")
    return form


def message_id(form: Mapping[str, str]) -> str:
    """Return the message's id, which makes redelivery harmless. Raises Malformed."""
    message = field(form, "MessageSid")
    if not _MESSAGE.fullmatch(message):
        raise Malformed("MessageSid is not a message's id")
    return message


def field(form: Mapping[str, str], name: str) -> str:
    """Return a field that is always sent and never empty. Raises Malformed."""
    if not form.get(name):
        raise Malformed(f"{name} is missing")
    return form[name]


def phone(form: Mapping[str, str], name: str) -> str:
    """Return a number as E.164. Twilio sends it so; what is not a possible number is not from a phone."""
    try:
        number = phonenumbers.parse(field(form, name))
    except phonenumbers.NumberParseException:
        raise Malformed(f"{name} is not a number in E.164") from None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
