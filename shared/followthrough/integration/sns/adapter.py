"""Amazon SNS as the way to a tenant's operators.

SNS knows no idempotency key for standard topics and nothing can be looked up, so a notice whose sending is unknown is
sent again: twice is better than never. A notice to a topic without subscribers is accepted too. Whether it reached
anybody is not reported: SNS logs deliveries to HTTP, Firehose, Lambda, SQS and apps, not to mail, and only in
CloudWatch Logs. Source: https://docs.aws.amazon.com/sns/latest/dg/sns-topic-attributes.html

Source: https://docs.aws.amazon.com/sns/latest/api/API_Publish.html
"""

from collections.abc import Mapping
from typing import ClassVar

from pydantic import BaseModel, ConfigDict

from followthrough.contracts.adapter import Answer, Call
from followthrough.contracts.evidence import Evidence
from followthrough.contracts.manifest import Operation, Unsettled
from followthrough.contracts.messaging import NewNotice, Sent
from followthrough.contracts.settings import FromStage
from followthrough.integration.aws import headers, once, translated
from followthrough.integration.reply import answered_at

SUBJECT_LENGTH = 99
"""A subject must be shorter than 100 characters, in one line. Source: .../API_Publish.html"""


class SnsSettings(BaseModel):
    """`topic_arn_prefix` is what stands before the tenant's name in its topics' ARNs."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    topic_arn_prefix: FromStage = ""


class SnsSecret(BaseModel):
    """None: the function's own role may publish."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Sns:
    """The tenant's operator topics in the function's own account and region."""

    name: ClassVar[str] = "sns"
    Settings: ClassVar[type[BaseModel]] = SnsSettings
    Secret: ClassVar[type[BaseModel]] = SnsSecret
    operations: ClassVar[Mapping[str, Operation]] = {
        "publish": Operation("write", NewNotice, Sent, settle=Unsettled(repeat=True)),
    }

    def __init__(self, settings: SnsSettings, _secret: SnsSecret, endpoint: str | None = None) -> None:
        """Connect; without `endpoint`, boto3's own rules find SNS (AWS_ENDPOINT_URL among them)."""
        import boto3  # noqa: PLC0415  half a second that only a sender of notices pays

        self._settings = settings
        self._client = boto3.client("sns", endpoint_url=endpoint, config=once())

    def run(self, operation: str, request: BaseModel, call: Call) -> Answer:
        """Do it. Raises SystemFailure."""
        match operation, request:
            case "publish", NewNotice():
                with translated(self.name):
                    response = self._client.publish(
                        TopicArn=f"{self._settings.topic_arn_prefix}{call.tenant}-{request.topic}",
                        Subject=_subject(request.subject),
                        Message=request.body,
                    )
                identity, at = response["MessageId"], answered_at(headers(response), call.now)
                return Answer(Sent(id=identity, status="accepted"), Evidence(id=identity, status="accepted", at=at))
        raise ValueError(f"{self.name}: no operation {operation} with {type(request).__name__}")

    def read_back(self, operation: str, request: BaseModel, call: Call) -> Answer | None:  # noqa: ARG002  the port's
        """Nothing can be looked up in SNS."""
        raise ValueError(f"{self.name}: {operation} is not settled by reading back")


def _subject(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= SUBJECT_LENGTH else f"{line[: SUBJECT_LENGTH - 1]}…"
