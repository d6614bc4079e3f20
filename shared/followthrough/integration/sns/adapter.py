"""Amazon SNS as the way to a tenant's operators.

SNS knows no idempotency key for standard topics and nothing can be looked up, so a notice whose sending is unknown is
sent again: twice is better than never. A notice to a topic without subscribers is accepted too. Whether it reached
anybody is not reported: SNS logs deliveries to HTTP, Firehose, Lambda, SQS and apps, not to mail, and only in
CloudWatch Logs. Source: https://docs.aws.amazon.com/sns/latest/dg/sns-topic-attributes.html

Source: https://docs.aws.amazon.com/sns/latest/api/API_Publish.html
"""

from collections.abc import Mapping
from typing import ClassVar

from pydantic import BaseModel

from followthrough.contracts.call import Answer, Call
from followthrough.contracts.manifest import ACCEPTED, Operation, Unsettled, whatever
from followthrough.contracts.messaging import NewNotice, Sent
from followthrough.integration.aws import once
from followthrough.integration.sns.failures import NAME, translated
from followthrough.integration.sns.records import notice_answer, notice_payload
from followthrough.integration.sns.settings import SnsSecret, SnsSettings


class Sns:
    """The tenant's operator topics in the function's own account and region."""

    name: ClassVar[str] = NAME
    Settings: ClassVar[type[BaseModel]] = SnsSettings
    Secret: ClassVar[type[BaseModel]] = SnsSecret
    operations: ClassVar[Mapping[str, Operation]] = {
        "publish": Operation(
            "write", NewNotice, Sent, settle=Unsettled(repeat=True), as_asked=whatever, statuses=ACCEPTED
        ),
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
                with translated():
                    return notice_answer(self._client.publish(**notice_payload(self._settings, request, call)), call)
        raise ValueError(f"{self.name}: no operation {operation} with {type(request).__name__}")

    def read_back(self, operation: str, request: BaseModel, call: Call) -> Answer | None:  # noqa: ARG002  the port's
        """Nothing can be looked up in SNS."""
        raise ValueError(f"{self.name}: {operation} is not settled by reading back")
