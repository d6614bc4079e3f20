"""Where the people who run the stage are told what they must know."""

import aws_cdk as cdk
from aws_cdk import aws_iam as iam, aws_kms as kms, aws_sns as sns
from constructs import Construct

from infra.aws.stage import Stage


class Topics(Construct):
    """The stage's own topic. Tenants' topics (`followthrough-<stage>-<tenant>_<topic>`) come with their publishing."""

    def __init__(self, scope: Construct, stage: Stage, key: kms.IKey) -> None:
        super().__init__(scope, "Topics")
        self.operators = sns.Topic(
            self, "Operators", topic_name=f"{stage.prefix}-operators", master_key=key, enforce_ssl=True
        )
        # Alarms speak here too. AWS's CloudWatch needs to be let in by the topic and by the key that encrypts it.
        alarms = iam.ServicePrincipal("cloudwatch.amazonaws.com")
        own = {"StringEquals": {"aws:SourceAccount": cdk.Aws.ACCOUNT_ID}}
        self.operators.add_to_resource_policy(
            iam.PolicyStatement(
                actions=["sns:Publish"], principals=[alarms], resources=[self.operators.topic_arn], conditions=own
            )
        )
        key.add_to_resource_policy(
            iam.PolicyStatement(
                actions=["kms:Decrypt", "kms:GenerateDataKey"],
                principals=[alarms],
                resources=["*"],  # in a key's policy: this key
                conditions=own,
            )
        )
