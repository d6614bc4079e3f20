"""The one stack of a stage: `followthrough-<stage>`."""

from pathlib import Path

import aws_cdk as cdk
from constructs import Construct

from infra.aws.api import Api
from infra.aws.auditors import Auditors
from infra.aws.estate import Estate
from infra.aws.functions import Functions
from infra.aws.keys import Keys
from infra.aws.layer import Layer
from infra.aws.mail_reports import MailReports
from infra.aws.schedules import Schedules
from infra.aws.stage import Stage
from infra.aws.storage import Storage
from infra.aws.tables import Tables
from infra.aws.topics import Topics
from infra.aws.vault import Vault


class FollowthroughStack(cdk.Stack):
    """Everything that one installation needs; what its tenants add is made by publishing them."""

    def __init__(self, scope: Construct, stage: Stage, *, handlers: Path, dependencies: Layer, product: Layer) -> None:
        super().__init__(
            scope,
            stage.prefix,
            description="Followthrough: completes an interaction across every connected system",
            termination_protection=not stage.disposable,
            # The CDK's command checks the bootstrap's version itself.
            synthesizer=cdk.DefaultStackSynthesizer(generate_bootstrap_version_rule=False),
        )
        removal = cdk.RemovalPolicy.DESTROY if stage.disposable else cdk.RemovalPolicy.RETAIN
        keys = Keys(self, stage, removal)
        self.estate = Estate(
            stage=stage,
            tables=Tables(self, stage, keys.key, removal),
            storage=Storage(self, stage, keys.key, removal),
            keys=keys,
            topics=Topics(self, stage, keys.key),
            mail=MailReports(self, stage, keys.key),
            vault=Vault(self, stage, removal),
        )
        self.functions = Functions(
            self,
            self.estate,
            handlers=handlers,
            layers={"dependencies": dependencies, "product": product},
            parameters=self._parameters(),
            removal=removal,
        )
        self.estate.storage.notify(self.functions.version("publish"))
        self.estate.mail.tell(self.functions.version("receive_mail_report"))
        self.api = Api(self, stage, self.functions, removal)
        Schedules(self, self.estate, self.functions)
        Auditors(self, self.estate)
        self._outputs()

    def _parameters(self) -> dict[str, str]:
        public_url = cdk.CfnParameter(
            self,
            "PublicUrl",
            default="",
            description="What providers call instead of the API's own URL, if there is a proxy or a domain before it: "
            "their signatures are over it.",
        )
        endpoints = cdk.CfnParameter(
            self,
            "Endpoints",
            default="{}",
            description="JSON: base URLs of providers by adapter, where they are not the providers' own.",
        )
        return {"PUBLIC_URL": public_url.value_as_string, "ENDPOINTS": endpoints.value_as_string}

    def _outputs(self) -> None:
        estate = self.estate
        tables = {f"{name.capitalize()}Table": table.table_name for name, table in estate.tables.all().items()}
        outputs = {
            "ApiUrl": self.api.url,
            "ApiId": self.api.http.api_id,
            "Bucket": estate.storage.bucket.bucket_name,
            "SealsBucket": estate.vault.name,
            "MachinePrefix": estate.machine_prefix,
            **tables,
            "KeyId": estate.keys.key.key_id,
            "PepperSecret": f"{estate.stage.secrets}/pepper",
            "OperatorsTopic": estate.topics.operators.topic_arn,
        }
        for name, value in outputs.items():
            cdk.CfnOutput(self, name, value=value)
