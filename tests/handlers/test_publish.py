"""The handler of uploads: S3's notification in, the tenant live or refused, on AWS's own services."""

import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote_plus

import boto3
import pytest
from botocore.exceptions import ClientError

from followthrough import runtime
from followthrough.aws.senders import AwsSenders
from followthrough.aws.uploads import S3Uploads
from followthrough.clock import utc_now
from followthrough.handlers.publish import publish_entry
from followthrough.tenant.positions import LARGEST
from infra.local.accounts import SECRETS, configuration, first_state, source
from infra.local.sandbox import Sandbox
from simulation.systems import all_systems
from tests.handlers.environment import VARIABLES, lambda_environment
from tests.workbench.world import FUNCTIONS

TABLE_KEYS = [{"AttributeName": name, "KeyType": kind} for name, kind in (("pk", "HASH"), ("sk", "RANGE"))]


@pytest.fixture(autouse=True)
def environment() -> Iterator[None]:
    """The environment of the publishing function, with its bucket, table and topic."""
    with lambda_environment(FUNCTIONS=json.dumps(FUNCTIONS)):
        prepare()
        give("brightsmile", "brightsmile.example")
        yield


def prepare() -> None:
    """Make what the function finds in its stage."""
    boto3.client("s3").create_bucket(Bucket=VARIABLES["BUCKET"])
    boto3.client("sns").create_topic(Name=VARIABLES["OPERATORS_TOPIC"].rpartition(":")[2])
    boto3.client("dynamodb").create_table(
        TableName=VARIABLES["TENANTS_TABLE"],
        AttributeDefinitions=[{"AttributeName": name, "AttributeType": "S"} for name in ("pk", "sk")],
        KeySchema=TABLE_KEYS,  # type: ignore[arg-type]
        BillingMode="PAY_PER_REQUEST",
    )


def give(tenant: str, *identities: str) -> None:
    """Give a tenant the mail identities that it may send from, as whoever runs the stage does."""
    AwsSenders(boto3.client("dynamodb"), VARIABLES["TENANTS_TABLE"]).give(tenant, identities)


def upload(body: bytes, key: str = "tenants/brightsmile/tenant.yaml") -> dict[str, object]:
    """Upload, let S3 notify, and return the newest report."""
    s3 = boto3.client("s3")
    s3.put_object(Bucket=VARIABLES["BUCKET"], Key=key, Body=body)
    before = _reports()
    publish_entry()({"Records": [{"s3": {"object": {"key": quote_plus(key)}}}]}, None)
    (new,) = _reports() - before
    report: dict[str, object] = json.loads(s3.get_object(Bucket=VARIABLES["BUCKET"], Key=new)["Body"].read())
    return report


def problems(report: dict[str, Any]) -> list[dict[str, Any]]:
    """Return what a report says is wrong."""
    found: list[dict[str, Any]] = report["problems"]
    return found


def _reports() -> set[str]:
    listed = boto3.client("s3").list_objects_v2(Bucket=VARIABLES["BUCKET"], Prefix="reports/")
    return {found["Key"] for found in listed.get("Contents", [])}


def test_upload_goes_live() -> None:
    """A good file, under its URL-encoded key, ends as a live release with its machine and its topics."""
    report = upload(source("brightsmile").encode())
    live = runtime.releases().live("brightsmile")
    assert live is not None
    assert (report["status"], report["release"]) == ("live", live.release)
    machines = boto3.client("stepfunctions").list_state_machines()["stateMachines"]
    assert [it["name"] for it in machines] == [f"followthrough-test-brightsmile-{live.release}"]
    topics = [it["TopicArn"].rpartition(":")[2] for it in boto3.client("sns").list_topics()["Topics"]]
    assert "followthrough-test-brightsmile_front-desk" in topics


def test_secrets_that_nobody_created_are_warned_of() -> None:
    """P5: whoever uploads a file before its secrets exist is told each, and the file goes live."""
    report = upload(source("brightsmile").encode())
    warnings = report["warnings"]
    assert isinstance(warnings, list)
    assert [it["path"] for it in warnings] == [f"systems.{it}" for it in ("crm", "calendar", "payments", "texts")]
    assert "`followthrough/test/tenants/brightsmile/crm`" in warnings[0]["message"]


