"""Twilio as the tenant's texts, through Twilio's own package.

Twilio knows no idempotency key and keeps no reference of ours with a message, so an unknown outcome is settled by
looking through the messages from us to that number for the very words.

Source: https://www.twilio.com/docs/messaging/api/message-resource
"""

from collections.abc import Mapping
from datetime import timedelta
from typing import ClassVar

from pydantic import BaseModel

from followthrough.contracts.call import Answer, Call
from followthrough.contracts.manifest import ByReadBack, Operation, Reported, whatever
from followthrough.contracts.messaging import FindSent, NewText, Sent
from followthrough.errors import Refused
from followthrough.integration.twilio.failures import NAME, translated
from followthrough.integration.twilio.records import is_ours, read_message, text_answer, text_payload
from followthrough.integration.twilio.settings import TwilioSecret, TwilioSettings
from followthrough.integration.twilio.statuses import SETTLED, STATUSES

# Twilio promises nothing about how soon a message is listed; this is far more than was ever observed.
LIST_LAG = timedelta(seconds=15)

# Source: https://www.twilio.com/docs/api/errors/21617
LONGEST = 1600

# Enough for everything that one number is sent within the time that an outcome can stay unknown.
LISTED = 200


class Twilio:
    """A connected Twilio account."""

    name: ClassVar[str] = NAME
    Settings: ClassVar[type[BaseModel]] = TwilioSettings
    Secret: ClassVar[type[BaseModel]] = TwilioSecret
    operations: ClassVar[Mapping[str, Operation]] = {
        "send": Operation(
            "write",
            NewText,
            Sent,
            settle=ByReadBack(lag=LIST_LAG),
            reported=Reported(ask="find_sent"),
            as_asked=whatever,
            statuses=STATUSES,
            longest=LONGEST,
        ),
        "find_sent": Operation("read", FindSent, Sent),
    }

    def __init__(self, settings: TwilioSettings, secret: TwilioSecret, endpoint: str | None = None) -> None:
        """Connect; `endpoint` replaces Twilio's public base URL."""
        from followthrough.integration.twilio.wire import client  # noqa: PLC0415  only who connects pays for the package

        self._settings = settings
        self._messages = client(secret.account_sid, secret.auth_token.get_secret_value(), endpoint).messages

    def run(self, operation: str, request: BaseModel, call: Call) -> Answer:
        """Do it. Raises SystemFailure."""
        match operation, request:
            case "send", NewText():
                with translated(write=True):
                    message = read_message(self._messages.create(**text_payload(self._settings, request)), write=True)
                if message.status == "failed":
                    raise Refused(self.name, str(message.error_code or "failed"))
                return text_answer(message, call)
            case "find_sent", FindSent():
                with translated(write=False):
                    found = read_message(self._messages.get(request.id).fetch(), write=False)
                return Answer(Sent(id=request.id, status=found.status, settled=SETTLED.get(found.status)))
        raise ValueError(f"{self.name}: no operation {operation} with {type(request).__name__}")

    def read_back(self, operation: str, request: BaseModel, call: Call) -> Answer | None:
        """Look for a message with these words since the first attempt; None when there is none.

        Raises SystemFailure.
        """
        match operation, request:
            case "send", NewText():
                # Not narrowed down by DateSent: a message that still waits in Twilio's queue has none.
                with translated(write=False):
                    listed = self._messages.list(to=request.to, from_=self._settings.sender, limit=LISTED)
                    messages = [read_message(message, write=False) for message in listed]
                ours = [message for message in messages if is_ours(message, request, call)]
                return text_answer(ours[-1], call) if ours else None
        raise ValueError(f"{self.name}: {operation} is not settled by reading back")
