"""Every permission that a function can be given, each as narrow as its use.

A pattern (`*`) stands only where names come into being after deployment; tests/infra/test_permissions.py lists each
with its reason and refuses any other.
"""

from collections.abc import Callable

import aws_cdk as cdk
from aws_cdk import aws_iam as iam

from followthrough.ledger.dynamodb.indexes import BY_DUE, BY_HOUR, BY_INBOX
from infra.aws.estate import Estate

Grant = Callable[[Estate], iam.PolicyStatement]


def keep_executions(estate: Estate) -> iam.PolicyStatement:
    """Read and write execution contexts by their keys, and read inboxes; nothing is deleted and nothing scanned."""
    table = estate.tables.executions.table_arn
    return _allow(
        [
            "dynamodb:GetItem",
            "dynamodb:PutItem",
            "dynamodb:UpdateItem",
            "dynamodb:Query",
            "dynamodb:ConditionCheckItem",
            # What is written together with an entry of the trace: see ledger/dynamodb/statements.py.
            "dynamodb:PartiQLInsert",
            "dynamodb:PartiQLUpdate",
        ],
        table,
        f"{table}/index/{BY_INBOX.name}",
    )


def find_due(estate: Estate) -> iam.PolicyStatement:
    """Find what falls due: what was begun and not finished, and messages that nobody has read."""
    return _allow(["dynamodb:Query"], f"{estate.tables.executions.table_arn}/index/{BY_DUE.name}")


def append_traces(estate: Estate) -> iam.PolicyStatement:
    """Add entries and read them. A PartiQL insert cannot replace an item, as PutItem could."""
    actions = ["dynamodb:PartiQLInsert", "dynamodb:GetItem", "dynamodb:Query"]
    return _allow(actions, estate.tables.traces.table_arn)


def keep_large_entries(estate: Estate) -> iam.PolicyStatement:
    """Keep and read the texts of trace entries that are too large for an item."""
    return _allow(["s3:GetObject", "s3:PutObject"], estate.objects("traces"))


def miss_large_entries(estate: Estate) -> iam.PolicyStatement:
    """Be told that such a text is gone, which is then an entry's flaw. S3 asks as if its key were the prefix listed."""
    return iam.PolicyStatement(
        actions=["s3:ListBucket"],
        resources=[estate.storage.arn],
        conditions={"StringLike": {"s3:prefix": "traces/*"}},
    )


def follow_traces(estate: Estate) -> iam.PolicyStatement:
    """See which chains got entries in an hour, and how far they have come."""
    table = estate.tables.traces.table_arn
    return _allow(["dynamodb:Query"], table, f"{table}/index/{BY_HOUR.name}")


def write_seals(estate: Estate) -> iam.PolicyStatement:
    """Write seals, and find and read the last one."""
    actions = ["s3:PutObject", "s3:GetObject", "s3:GetObjectVersion"]
    return _allow(actions, f"{estate.vault.arn}/seals/*")


def list_seals(estate: Estate) -> iam.PolicyStatement:
    """List every version of the seals: what was written over is seen."""
    return _allow(["s3:ListBucketVersions"], estate.vault.arn)


def read_tenants(estate: Estate) -> iam.PolicyStatement:
    """Look up which release of a tenant is live."""
    return _allow(["dynamodb:GetItem"], estate.tables.tenants.table_arn)


def activate_tenants(estate: Estate) -> iam.PolicyStatement:
    """Make a release live."""
    return _allow(["dynamodb:PutItem", "dynamodb:UpdateItem"], estate.tables.tenants.table_arn)


def know_subjects(estate: Estate) -> iam.PolicyStatement:
    """Map a party to its random subject, and keep the subject's wrapped key."""
    actions = ["dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:UpdateItem"]
    return _allow(actions, estate.tables.subjects.table_arn, estate.tables.keys.table_arn)


def unlock_subjects(estate: Estate) -> iam.PolicyStatement:
    """Make and unwrap the keys that subjects' personal data is encrypted under."""
    return _allow(["kms:GenerateDataKey", "kms:Decrypt"], estate.keys.key.key_arn)


