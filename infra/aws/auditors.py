"""What an auditor may read: policies to attach to a person's role, and if one is named, a role to take."""

import aws_cdk as cdk
from aws_cdk import aws_iam as iam
from constructs import Construct

from followthrough.ledger.dynamodb.indexes import BY_DAY, BY_HOUR, BY_PARTY, BY_SERVICE, BY_STATUS
from infra.aws import grants
from infra.aws.estate import Estate

_LISTS = (BY_DAY, BY_PARTY, BY_SERVICE, BY_STATUS)


class Auditors(Construct):
    """`<prefix>-auditor` reads records, traces and seals, with what is personal still encrypted;
    `<prefix>-auditor-personal` adds the right to decrypt. Neither writes anything.
    """

    def __init__(self, scope: Construct, estate: Estate) -> None:
        super().__init__(scope, "Auditors")
        prefix = estate.stage.prefix
        reading = iam.ManagedPolicy(
            self,
            "Policy",
            managed_policy_name=f"{prefix}-auditor",
            description="Read records, traces and seals; what is personal stays encrypted",
            statements=[
                _stack(estate),
                _tables(estate),
                _no_scans(estate),
                *_objects(estate),
                grants.miss_large_entries(estate),
                _at_rest(estate),
            ],
        )
        iam.ManagedPolicy(
            self,
            "PersonalPolicy",
            managed_policy_name=f"{prefix}-auditor-personal",
            description="Decrypt what is personal in records and traces, one subject at a time",
            statements=_personal(estate),
        )
        if estate.stage.auditor:
            iam.Role(
                self,
                "Role",
                role_name=f"{prefix}-auditor",
                assumed_by=iam.ArnPrincipal(estate.stage.auditor),
                managed_policies=[reading],
            )


def _stack(estate: Estate) -> iam.PolicyStatement:
    """Every command begins with the stack's outputs; behind its name AWS puts an id, or `*` for a name without one."""
    stack = cdk.Aws.REGION, cdk.Aws.ACCOUNT_ID, f"stack/{estate.stage.prefix}/*"
    return iam.PolicyStatement(
        actions=["cloudformation:DescribeStacks"],
        resources=[f"arn:{cdk.Aws.PARTITION}:cloudformation:{':'.join(stack)}"],
    )


def _tables(estate: Estate) -> iam.PolicyStatement:
    return iam.PolicyStatement(
        actions=["dynamodb:GetItem", "dynamodb:Query", "dynamodb:PartiQLSelect", "dynamodb:DescribeTable"],
        resources=_readable(estate),
    )


def _no_scans(estate: Estate) -> iam.PolicyStatement:
    """A PartiQL SELECT without a key reads the whole table, or the whole index."""
    return iam.PolicyStatement(
        effect=iam.Effect.DENY,
        actions=["dynamodb:PartiQLSelect"],
        resources=_readable(estate),
        conditions={"Bool": {"dynamodb:FullTableScan": ["true"]}},
    )


def _readable(estate: Estate) -> list[str]:
    executions, traces = estate.tables.executions.table_arn, estate.tables.traces.table_arn
    return [
        executions,
        *(f"{executions}/index/{index.name}" for index in _LISTS),
        traces,
        f"{traces}/index/{BY_HOUR.name}",
    ]


def _objects(estate: Estate) -> list[iam.PolicyStatement]:
    return [
        iam.PolicyStatement(
            actions=["s3:GetObject", "s3:GetObjectVersion", "s3:GetObjectRetention"],
            resources=[f"{estate.vault.arn}/seals/*"],
        ),
        iam.PolicyStatement(actions=["s3:GetObject"], resources=[estate.objects("traces"), estate.objects("releases")]),
        iam.PolicyStatement(
            actions=["s3:ListBucket", "s3:ListBucketVersions", "s3:GetBucketObjectLockConfiguration"],
            resources=[estate.vault.arn],
        ),
    ]


def _at_rest(estate: Estate) -> iam.PolicyStatement:
    """Tables and objects are encrypted at rest: their services decrypt them for whoever may read them."""
    stores = [f"{name}.{cdk.Aws.REGION}.amazonaws.com" for name in ("dynamodb", "s3")]
    return iam.PolicyStatement(
        actions=["kms:Decrypt", "kms:DescribeKey"],
        resources=[estate.keys.key.key_arn],
        conditions={"StringEquals": {"kms:ViaService": stores}},
    )


def _personal(estate: Estate) -> list[iam.PolicyStatement]:
    """The key service is asked with the tenant and the subject: every use is in CloudTrail with both."""
    return [
        iam.PolicyStatement(actions=["dynamodb:GetItem"], resources=[estate.tables.keys.table_arn]),
        iam.PolicyStatement(
            actions=["kms:Decrypt"],
            resources=[estate.keys.key.key_arn],
            conditions={"Null": {"kms:EncryptionContext:subject": "false"}},
        ),
    ]
