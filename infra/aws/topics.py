"""Where the people who run the stage are told what they must know."""

from aws_cdk import aws_kms as kms, aws_sns as sns
from constructs import Construct

from infra.aws.stage import Stage


class Topics(Construct):
    """The stage's own topic. Tenants' topics (`followthrough-<stage>-<tenant>-<topic>`) come with their publishing."""

    def __init__(self, scope: Construct, stage: Stage, key: kms.IKey) -> None:
        super().__init__(scope, "Topics")
        self.operators = sns.Topic(
            self, "Operators", topic_name=f"{stage.prefix}-operators", master_key=key, enforce_ssl=True
        )
