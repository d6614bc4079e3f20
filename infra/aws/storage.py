"""The bucket: `tenants/` that operators upload to, `releases/` that executions run from, `reports/` that answer."""

import aws_cdk as cdk
from aws_cdk import aws_kms as kms, aws_lambda as lambda_, aws_s3 as s3
from constructs import Construct

from infra.aws.stage import Stage


class Storage(Construct):
    """A private, versioned bucket that tells the publish function about every uploaded tenant."""

    def __init__(self, scope: Construct, stage: Stage, key: kms.IKey, removal: cdk.RemovalPolicy) -> None:
        super().__init__(scope, "Storage")
        account, region = cdk.Aws.ACCOUNT_ID, cdk.Aws.REGION
        # Written out, not generated: functions may then name the bucket before it exists, and the bucket may name the
        # function it notifies, without a circle and without CDK's custom resource that may configure every bucket.
        self.name = f"{stage.prefix}-{account}-{region}"
        self.arn = f"arn:{cdk.Aws.PARTITION}:s3:::{self.name}"
        self.bucket = s3.Bucket(
            self,
            "Bucket",
            bucket_name=self.name,
            versioned=True,
            block_public_access=s3.BlockPublicAccess.BLOCK_ALL,
            object_ownership=s3.ObjectOwnership.BUCKET_OWNER_ENFORCED,
            enforce_ssl=True,
            encryption=s3.BucketEncryption.KMS,
            encryption_key=key,
            bucket_key_enabled=True,
            lifecycle_rules=[s3.LifecycleRule(abort_incomplete_multipart_upload_after=cdk.Duration.days(1))],
            removal_policy=removal,
        )

    def notify(self, publish: lambda_.IVersion) -> None:
        """Invoke `publish` for every upload of a tenant.yaml."""
        permission = lambda_.CfnPermission(
            self,
            "MayPublish",
            action="lambda:InvokeFunction",
            function_name=publish.function_arn,
            principal="s3.amazonaws.com",
            source_account=cdk.Aws.ACCOUNT_ID,
            source_arn=self.arn,
        )
        bucket = self.bucket.node.default_child
        assert isinstance(bucket, s3.CfnBucket)
        bucket.add_property_override(
            "NotificationConfiguration.LambdaConfigurations",
            [
                {
                    "Event": "s3:ObjectCreated:*",
                    "Function": publish.function_arn,
                    "Filter": {
                        "S3Key": {
                            "Rules": [
                                {"Name": "prefix", "Value": "tenants/"},
                                {"Name": "suffix", "Value": "/tenant.yaml"},
                            ]
                        }
                    },
                }
            ],
        )
        # S3 tries the notification when it is configured, so the permission must be there first.
        bucket.add_resource_dependency(permission)
