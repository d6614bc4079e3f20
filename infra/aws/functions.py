"""The Lambda functions: one code asset, two layers, and a role, a log group and a kept version for each."""

from collections.abc import Mapping
from pathlib import Path

import aws_cdk as cdk
from aws_cdk import aws_iam as iam, aws_lambda as lambda_, aws_logs as logs
from constructs import Construct

from infra.aws.duties import DUTIES, Duty
from infra.aws.estate import Estate
from infra.aws.layer import Layer

# packages.LAMBDA_PYTHON is the same version: the layer's binaries are built for it.
_RUNTIME = lambda_.Runtime.PYTHON_3_13
_ARCHITECTURE = lambda_.Architecture.ARM_64


class Functions(Construct):
    """Every duty as a function, and the role that tenants' state machines call the agents with."""

    def __init__(  # the stack's parts, each by name
        self,
        scope: Construct,
        estate: Estate,
        *,
        handlers: Path,
        layers: Mapping[str, Layer],
        parameters: Mapping[str, str],
        removal: cdk.RemovalPolicy,
    ) -> None:
        super().__init__(scope, "Functions")
        self._estate = estate
        self._removal = removal
        self._environment = {**_environment(estate), **parameters}
        self._code = lambda_.Code.from_asset(str(handlers), exclude=["**/__pycache__", "**/*.pyc"])
        self._layers = [self._layer(name, layer) for name, layer in layers.items()]
        self._functions = {duty.name: self._function(duty) for duty in DUTIES}
        self.machine_role = self._machine_role()
        self._hand_over_machines()
        self._hand_over_rounds()

    def __getitem__(self, name: str) -> lambda_.Function:
        """The function of that duty."""
        return self._functions[name]

    def version(self, name: str) -> lambda_.IVersion:
        """The version that this deployment publishes of a function, or the same as before if nothing changed."""
        return self[name].current_version

    def _layer(self, name: str, layer: Layer) -> lambda_.LayerVersion:
        code = lambda_.Code.from_asset(
            str(layer.folder), asset_hash=layer.fingerprint, asset_hash_type=cdk.AssetHashType.CUSTOM
        )
        return lambda_.LayerVersion(
            self,
            name.capitalize(),
            code=code,
            compatible_runtimes=[_RUNTIME],
            compatible_architectures=[_ARCHITECTURE],
            # Executions that wait for weeks run on versions that name their layer.
            removal_policy=cdk.RemovalPolicy.RETAIN if not self._estate.stage.disposable else self._removal,
        )

    def _function(self, duty: Duty) -> lambda_.Function:
        words = "".join(word.capitalize() for word in duty.name.split("_"))
        name = f"{self._estate.stage.prefix}-{duty.name}"
        log_group = logs.LogGroup(
            self,
            f"{words}Logs",
            log_group_name=f"/aws/lambda/{name}",
            retention=logs.RetentionDays.THREE_MONTHS,
            removal_policy=self._removal,
        )
        return lambda_.Function(
            self,
            words,
            function_name=name,
            runtime=_RUNTIME,
            architecture=_ARCHITECTURE,
            handler=duty.handler,
            code=self._code,
            layers=self._layers,
            role=self._role(words, duty, log_group),
            timeout=cdk.Duration.seconds(duty.seconds),
            memory_size=duty.memory,
            environment=self._environment,
            log_group=log_group,
            current_version_options=lambda_.VersionOptions(removal_policy=self._removal),
        )

    def _role(self, words: str, duty: Duty, log_group: logs.LogGroup) -> iam.Role:
        """A role of its own, and not AWS's managed one, which may write to every log group."""
        logging = iam.PolicyStatement(
            actions=["logs:CreateLogStream", "logs:PutLogEvents"], resources=[log_group.log_group_arn]
        )
        statements = [logging, *(grant(self._estate) for grant in duty.may)]
        return iam.Role(
            self,
            f"{words}Role",
            assumed_by=iam.ServicePrincipal("lambda.amazonaws.com"),
            inline_policies={"duty": iam.PolicyDocument(statements=statements)},
        )

    def _machine_role(self) -> iam.Role:
        """May call the agents, in every version: releases pin older ones and live on while executions wait."""
        agents = [self[duty.name].function_arn for duty in DUTIES if duty.folder == "agents"]
        invoke = iam.PolicyStatement(actions=["lambda:InvokeFunction"], resources=[f"{arn}:*" for arn in agents])
        return iam.Role(
            self,
            "MachineRole",
            assumed_by=iam.ServicePrincipal(
                "states.amazonaws.com",
                # Nobody else's state machines may borrow the role.
                conditions={
                    "StringEquals": {"aws:SourceAccount": cdk.Aws.ACCOUNT_ID},
                    "ArnLike": {"aws:SourceArn": f"{self._estate.machine_prefix}*"},
                },
            ),
            inline_policies={"agents": iam.PolicyDocument(statements=[invoke])},
        )

    def _hand_over_machines(self) -> None:
        """Tell `publish` which versions a release pins and which role its machine takes, and let it pass that role."""
        agents = {duty.name: self.version(duty.name).function_arn for duty in DUTIES if duty.folder == "agents"}
        publish = self["publish"]
        publish.add_environment("FUNCTIONS", cdk.Stack.of(self).to_json_string(agents))
        publish.add_environment("MACHINE_ROLE", self.machine_role.role_arn)
        publish.add_to_role_policy(
            iam.PolicyStatement(
                actions=["iam:PassRole"],
                resources=[self.machine_role.role_arn],
                conditions={"StringEquals": {"iam:PassedToService": "states.amazonaws.com"}},
            )
        )

    def _hand_over_rounds(self) -> None:
        """Tell `sweep` whom to hand each tenant's part to, and let it."""
        sweep, tenants = self["sweep"], self["sweep_tenant"]
        # What nobody got to in time is found again by the next sweep.
        tenants.configure_async_invoke(max_event_age=cdk.Duration.minutes(2), retry_attempts=0)
        sweep.add_environment("SWEEP_TENANT", tenants.function_name)
        sweep.add_to_role_policy(
            iam.PolicyStatement(actions=["lambda:InvokeFunction"], resources=[tenants.function_arn])
        )


def _environment(estate: Estate) -> dict[str, str]:
    tables = {f"{name.upper()}_TABLE": table.table_name for name, table in estate.tables.all().items()}
    return {
        "STAGE": estate.stage.name,
        **tables,
        "BUCKET": estate.storage.name,
        "SEALS_BUCKET": estate.vault.name,
        "KEY_ID": estate.keys.key.key_id,
        "PEPPER_SECRET": f"{estate.stage.secrets}/pepper",
        "OPERATORS_TOPIC": estate.topics.operators.topic_arn,
        "CONFIGURATION_SET": estate.mail.set_name,
        "MACHINE_PREFIX": estate.machine_prefix,
    }
