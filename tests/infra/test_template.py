"""The template says what DESIGN promises: encrypted, kept, private, pinned."""

import json
import re
import subprocess
import sys
from typing import Any

import pytest

from followthrough.operations.sweep import UNRECEIPTED
from infra.aws.duties import DUTIES, Duty
from infra.aws.stage import Stage
from infra.local.synth import ROOT
from tests.infra.conftest import HANDLERS
from tests.infra.rendering import of_type, text

ENVIRONMENT = {
    "STAGE", "EXECUTIONS_TABLE", "TRACES_TABLE", "TENANTS_TABLE", "SUBJECTS_TABLE", "KEYS_TABLE", "BUCKET", "KEY_ID",
    "SEALS_BUCKET", "PEPPER_SECRET", "OPERATORS_TOPIC", "CONFIGURATION_SET", "PUBLIC_URL", "ENDPOINTS",
    "MACHINE_PREFIX",
}  # fmt: skip


AUDITOR = "arn:aws:iam::123456789012:role/auditors"
VARIANTS = {
    "lasting": {"platform": "aws"},
    "cautious": {"platform": "local", "seal_mode": "compliance", "seal_days": "30", "auditor": AUDITOR},
    "elsewhere": {"platform": "local", "seal_bucket": "vault-of-the-auditors"},
}


