"""No function may do more than its duty says; every pattern in a permission has been looked at."""

from collections.abc import Iterator
from typing import Any

import pytest

from infra.aws.duties import DUTIES
from tests.infra.rendering import of_type, text, texts

_HERE = "{AWS::Region}:{AWS::AccountId}"
_BUCKET = "arn:{AWS::Partition}:s3:::followthrough-dev-{AWS::AccountId}-{AWS::Region}"

_SEALS = "arn:{AWS::Partition}:s3:::followthrough-dev-seals-{AWS::AccountId}-{AWS::Region}"

# Whoever adds a pattern adds its reason here.
REVIEWED = {
    f"{_BUCKET}/tenants/*": "one object per tenant, uploaded after deployment",
    f"{_BUCKET}/releases/*": "one object per release",
    f"{_BUCKET}/reports/*": "one object per upload",
    f"{_BUCKET}/traces/*": "one object per text that is too large for an item",
    f"{_SEALS}/seals/*": "one object per tenant and hour",
    f"arn:{{AWS::Partition}}:states:{_HERE}:stateMachine:followthrough-dev-*": "one machine per release of a tenant",
    f"arn:{{AWS::Partition}}:states:{_HERE}:execution:followthrough-dev-*": "one for each interaction",
    f"arn:{{AWS::Partition}}:secretsmanager:{_HERE}:secret:followthrough/dev/tenants/*": "created per tenant by devops",
    f"arn:{{AWS::Partition}}:secretsmanager:{_HERE}:secret:followthrough/dev/pepper-??????": "AWS adds six characters",
    f"arn:{{AWS::Partition}}:sns:{_HERE}:followthrough-dev-*_*": "tenants' operators have topics of their own",
    f"arn:{{AWS::Partition}}:ses:{_HERE}:identity/*": "tenants bring the addresses that their mail comes from",
}
_VERSIONS = ":*"  # of one function: releases pin older versions while executions wait


