"""Check a form that Twilio posted: size, tenant, signature and fields, in this order.

The checks go from cheap to costly, and nobody stores or starts anything before all have passed.
Form fields: https://www.twilio.com/docs/messaging/guides/webhook-request
Signature: https://www.twilio.com/docs/usage/webhooks/webhooks-security
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import parse_qsl

import phonenumbers
from twilio.request_validator import RequestValidator

from followthrough.contracts.interaction import Channel
from followthrough.errors import Forged, Malformed, TooLarge, UnknownTenant
from followthrough.integration.credentials import Secrets
from followthrough.routing.releases import Releases
from followthrough.tenant.models import Tenant

MAX_BODY = 256 * 1024
"""Bytes; Twilio's longest text form is a small fraction of it."""

_TENANT = re.compile(r"[a-z][a-z0-9-]{0,29}")
_MESSAGE = re.compile(r"(SM|MM)[0-9a-f]{32}")


@dataclass(frozen=True)
class Post:
    """A form that was posted to us. `url` is the public one that the provider called and signed; headers are
    lower-case.
    """

    tenant: str
    url: str
    headers: Mapping[str, str]
    body: bytes


def checked_form(post: Post, releases: Releases, secrets: Secrets) -> dict[str, str]:
    """Check size, tenant, signature and form, in this order, and return the form."""
    if len(post.body) > MAX_BODY:
        raise TooLarge(f"a body may have at most {MAX_BODY} bytes")
    tenant = _tenant(post, releases)
    form = _form(post)
    secret = secrets.secret(tenant.tenant, tenant.system_of(Channel.SMS))
    signature = post.headers.get("x-twilio-signature", "")
    if not RequestValidator(secret["auth_token"]).validate(post.url, form or {}, signature):
        raise Forged("X-Twilio-Signature does not fit this address and form")
    if form is None:
        raise Malformed("the body is not a form in UTF-8")
    return form


def _tenant(post: Post, releases: Releases) -> Tenant:
    live = releases.live(post.tenant) if _TENANT.fullmatch(post.tenant) else None
    if live is None:
        raise UnknownTenant("no tenant of this name is live")
    return releases.release(post.tenant, live.release).tenant


def _form(post: Post) -> dict[str, str] | None:
    """Read the form that Twilio signs: the signature covers the decoded fields, so reading has to come before
    checking it.
    """
    try:
        pairs = parse_qsl(post.body.decode(), keep_blank_values=True, strict_parsing=True, max_num_fields=200)
    except ValueError:
        return None
    return dict(pairs)


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
