"""The seals' bucket: what is written there can be neither changed nor deleted for as long as the stage says.

Seals hold hashes only, so S3's own encryption does: they must stay readable when the stage's key is gone.
"""

import aws_cdk as cdk
from aws_cdk import aws_s3 as s3
from constructs import Construct

from infra.aws.stage import SealMode, Stage


class Vault(Construct):
    """A bucket with Object Lock, or the name of one that exists already, perhaps in another account."""

    def __init__(self, scope: Construct, stage: Stage, removal: cdk.RemovalPolicy) -> None:
        super().__init__(scope, "Vault")
        self.name = stage.seal_bucket or f"{stage.prefix}-seals-{cdk.Aws.ACCOUNT_ID}-{cdk.Aws.REGION}"
        self.arn = f"arn:{cdk.Aws.PARTITION}:s3:::{self.name}"
        if stage.seal_bucket is None:
            self._make(stage, removal)

    def _make(self, stage: Stage, removal: cdk.RemovalPolicy) -> None:
        days = cdk.Duration.days(stage.seal_days)
        lock = s3.ObjectLockRetention
        s3.Bucket(
            self,
            "Bucket",
            bucket_name=self.name,
            versioned=True,
            object_lock_enabled=True,
            object_lock_default_retention=(
                lock.compliance(days) if stage.seal_mode is SealMode.COMPLIANCE else lock.governance(days)
            ),
            block_public_access=s3.BlockPublicAccess.BLOCK_ALL,
            object_ownership=s3.ObjectOwnership.BUCKET_OWNER_ENFORCED,
            enforce_ssl=True,
            encryption=s3.BucketEncryption.S3_MANAGED,
            removal_policy=removal,
        )
