"""Twilio's messages, and what they are to us: translations in both directions.

Source: https://www.twilio.com/docs/messaging/api/message-resource
"""

from datetime import datetime, timedelta
from typing import Any, Final

from followthrough.contracts.call import Answer, Call
from followthrough.contracts.evidence import Evidence
from followthrough.contracts.messaging import NewText, Sent
from followthrough.integration.shapes import Id, Moment, Shape, read
from followthrough.integration.twilio.failures import NAME
from followthrough.integration.twilio.settings import TwilioSettings


class Message(Shape):
    """A message; one that waits in Twilio's queue may have no times yet."""

    sid: Id
    status: Id
    body: str | None = None
    error_code: int | None = None
    date_created: Moment | None = None


# Put before every body while an account is on trial. Source: https://www.twilio.com/docs/usage/trials
_TRIAL: Final = "Sent from your Twilio trial account - "


def text_payload(settings: TwilioSettings, request: NewText) -> dict[str, str]:
    """Ours to theirs: a text from the tenant's number."""
    payload = {"to": request.to, "from_": settings.sender, "body": request.body}
    return payload | ({"status_callback": request.status_url} if request.status_url else {})


def read_message(message: Any, *, write: bool) -> Message:
    """Read one of the package's messages. Raises Unreachable, OutcomeUnknown where it does not fit."""
    return read(Message, {name: getattr(message, name) for name in Message.model_fields}, NAME, write=write)


def text_answer(message: Message, call: Call) -> Answer:
    """Theirs to ours, with Twilio's own time of the deed."""
    sent = Sent(id=message.sid, status=message.status)
    return Answer(sent, Evidence(id=message.sid, status=message.status, at=_created(message, call)))


def is_ours(message: Message, request: NewText, call: Call) -> bool:
    """Tell whether a message has the very words and is not older than the first attempt.

    Twilio may have cut white space at the ends; its times are whole seconds, and our clocks may differ a little.
    """
    began = call.began.replace(microsecond=0) - timedelta(seconds=1)
    words = (message.body or "").removeprefix(_TRIAL).strip()
    return bool(words == request.body.strip() and _created(message, call) >= began)


def _created(message: Message, call: Call) -> datetime:
    return message.date_created or call.now