def reach_stores(estate: Estate) -> iam.PolicyStatement:
    """Let the stores encrypt and decrypt with the stage's key on the function's behalf, and nobody else."""
    actions = [
        "kms:Decrypt",
        "kms:DescribeKey",
        "kms:Encrypt",
        "kms:GenerateDataKey",
        "kms:GenerateDataKeyWithoutPlaintext",
        "kms:ReEncryptFrom",
        "kms:ReEncryptTo",
    ]
    stores = [f"{name}.{cdk.Aws.REGION}.amazonaws.com" for name in ("dynamodb", "s3", "secretsmanager", "sns")]
    return iam.PolicyStatement(
        actions=actions,
        resources=[estate.keys.key.key_arn],
        conditions={"StringEquals": {"kms:ViaService": stores}},
    )


def read_pepper(estate: Estate) -> iam.PolicyStatement:
    """Hash a phone number as it was hashed before."""
    return _allow(["secretsmanager:GetSecretValue"], estate.pepper_secret)


def read_credentials(estate: Estate) -> iam.PolicyStatement:
    """Speak to a tenant's systems with the tenant's own credentials."""
    return _allow(["secretsmanager:GetSecretValue"], estate.tenant_secrets)


def read_releases(estate: Estate) -> iam.PolicyStatement:
    """Run by the release that the execution began with."""
    return _allow(["s3:GetObject"], estate.objects("releases"))


def read_uploads(estate: Estate) -> iam.PolicyStatement:
    """Read what an operator uploaded, in the version that was announced."""
    return _allow(["s3:GetObject", "s3:GetObjectVersion"], estate.objects("tenants"))


def find_uploads(estate: Estate) -> iam.PolicyStatement:
    """Be told that an upload is gone: without this S3 answers that it is forbidden, whether it exists or not."""
    return _allow(["s3:ListBucket"], estate.storage.arn)


def list_tenants(estate: Estate) -> iam.PolicyStatement:
    """Name the tenants: each has a folder of uploads."""
    return iam.PolicyStatement(
        actions=["s3:ListBucket"],
        resources=[estate.storage.arn],
        conditions={"StringLike": {"s3:prefix": "tenants/*"}},
    )


def write_releases(estate: Estate) -> iam.PolicyStatement:
    """Keep a compiled release, and answer an upload with its report."""
    return _allow(["s3:PutObject"], estate.objects("releases"), estate.objects("reports"))


def start_machines(estate: Estate) -> iam.PolicyStatement:
    """Start an execution of a tenant's release."""
    return _allow(["states:StartExecution"], f"{estate.machine_prefix}*")


def resume_machines(estate: Estate) -> iam.PolicyStatement:
    """End a wait with its task token. IAM asks for the machine that the token belongs to."""
    return _allow(["states:SendTaskSuccess", "states:SendTaskFailure"], f"{estate.machine_prefix}*")


def look_at_machines(estate: Estate) -> iam.PolicyStatement:
    """See whether an execution's machine still runs."""
    executions = estate.machine_prefix.replace(":stateMachine:", ":execution:")
    return _allow(["states:DescribeExecution"], f"{executions}*")


def make_machines(estate: Estate) -> iam.PolicyStatement:
    """Give a release its state machine."""
    actions = ["states:CreateStateMachine", "states:DescribeStateMachine", "states:TagResource"]
    return _allow(actions, f"{estate.machine_prefix}*")


def make_topics(estate: Estate) -> iam.PolicyStatement:
    """Give a tenant's operators their topic."""
    return _allow(["sns:CreateTopic", "sns:GetTopicAttributes", "sns:TagResource"], estate.topic_pattern)


def notify_operators(estate: Estate) -> iam.PolicyStatement:
    """Tell the operators of a tenant."""
    return _allow(["sns:Publish"], estate.topic_pattern)


def notify_stage(estate: Estate) -> iam.PolicyStatement:
    """Tell the people who run the stage."""
    return _allow(["sns:Publish"], estate.topics.operators.topic_arn)


def send_mail(estate: Estate) -> iam.PolicyStatement:
    """Send mail from an address of a tenant, with the set that has SES report on it: AWS asks for both."""
    return _allow(["ses:SendEmail"], estate.identity_pattern, estate.mail.set_arn)


def _allow(actions: list[str], *resources: str) -> iam.PolicyStatement:
    return iam.PolicyStatement(actions=actions, resources=list(resources))