def test_the_tenants_systems_are_asked_with_its_secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    """CAL-3: an event type that cannot be booked by text refuses the file, and goes live when it is mended there."""
    for name, adapter in (("crm", "hubspot"), ("calendar", "cal_com")):
        secret = json.dumps(SECRETS[adapter])
        boto3.client("secretsmanager").create_secret(
            Name=f"followthrough/test/tenants/brightsmile/{name}", SecretString=secret
        )
    (event_type,) = first_state(configuration("brightsmile"))["cal_com"]["event_types"]
    with Sandbox.start(all_systems(utc_now)) as sandbox:
        monkeypatch.setenv("ENDPOINTS", json.dumps(sandbox.endpoints))
        runtime.settings.cache_clear()
        sandbox.seed("cal_com", {"event_types": [{**event_type, "required": ["email"]}]})
        problems = upload(source("brightsmile").encode())["problems"]
        assert isinstance(problems, list)
        assert [it["path"] for it in problems] == ["systems.calendar"]
        assert "requires a mail address" in problems[0]["message"]
        sandbox.seed("cal_com", {"event_types": [event_type]})
        assert upload(source("brightsmile").encode())["status"] == "live"


@pytest.mark.parametrize(
    ("encoding", "line", "column", "said"),
    [("latin-1", 2, 7, "the byte 0xe9 is no UTF-8"), ("utf-16", 1, 1, "the byte 0xff is no UTF-8")],
)
def test_bytes_that_are_no_text_are_refused_at_their_place(encoding: str, line: int, column: int, said: str) -> None:
    """T12: a file that is no UTF-8 is refused like any other mistake, and not retried as a crash."""
    report = upload("tenant: brightsmile\nname: \u00e9t\u00e9\n".encode(encoding))
    (problem,) = problems(report)
    assert report["status"] == "refused"
    assert (problem["line"], problem["column"]) == (line, column)
    assert said in problem["message"]
    assert runtime.releases().live("brightsmile") is None


def test_good_file_in_another_encoding_is_refused() -> None:
    """T12: a whole configuration in Latin-1 does not go live with broken letters in every message."""
    report = upload(source("brightsmile").encode("latin-1"))
    assert report["status"] == "refused"
    assert "save it as UTF-8" in problems(report)[0]["message"]
    assert runtime.releases().live("brightsmile") is None


def test_file_that_is_far_too_large_is_not_read_whole() -> None:
    """T14: of a file of many megabytes only as much is read as tells that it is too large."""
    uploads = S3Uploads(boto3.client("s3"), VARIABLES["BUCKET"])
    report = upload(b"#" * 10_000_000)
    assert "larger than 256 KB" in problems(report)[0]["message"]
    assert len(uploads.read("tenants/brightsmile/tenant.yaml") or b"") == LARGEST + 1


@pytest.mark.parametrize(
    ("key", "folder"),
    [
        ("tenants/brightsmile/backup 2025+old/tenant.yaml", "brightsmile"),
        ("tenants/brightsmile//tenant.yaml", "brightsmile"),
        ("tenants//brightsmile/tenant.yaml", "(none)"),
        ("tenants/brightsmile /tenant.yaml", "(none)"),
        ("tenants/Bright Smile/tenant.yaml", "(none)"),
        ("tenants//tenant.yaml", "(none)"),
    ],
)
def test_only_the_tenants_own_file_is_published(key: str, folder: str) -> None:
    """T13: a copy that lies anywhere but at `tenants/<tenant>/tenant.yaml` is refused with where it has to lie."""
    upload(source("brightsmile").replace("name: Bright Smile Dental", "name: Newer").encode())
    live = runtime.releases().live("brightsmile")
    report = upload(source("brightsmile").encode(), key)
    assert (report["tenant"], report["status"]) == (folder, "refused")
    assert f"lies at `{key}`, and only `tenants/<tenant>/tenant.yaml` is published" in problems(report)[0]["message"]
    assert runtime.releases().live("brightsmile") == live


