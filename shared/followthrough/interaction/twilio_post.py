"""Check what Twilio posted, and answer it.

Form fields: https://www.twilio.com/docs/messaging/guides/webhook-request
Signature: https://www.twilio.com/docs/usage/webhooks/webhooks-security
"""

import re
from collections.abc import Mapping
from typing import Final

from followthrough.contracts.consent import Signal
from followthrough.errors import Forged, Malformed, NotReady
from followthrough.interaction.post import Post, Response

NO_REPLY: Final = Response("text/xml", '<?xml version="1.0" encoding="UTF-8"?><Response/>')
"""Empty TwiML: Twilio sends no reply of its own. https://www.twilio.com/docs/messaging/twiml"""

_INTERNATIONAL = re.compile(r"\+[\d ().-]{6,25}")
_OURS = re.compile(r"\+?\d{3,15}")

_WITHHELD: Final = frozenset({"+266696687", "+7378742833", "+2562533", "+8656696", "+86282452253", "+464"})
"""ANONYMOUS, RESTRICTED, BLOCKED, UNKNOWN, UNAVAILABLE and ING, as their letters stand on a telephone's keys.

Source: https://help.twilio.com/articles/223179988 ("Why am I getting calls from these strange numbers?")
"""

_OPTED: Final[Mapping[str, Signal]] = {"STOP": "stop", "START": "start", "HELP": "help"}

_MESSAGE = re.compile(r"(SM|MM)[0-9a-f]{32}")


def checked_form(post: Post, secret: Mapping[str, str]) -> dict[str, str]:
    """Check signature and form, and return the form. The signature covers the decoded fields, so reading has to come
    before checking it. Raises Forged, Malformed.
    """
    from twilio.request_validator import RequestValidator  # noqa: PLC0415  agents only answer: they check no post

    form = post.form()
    signature = post.headers.get("x-twilio-signature", "")
    token = secret.get("auth_token")
    if not token:
        raise NotReady("the tenant's secret has no auth_token to check this with")
    if not RequestValidator(token).validate(post.url, form or {}, signature):
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


def ours(form: Mapping[str, str]) -> str:
    """Return which of the tenant's own numbers or short codes was written to. Raises Malformed."""
    number = field(form, "To")
    if not _OURS.fullmatch(number):
        raise Malformed("To is not a number")
    return number


def field(form: Mapping[str, str], name: str) -> str:
    """Return a field that is always sent and never empty. Raises Malformed."""
    if not form.get(name):
        raise Malformed(f"{name} is missing")
    return form[name]


def opted(form: Mapping[str, str]) -> Signal | None:
    """Return what Twilio itself took the words for, where the account manages opt-outs with words of its own.

    Source: https://www.twilio.com/docs/messaging/tutorials/advanced-opt-out, `OptOutType`.
    """
    return _OPTED.get(form.get("OptOutType", ""))


def person(address: str) -> str | None:
    """Return a number as E.164; None for what is no person's: a short code, a name, a number withheld, an address of
    another channel, by which an answer would have to go.
    """
    import phonenumbers  # noqa: PLC0415  as above

    if not _INTERNATIONAL.fullmatch(address) or address in _WITHHELD:
        return None
    try:
        number = phonenumbers.parse(address)
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_possible_number(number):
        return None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
