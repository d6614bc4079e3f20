"""Amazon SES as the tenant's mail (API v2).

SES knows no idempotency key and nothing can be looked up, so a mail whose sending is unknown is sent again: twice is
better than never. What became of a mail it reports by itself (see reports.py), and nobody can ask.

Source: https://docs.aws.amazon.com/ses/latest/APIReference-V2/API_SendEmail.html
"""

from collections.abc import Mapping
from typing import ClassVar

from pydantic import BaseModel

from followthrough.contracts.address import is_address, is_given
from followthrough.contracts.call import Answer, Call
from followthrough.contracts.manifest import ACCEPTED, Operation, Reported, Unsettled, whatever
from followthrough.contracts.messaging import NewMail, Sent
from followthrough.errors import Refused
from followthrough.integration.aws import once
from followthrough.integration.ses.failures import NAME, translated
from followthrough.integration.ses.records import mail_answer, mail_payload
from followthrough.integration.ses.settings import SesSecret, SesSettings


class Ses:
    """SES in the function's own account and region."""

    name: ClassVar[str] = NAME
    Settings: ClassVar[type[BaseModel]] = SesSettings
    Secret: ClassVar[type[BaseModel]] = SesSecret
    operations: ClassVar[Mapping[str, Operation]] = {
        "send": Operation(
            "write",
            NewMail,
            Sent,
            settle=Unsettled(repeat=True),
            reported=Reported(),
            as_asked=whatever,
            statuses=ACCEPTED,
        ),
    }

    def __init__(self, settings: SesSettings, _secret: SesSecret, endpoint: str | None = None) -> None:
        """Connect; without `endpoint`, boto3's own rules find SES (AWS_ENDPOINT_URL among them)."""
        import boto3  # noqa: PLC0415  half a second that only a sender of mail pays

        self._settings = settings
        self._client = boto3.client("sesv2", endpoint_url=endpoint, config=once())

    def run(self, operation: str, request: BaseModel, call: Call) -> Answer:
        """Do it. Raises SystemFailure."""
        match operation, request:
            case "send", NewMail():
                if not is_given(self._settings.sender, self._settings.senders):
                    raise Refused(self.name, "sender_not_given")
                if not is_address(request.to):
                    raise Refused(self.name, "invalid_recipient")
                with translated():
                    return mail_answer(self._client.send_email(**mail_payload(self._settings, request, call)), call)
        raise ValueError(f"{self.name}: no operation {operation} with {type(request).__name__}")

    def read_back(self, operation: str, request: BaseModel, call: Call) -> Answer | None:  # noqa: ARG002  the port's
        """Nothing can be looked up in SES."""
        raise ValueError(f"{self.name}: {operation} is not settled by reading back")