def test_folder_that_is_no_tenants_is_nobodys() -> None:
    """T13: what runs for every tenant passes over folders that no tenant can have."""
    for key in ("tenants/brightsmile/tenant.yaml", "tenants/Old Stuff/tenant.yaml", "tenants//x"):
        boto3.client("s3").put_object(Bucket=VARIABLES["BUCKET"], Key=key, Body=b"")
    assert S3Uploads(boto3.client("s3"), VARIABLES["BUCKET"]).tenants() == ["brightsmile"]


def test_name_must_be_the_folders() -> None:
    """T13: a file in another tenant's folder is refused: it would take over that tenant."""
    report = upload(source("brightsmile").encode(), "tenants/other/tenant.yaml")
    assert 'is "brightsmile" but the file lies in the folder of "other"' in problems(report)[0]["message"]
    assert [runtime.releases().live(name) for name in ("other", "brightsmile")] == [None, None]


def test_sender_that_was_not_given_is_refused() -> None:
    """T16: an address of another tenant's domain is refused at its place, and goes live as soon as it is given."""
    other = source("brightsmile").replace("hello@brightsmile.example", "hello@northside.example")
    give("northside", "northside.example")
    report = upload(other.encode())
    (problem,) = problems(report)
    assert (report["status"], problem["path"]) == ("refused", "systems.mail.settings.from")
    assert "`hello@northside.example` was not given to `brightsmile`" in problem["message"]
    assert "`followthrough senders brightsmile northside.example`" in problem["message"]
    give("brightsmile", "brightsmile.example", "hello@northside.example")
    assert upload(other.replace("Bright Smile Dental", "Bright Smile").encode())["status"] == "live"


def test_what_was_given_is_kept_apart_from_what_is_live() -> None:
    """T16: going live changes nothing of what was given, and giving nothing of what is live."""
    upload(source("brightsmile").encode())
    live = runtime.releases().live("brightsmile")
    give("brightsmile", "x.example")
    assert runtime.releases().live("brightsmile") == live
    assert list(runtime.senders().of("brightsmile")) == ["x.example"]
    assert list(runtime.senders().of("northside")) == []


def test_machine_that_aws_refuses_is_reported(monkeypatch: pytest.MonkeyPatch) -> None:
    """T6: where AWS refuses the machine for a reason nobody foresaw, there is a report and a notice all the same."""
    queue = boto3.client("sqs").create_queue(QueueName="operators")["QueueUrl"]
    arn = VARIABLES["OPERATORS_TOPIC"].rpartition(":")[0].replace(":sns:", ":sqs:") + ":operators"
    boto3.client("sns").subscribe(TopicArn=VARIABLES["OPERATORS_TOPIC"], Protocol="sqs", Endpoint=arn)
    monkeypatch.setenv("MACHINE_ROLE", "no role")
    runtime.settings.cache_clear()
    with pytest.raises(ClientError):
        upload(source("brightsmile").encode())
    (key,) = _reports()
    report = json.loads(boto3.client("s3").get_object(Bucket=VARIABLES["BUCKET"], Key=key)["Body"].read())
    assert (key.split("/")[1], report["status"]) == ("brightsmile", "failed")
    assert "could not be published (CreateStateMachine: InvalidArn)" in report["problems"][0]["message"]
    (notice,) = boto3.client("sqs").receive_message(QueueUrl=queue)["Messages"]
    assert "tenants/brightsmile/tenant.yaml: it could not be published" in notice["Body"]
    assert runtime.releases().live("brightsmile") is None


def test_broken_upload_keeps_the_live_release() -> None:
    """After a broken file the release that was live takes the next interaction."""
    upload(source("brightsmile").encode())
    live = runtime.releases().live("brightsmile")
    assert upload(source("brightsmile").replace("time_zone:", "timezone:").encode())["status"] == "refused"
    assert runtime.releases().live("brightsmile") == live