def _statements(template: dict[str, Any], part: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    """Every statement of a role or policy, with the role's logical name."""
    for name, role in of_type(template, "AWS::IAM::Role").items():
        for policy in role["Properties"].get("Policies", []):
            yield from ((name, statement) for statement in policy["PolicyDocument"]["Statement"])
    for policy in of_type(template, "AWS::IAM::Policy").values():
        [role] = policy["Properties"]["Roles"]
        yield from (
            (text(role).strip("{}"), statement) for statement in policy["Properties"]["PolicyDocument"]["Statement"]
        )


def _granted(template: dict[str, Any], table: str) -> dict[str, set[str]]:
    """The actions on one table by role."""
    granted: dict[str, set[str]] = {}
    for role, statement in _statements(template):
        if any(resource.startswith(f"{{Tables{table}") for resource in texts(statement["Resource"])):
            granted.setdefault(role, set()).update(texts(statement["Action"]))
    return granted


def test_no_action_is_a_pattern(template: dict[str, Any]) -> None:
    patterns = {
        action for _, statement in _statements(template) for action in texts(statement["Action"]) if "*" in action
    }
    assert not patterns


def test_every_pattern_of_a_resource_was_reviewed(template: dict[str, Any]) -> None:
    resources = {resource for _, statement in _statements(template) for resource in texts(statement["Resource"])}
    patterns = {resource for resource in resources if "*" in resource or "?" in resource}
    unreviewed = {pattern for pattern in patterns - set(REVIEWED) if not pattern.endswith(f".Arn}}{_VERSIONS}")}
    assert not unreviewed
    assert set(REVIEWED) <= patterns, "a reason without a use is to be removed"


def test_roles_take_no_policies_from_elsewhere(template: dict[str, Any]) -> None:
    """AWS's managed policies for Lambda allow logging to every group of the account."""
    for role in of_type(template, "AWS::IAM::Role").values():
        assert not role["Properties"].get("ManagedPolicyArns")


@pytest.mark.parametrize(
    "action", ["dynamodb:Scan", "dynamodb:DeleteItem", "s3:DeleteObject", "kms:ScheduleKeyDeletion"]
)
def test_nobody_may_scan_or_delete(template: dict[str, Any], action: str) -> None:
    assert all(action not in texts(statement["Action"]) for _, statement in _statements(template))


def test_traces_can_be_added_to_and_read_and_nothing_else(template: dict[str, Any]) -> None:
    granted = _granted(template, "Traces")
    assert len(granted) == len(DUTIES) - 2, "all but publish, and the sweep that only hands over"
    for role, actions in granted.items():
        writing = {"dynamodb:PartiQLInsert", "dynamodb:GetItem"} if "SealRole" not in role else set()
        assert actions == {"dynamodb:Query", *writing}


def test_only_publish_makes_a_release_live(template: dict[str, Any]) -> None:
    granted = _granted(template, "Tenants")
    writers = [role for role, actions in granted.items() if actions != {"dynamodb:GetItem"}]
    assert len(writers) == 1
    assert "Publish" in writers[0]


def test_only_ses_reports_on_mails(template: dict[str, Any]) -> None:
    """The topic takes reports of this stage's set by SES, over TLS, and nobody else's; the key helps for this topic."""
    [policy] = [found for name, found in of_type(template, "AWS::SNS::TopicPolicy").items() if "MailReports" in name]
    statements = policy["Properties"]["PolicyDocument"]["Statement"]
    [allowed] = [it for it in statements if it["Effect"] == "Allow"]
    assert (allowed["Action"], allowed["Principal"]) == ("sns:Publish", {"Service": "ses.amazonaws.com"})
    own = {name.lower(): text(value) for name, value in allowed["Condition"]["StringEquals"].items()}
    assert own["aws:sourceaccount"] == "{AWS::AccountId}"
    assert ":configuration-set/" in own["aws:sourcearn"]
    denied = [it["Condition"] for it in statements if it["Effect"] == "Deny"]
    assert {"Bool": {"aws:PrincipalIsAWSService": "false"}} in denied
    assert {"Bool": {"aws:SecureTransport": "false"}} in denied
    [key] = of_type(template, "AWS::KMS::Key").values()
    [helped] = [
        it for it in key["Properties"]["KeyPolicy"]["Statement"] if it["Principal"] == {"Service": "ses.amazonaws.com"}
    ]
    assert set(helped["Action"]) == {"kms:Decrypt", "kms:GenerateDataKey"}
    [topic] = helped["Condition"]["StringEquals"].values()
    assert text(topic).endswith(":followthrough-dev-mailreports")


def test_who_sends_mail_may_use_the_set_that_reports(template: dict[str, Any]) -> None:
    """AWS asks for the sender's identity and for the configuration set: https://github.com/aws/aws-cdk/issues/34402."""
    sending = [texts(it["Resource"]) for _, it in _statements(template) if "ses:SendEmail" in texts(it["Action"])]
    assert sending
    assert all(any(it.endswith(":configuration-set/followthrough-dev") for it in may) for may in sending)


_READING = {
    "dynamodb:GetItem", "dynamodb:Query", "dynamodb:PartiQLSelect", "dynamodb:DescribeTable", "kms:Decrypt",
    "kms:DescribeKey", "s3:GetObject", "s3:GetObjectVersion", "s3:GetObjectRetention", "s3:ListBucket",
    "s3:ListBucketVersions", "s3:GetBucketObjectLockConfiguration", "cloudformation:DescribeStacks",
}  # fmt: skip


def test_auditors_write_nothing_and_scan_nothing(template: dict[str, Any]) -> None:
    """Both policies only read; what is personal needs the second one, and nobody has either unless it is attached."""
    policies = of_type(template, "AWS::IAM::ManagedPolicy")
    statements = {
        found["Properties"]["ManagedPolicyName"]: found["Properties"]["PolicyDocument"]["Statement"]
        for found in policies.values()
    }
    allowed = [it for found in statements.values() for it in found if it["Effect"] == "Allow"]
    assert {action for it in allowed for action in texts(it["Action"])} == _READING
    [denied] = [it for found in statements.values() for it in found if it["Effect"] == "Deny"]
    assert denied["Condition"] == {"Bool": {"dynamodb:FullTableScan": ["true"]}}
    plain = [resource for it in statements["followthrough-dev-auditor"] for resource in texts(it["Resource"])]
    assert not any(resource.startswith(("{TablesKeys", "{TablesSubjects")) for resource in plain)
    assert not any(found["Properties"].get("Roles") for found in policies.values())


def _auditors(template: dict[str, Any]) -> list[dict[str, Any]]:
    """The statements of the policy that shows nothing personal."""
    [policy] = [
        found["Properties"]
        for found in of_type(template, "AWS::IAM::ManagedPolicy").values()
        if found["Properties"]["ManagedPolicyName"] == "followthrough-dev-auditor"
    ]
    statements: list[dict[str, Any]] = policy["PolicyDocument"]["Statement"]
    return statements


def test_auditors_find_the_stage_and_no_other(template: dict[str, Any]) -> None:
    """Every command begins with the stack's outputs, so who may read one stage may describe its stack."""
    [described] = [it for it in _auditors(template) if "cloudformation:DescribeStacks" in texts(it["Action"])]
    assert texts(described["Resource"]) == [f"arn:{{AWS::Partition}}:cloudformation:{_HERE}:stack/followthrough-dev/*"]


def test_no_index_can_be_scanned_either(template: dict[str, Any]) -> None:
    """What auditors may select from by a key, table or index, they may not select from without one."""
    [denied] = [it for it in _auditors(template) if it["Effect"] == "Deny"]
    [allowed] = [
        it for it in _auditors(template) if it["Effect"] == "Allow" and "dynamodb:PartiQLSelect" in texts(it["Action"])
    ]
    assert len([it for it in texts(denied["Resource"]) if "/index/" in it]) == 5
    assert set(texts(denied["Resource"])) == set(texts(allowed["Resource"]))


def test_who_reads_large_entries_is_told_of_a_lost_one(template: dict[str, Any]) -> None:
    """Without the right to list their folder S3 says that a lost object is forbidden, and no flaw can be named."""
    given = [*_statements(template), *(("auditor", it) for it in _auditors(template))]
    readers = {
        who
        for who, it in given
        if "s3:GetObject" in texts(it["Action"]) and f"{_BUCKET}/traces/*" in texts(it["Resource"])
    }
    told = {
        who
        for who, it in given
        if (texts(it["Action"]), texts(it["Resource"])) == (["s3:ListBucket"], [_BUCKET])
        and it.get("Condition") == {"StringLike": {"s3:prefix": "traces/*"}}
    }
    assert len(readers) > 1
    assert readers == told


def test_who_seals_sees_hashes_and_nothing_else(template: dict[str, Any]) -> None:
    """The sealing function reads no execution, no subject and no key, and can delete or unlock no seal."""
    for table in ("Executions", "Subjects", "Keys", "Tenants"):
        assert not any("SealRole" in role for role in _granted(template, table))
    actions = {
        action
        for role, statement in _statements(template)
        if "SealRole" in role
        for action in texts(statement["Action"])
        if action.startswith("s3:")
    }
    assert actions == {"s3:ListBucket", "s3:ListBucketVersions", "s3:PutObject", "s3:GetObject", "s3:GetObjectVersion"}


def test_publish_never_sees_an_execution_or_a_subject(template: dict[str, Any]) -> None:
    for table in ("Executions", "Traces", "Subjects", "Keys"):
        assert not any("Publish" in role for role in _granted(template, table))


def test_only_publish_passes_a_role_and_only_the_machines(template: dict[str, Any]) -> None:
    [(role, statement)] = [found for found in _statements(template) if "iam:PassRole" in texts(found[1]["Action"])]
    assert "Publish" in role
    assert texts(statement["Resource"]) == ["{FunctionsMachineRole1FA5652F.Arn}"]
    assert statement["Condition"] == {"StringEquals": {"iam:PassedToService": "states.amazonaws.com"}}


def _calling(template: dict[str, Any]) -> dict[str, list[str]]:
    """Which functions each role may call."""
    return {
        role: texts(statement["Resource"])
        for role, statement in _statements(template)
        if texts(statement["Action"]) == ["lambda:InvokeFunction"]
    }


def test_the_sweep_only_reads_what_is_due_and_calls_its_other_half(template: dict[str, Any]) -> None:
    """What reads across tenants sees no context, no words and no secret, and speaks to nobody."""
    [(role, resources)] = [(role, found) for role, found in _calling(template).items() if "Sweep" in role]
    assert [resource.startswith("{FunctionsSweepTenant") for resource in resources] == [True]
    [actions] = [actions for whose, actions in _granted(template, "Executions").items() if whose == role]
    assert actions == {"dynamodb:Query"}
    assert role not in _granted(template, "Keys")


def test_machines_call_agents_only(template: dict[str, Any]) -> None:
    [resources] = [found for role, found in _calling(template).items() if "Sweep" not in role]
    agents = [duty.name for duty in DUTIES if duty.folder == "agents"]
    assert len(resources) == len(agents)
    for agent in agents:
        assert any(resource.startswith(f"{{Functions{agent.capitalize()}") for resource in resources)
