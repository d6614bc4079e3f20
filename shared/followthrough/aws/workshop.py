"""Publishing on AWS: uploads and reports in S3, machines in Step Functions, topics in SNS."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from followthrough.aws.step_functions import StepFunctions
from followthrough.contracts.messaging import topic_name
from followthrough.routing.releases import Release
from followthrough.tenant.models import Tenant

if TYPE_CHECKING:
    from mypy_boto3_sns import SNSClient


@dataclass(frozen=True)
class AwsWorkshop:
    """Makes machines and topics. `topic_prefix` begins the names of tenants' topics."""

    machines: StepFunctions
    sns: "SNSClient"
    role: str
    topic_prefix: str
    operators_topic: str

    def machine(self, release: Release) -> None:
        """Make the release's state machine; making it again changes nothing."""
        self.machines.create(release.tenant.tenant, release.id, release.machine, self.role)

    def topics(self, tenant: Tenant) -> None:
        """Make the topics of the tenant's operators; making them again changes nothing."""
        for operator in tenant.operators.values():
            self.sns.create_topic(Name=f"{self.topic_prefix}{topic_name(tenant.tenant, operator.topic)}")

    def notify(self, tenant: str, subject: str, body: str) -> None:
        """Tell the stage's operators topic; subscribers may filter by the tenant's name."""
        self.sns.publish(
            TopicArn=self.operators_topic,
            Subject=subject[:100],
            Message=body[:200_000],
            MessageAttributes={"tenant": {"DataType": "String", "StringValue": tenant}},
        )
