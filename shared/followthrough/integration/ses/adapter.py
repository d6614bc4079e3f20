"""Amazon SES as the tenant's mail (API v2).

SES knows no idempotency key and nothing can be looked up, so a mail whose sending is unknown is sent again: twice is
better than never. What became of a mail it reports by itself (see ses/reports.py), and nobody can ask.

Source: https://docs.aws.amazon.com/ses/latest/APIReference-V2/API_SendEmail.html
"""

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, ClassVar

from pydantic import BaseModel, ConfigDict, Field

from followthrough.contracts.adapter import Answer, Call
from followthrough.contracts.evidence import Evidence
from followthrough.contracts.manifest import Operation, Reported, Unsettled
from followthrough.contracts.messaging import NewMail, Sent
from followthrough.integration.aws_failures import answered_at, once, translated

if TYPE_CHECKING:
    from mypy_boto3_sesv2.type_defs import MessageTagTypeDef, SendEmailRequestTypeDef


class SesSettings(BaseModel):
    """`from` is a verified address. `configuration_set` has SES report deliveries and bounces; the runtime fills it in,
    never a tenant.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)

    sender: str = Field(alias="from", min_length=3)
    configuration_set: str = ""


class SesSecret(BaseModel):
    """None: the function's own role may send."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Ses:
    """SES in the function's own account and region."""

    name: ClassVar[str] = "ses"
    Settings: ClassVar[type[BaseModel]] = SesSettings
    Secret: ClassVar[type[BaseModel]] = SesSecret
    operations: ClassVar[Mapping[str, Operation]] = {
        "send": Operation("write", NewMail, Sent, settle=Unsettled(repeat=True), reported=Reported()),
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
                with translated(self.name):
                    response = self._client.send_email(**self._payload(request, call))
                identity, at = response["MessageId"], answered_at(response, call.now)
                return Answer(Sent(id=identity, status="accepted"), Evidence(id=identity, status="accepted", at=at))
        raise ValueError(f"{self.name}: no operation {operation} with {type(request).__name__}")

    def read_back(self, operation: str, request: BaseModel, call: Call) -> Answer | None:  # noqa: ARG002  the port's
        """Nothing can be looked up in SES."""
        raise ValueError(f"{self.name}: {operation} is not settled by reading back")

    def _payload(self, request: NewMail, call: Call) -> "SendEmailRequestTypeDef":
        subject = " ".join(request.subject.split())  # a line break would end the header
        payload: SendEmailRequestTypeDef = {
            "FromEmailAddress": self._settings.sender,
            "Destination": {"ToAddresses": [request.to]},
            "Content": {
                "Simple": {
                    "Subject": {"Data": subject, "Charset": "UTF-8"},
                    "Body": {"Text": {"Data": request.body, "Charset": "UTF-8"}},
                }
            },
            # They come back with every report of a delivery or a bounce.
            "EmailTags": [
                _tag("followthrough_reference", call.reference),
                _tag("tenant", call.tenant),
                _tag("execution", call.execution),
            ],
        }
        if self._settings.configuration_set:
            payload["ConfigurationSetName"] = self._settings.configuration_set
        return payload


def _tag(name: str, value: str) -> "MessageTagTypeDef":
    """Return a tag; SES takes letters, digits, hyphens and underscores only. Source: .../API_MessageTag.html"""
    return {"Name": name, "Value": re.sub(r"[^A-Za-z0-9_-]", "-", value)[:256]}
