"""The stage's own key and pepper: what makes stored personal data unreadable without the right to ask."""

import aws_cdk as cdk
from aws_cdk import aws_kms as kms, aws_secretsmanager as secretsmanager
from constructs import Construct

from infra.aws.stage import Stage


class Keys(Construct):
    """One KMS key for stores and subject keys, and the secret that phone numbers are hashed with."""

    def __init__(self, scope: Construct, stage: Stage, removal: cdk.RemovalPolicy) -> None:
        super().__init__(scope, "Keys")
        self.key = kms.Key(
            self,
            "Key",
            description=f"{stage.prefix}: subject keys, tables, bucket and topics",
            enable_key_rotation=True,
            removal_policy=removal,
        )
        # Without a pepper anybody could hash all phone numbers of a country and look up whose subject is whose.
        self.pepper = secretsmanager.Secret(
            self,
            "Pepper",
            secret_name=f"{stage.secrets}/pepper",
            description="Hashed with every phone number. Never rotate it: known customers would become strangers.",
            encryption_key=self.key,
            generate_secret_string=secretsmanager.SecretStringGenerator(exclude_punctuation=True, password_length=64),
            removal_policy=removal,
        )
