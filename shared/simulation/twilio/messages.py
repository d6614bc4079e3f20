"""A small Twilio's messages: how they look, and how their delivery goes on.

Sources: https://www.twilio.com/docs/messaging/api/message-resource,
https://www.twilio.com/docs/messaging/guides/track-outbound-message-status and
https://www.twilio.com/docs/usage/security#validating-requests
"""

import base64
import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime
from typing import Any

from simulation.exchange import Callback

VERSION = "2010-04-01"
UNREACHABLE = 30003
"""Unreachable destination handset: the error code of a message that could not be delivered."""


@dataclass
class Message:
    """One message from the account to a number."""

    sid: str
    account: str
    to: str
    sender: str
    body: str
    created: datetime
    callback: str | None
    reachable: bool
    status: str = "queued"
    sent: datetime | None = None
    updated: datetime | None = None

    @property
    def error(self) -> int | None:
        """Why it was not delivered."""
        return UNREACHABLE if self.status == "undelivered" else None

    def advance(self, now: datetime) -> bool:
        """Let one more thing happen to it; False when nothing more will."""
        following = {"queued": "sent", "sent": "delivered" if self.reachable else "undelivered"}.get(self.status)
        if following is None:
            return False
        self.status, self.updated = following, now
        self.sent = self.sent or now
        return True


def resource(message: Message) -> dict[str, Any]:
    """Show a message as the API does."""
    place = f"/{VERSION}/Accounts/{message.account}/Messages/{message.sid}"
    return {
        "account_sid": message.account,
        "api_version": VERSION,
        "body": message.body,
        "date_created": _date(message.created),
        "date_sent": _date(message.sent),
        "date_updated": _date(message.updated or message.created),
        "direction": "outbound-api",
        "error_code": message.error,
        "error_message": "Unreachable destination handset" if message.error else None,
        "from": message.sender,
        "messaging_service_sid": None,
        "num_media": "0",
        "num_segments": str(1 + (len(message.body) - 1) // 153),
        "price": None,
        "price_unit": "USD",
        "sid": message.sid,
        "status": message.status,
        "subresource_uris": {"media": f"{place}/Media.json"},
        "to": message.to,
        "uri": f"{place}.json",
    }


def callback(message: Message, url: str, token: str) -> Callback:
    """Say how a message stands, signed with the account's token."""
    form = {
        "AccountSid": message.account,
        "ApiVersion": VERSION,
        "From": message.sender,
        "MessageSid": message.sid,
        "MessageStatus": message.status,
        "SmsSid": message.sid,
        "SmsStatus": message.status,
        "To": message.to,
    }
    if message.error:
        form["ErrorCode"] = str(message.error)
    return Callback(url, form, {"X-Twilio-Signature": signature(url, form, token)})


def signature(url: str, form: Mapping[str, str], token: str) -> str:
    """Sign a form as Twilio does: HMAC-SHA1 over the URL and the sorted names and values."""
    text = url + "".join(f"{name}{form[name]}" for name in sorted(form))
    return base64.b64encode(hmac.new(token.encode(), text.encode(), hashlib.sha1).digest()).decode()


def _date(moment: datetime | None) -> str | None:
    return format_datetime(moment) if moment else None