@pytest.fixture(scope="module")
def variants(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, Any]]:
    """Templates of other stages than the stand-in's."""
    folder = tmp_path_factory.mktemp("variants")
    wanted = {str(folder / name): {"handlers": str(HANDLERS), **context} for name, context in VARIANTS.items()}
    command = [sys.executable, "-m", "tests.infra.variants"]
    done = subprocess.run(command, cwd=ROOT, input=json.dumps(wanted), capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    made = {name: folder / name / "followthrough-dev.template.json" for name in VARIANTS}
    return {name: json.loads(path.read_text()) for name, path in made.items()}


@pytest.mark.parametrize("duty", DUTIES, ids=lambda duty: duty.name)
def test_every_function_has_its_handler(duty: Duty) -> None:
    source = ROOT / "functions" / duty.folder / f"{duty.name}.py"
    assert re.search(r"^(handler\b|def handler\b)", source.read_text(), re.MULTILINE)


def test_every_handler_is_deployed() -> None:
    """No handler is left that no duty names: a channel's stand in the registry, the others in the list of duties."""
    written = {f"{source.parent.name}/{source.stem}" for source in (ROOT / "functions").rglob("*.py")}
    assert written == {f"{duty.folder}/{duty.name}" for duty in DUTIES}


def test_every_function_knows_its_surroundings(template: dict[str, Any]) -> None:
    functions = of_type(template, "AWS::Lambda::Function")
    assert len(functions) == len(DUTIES)
    for name, function in functions.items():
        more = {"FUNCTIONS", "MACHINE_ROLE"} if "Publish" in name else set()
        more |= {"SWEEP_TENANT"} if re.match("FunctionsSweep(?!Tenant)", name) else set()
        assert set(function["Properties"]["Environment"]["Variables"]) == ENVIRONMENT | more


def test_publish_is_told_a_version_of_every_agent(template: dict[str, Any]) -> None:
    [publish] = [found for name, found in of_type(template, "AWS::Lambda::Function").items() if "Publish" in name]
    versions = json.loads(text(publish["Properties"]["Environment"]["Variables"]["FUNCTIONS"]))
    assert set(versions) == {duty.name for duty in DUTIES if duty.folder == "agents"}
    assert all("CurrentVersion" in version for version in versions.values())


def test_stores_are_encrypted_with_the_stages_own_key(template: dict[str, Any]) -> None:
    tables = of_type(template, "AWS::DynamoDB::Table").values()
    assert len(tables) == 5
    for table in tables:
        assert table["Properties"]["SSESpecification"]["SSEType"] == "KMS"
        assert table["Properties"]["PointInTimeRecoverySpecification"] == {"PointInTimeRecoveryEnabled": True}
    [key] = of_type(template, "AWS::KMS::Key").values()
    assert key["Properties"]["EnableKeyRotation"] is True


def test_the_bucket_is_private_versioned_and_announces_uploads(template: dict[str, Any]) -> None:
    for bucket in of_type(template, "AWS::S3::Bucket").values():
        assert set(bucket["Properties"]["PublicAccessBlockConfiguration"].values()) == {True}
    [bucket] = [found for name, found in of_type(template, "AWS::S3::Bucket").items() if "Storage" in name]
    assert bucket["Properties"]["VersioningConfiguration"] == {"Status": "Enabled"}
    [announced] = bucket["Properties"]["NotificationConfiguration"]["LambdaConfigurations"]
    assert "PublishCurrentVersion" in text(announced["Function"])
    assert not of_type(template, "Custom::S3BucketNotifications")


def test_seals_are_locked(template: dict[str, Any]) -> None:
    """What is sealed stays for 400 days, whoever asks."""
    [bucket] = [found for name, found in of_type(template, "AWS::S3::Bucket").items() if "Vault" in name]
    assert bucket["Properties"]["ObjectLockEnabled"] is True
    lock = bucket["Properties"]["ObjectLockConfiguration"]["Rule"]["DefaultRetention"]
    assert lock == {"Mode": "GOVERNANCE", "Days": 400}


@pytest.fixture(scope="module")
def cautious(variants: dict[str, dict[str, Any]]) -> dict[str, Any]:
    """The template of a stage whose seals nobody can unlock, and that names its auditor."""
    return variants["cautious"]


def test_seals_can_be_kept_firmer(cautious: dict[str, Any]) -> None:
    """The stage may say that nobody can unlock a seal, and for how long."""
    [bucket] = [found for name, found in of_type(cautious, "AWS::S3::Bucket").items() if "Vault" in name]
    lock = bucket["Properties"]["ObjectLockConfiguration"]["Rule"]["DefaultRetention"]
    assert lock == {"Mode": "COMPLIANCE", "Days": 30}


def test_an_auditor_who_is_named_gets_a_role(cautious: dict[str, Any]) -> None:
    """The role can be taken by that principal alone, and has the policy without personal data."""
    [role] = [found for name, found in of_type(cautious, "AWS::IAM::Role").items() if "Auditors" in name]
    [statement] = role["Properties"]["AssumeRolePolicyDocument"]["Statement"]
    assert statement["Principal"] == {"AWS": AUDITOR}
    [policy] = role["Properties"]["ManagedPolicyArns"]
    assert "Personal" not in text(policy)


def test_seals_can_be_kept_elsewhere(variants: dict[str, dict[str, Any]]) -> None:
    """The stage may say that another bucket keeps the seals, and makes none then."""
    elsewhere = variants["elsewhere"]
    assert not [name for name in of_type(elsewhere, "AWS::S3::Bucket") if "Vault" in name]
    assert elsewhere["Outputs"]["SealsBucket"]["Value"] == "vault-of-the-auditors"


def test_access_is_logged_without_content(template: dict[str, Any]) -> None:
    [stage] = of_type(template, "AWS::ApiGatewayV2::Stage").values()
    logged = json.loads(stage["Properties"]["AccessLogSettings"]["Format"])
    assert not any(word in value.lower() for value in logged.values() for word in ("body", "header", "query"))
    assert stage["Properties"]["DefaultRouteSettings"]["ThrottlingRateLimit"]


def test_ses_reports_on_every_mail(template: dict[str, Any]) -> None:
    """Deliveries and failures go to a topic that calls the function; SES gives up before the sweeper does."""
    [made] = of_type(template, "AWS::SES::ConfigurationSet").values()
    assert made["Properties"]["Name"] == "followthrough-dev"
    assert made["Properties"]["DeliveryOptions"]["MaxDeliverySeconds"] < UNRECEIPTED.total_seconds()
    [destination] = of_type(template, "AWS::SES::ConfigurationSetEventDestination").values()
    events = destination["Properties"]["EventDestination"]
    assert set(events["MatchingEventTypes"]) == {"delivery", "bounce", "complaint", "reject", "renderingFailure"}
    topic = text(events["SnsDestination"]["TopicARN"])
    assert of_type(template, "AWS::SNS::Topic")[topic.strip("{}")]["Properties"]["KmsMasterKeyId"]
    [subscription] = of_type(template, "AWS::SNS::Subscription").values()
    assert text(subscription["Properties"]["TopicArn"]) == topic
    assert "ReceiveMailReportCurrentVersion" in text(subscription["Properties"]["Endpoint"])
    # SES tries the topic when the destination is made.
    assert any("MailReportsTopicPolicy" in needed for needed in destination["DependsOn"])


@pytest.fixture(scope="module")
def lasting(variants: dict[str, dict[str, Any]]) -> dict[str, Any]:
    """The template for AWS, of a stage that is meant to stay."""
    return variants["lasting"]


@pytest.mark.parametrize("kind", ["DynamoDB::Table", "S3::Bucket", "KMS::Key", "SecretsManager::Secret",
                                  "Lambda::Version", "Lambda::LayerVersion", "Logs::LogGroup"])  # fmt: skip
def test_what_a_lasting_stage_needs_outlives_its_stack(lasting: dict[str, Any], kind: str) -> None:
    """Data, and the versions that open executions are pinned to, are kept."""
    found = of_type(lasting, f"AWS::{kind}")
    assert found
    assert {resource["DeletionPolicy"] for resource in found.values()} == {"Retain"}


def test_the_stand_in_deploys_what_aws_gets(template: dict[str, Any], lasting: dict[str, Any]) -> None:
    """Two syntheses differ in the layers' content and in what is kept, and in nothing else."""
    assert _comparable(template) == _comparable(lasting)


def _comparable(template: dict[str, Any]) -> dict[str, Any]:
    """Without hashes of content (of assets, and in the names of layers and versions) and without what keeps data."""
    text = re.sub(r"[0-9a-f]{64}\.zip", "asset.zip", json.dumps(template))
    text = re.sub(r"(CurrentVersion[0-9A-F]{8}|Dependencies|Product)[0-9a-fA-F]{8,32}", r"\1", text)
    compared: dict[str, Any] = json.loads(text)
    for resource in compared["Resources"].values():
        resource.pop("DeletionPolicy", None)
        resource.pop("UpdateReplacePolicy", None)
        resource["Properties"].pop("DeletionProtectionEnabled", None)
    return compared


@pytest.mark.parametrize("name", ["dev-2", "Prod", "1st", "", "averylongname1"])
def test_a_stage_whose_prefix_could_cover_anothers_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match="stage"):
        Stage(name)
