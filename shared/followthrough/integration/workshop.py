"""Publishing on AWS: uploads and reports in S3, machines in Step Functions, topics in SNS."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from followthrough.integration.step_functions import StepFunctions
from followthrough.tenant.models import Tenant
from followthrough.tenant.release import Release

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_sns import SNSClient


@dataclass(frozen=True)
class S3Uploads:
    """The bucket that operators upload to."""

    client: "S3Client"
    bucket: str

    def read(self, key: str) -> str | None:
        """Return the newest content of an object; None when it is gone."""
        try:
            content = self.client.get_object(Bucket=self.bucket, Key=key)["Body"].read()
        except self.client.exceptions.NoSuchKey:
            return None
        # What is no UTF-8 reaches the checker as replacement characters, which it refuses with their place.
        return content.decode("utf-8", errors="replace")

    def tenants(self) -> list[str]:
        """Name the tenants that ever uploaded a file."""
        pages = self.client.get_paginator("list_objects_v2").paginate(
            Bucket=self.bucket, Prefix="tenants/", Delimiter="/"
        )
        found = (prefix["Prefix"] for page in pages for prefix in page.get("CommonPrefixes", []))
        return sorted(prefix.split("/")[1] for prefix in found)

    def report(self, key: str, report: Mapping[str, Any]) -> None:
        """Write a report object."""
        body = json.dumps(report, indent=2).encode()
        self.client.put_object(Bucket=self.bucket, Key=key, Body=body, ContentType="application/json")


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
            self.sns.create_topic(Name=f"{self.topic_prefix}{tenant.tenant}-{operator.topic}")

    def notify(self, tenant: str, subject: str, body: str) -> None:
        """Tell the stage's operators topic; subscribers may filter by the tenant's name."""
        self.sns.publish(
            TopicArn=self.operators_topic,
            Subject=subject[:100],
            Message=body[:200_000],
            MessageAttributes={"tenant": {"DataType": "String", "StringValue": tenant}},
        )
