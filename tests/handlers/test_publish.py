"""The handler of uploads: S3's notification in, the tenant live or refused, on AWS's own services."""

import json
from collections.abc import Iterator

import boto3
import pytest

from followthrough import runtime
from followthrough.handlers.publish import publish_entry
from infra.local.accounts import source
from tests.handlers.environment import VARIABLES, lambda_environment
from tests.workbench.world import FUNCTIONS

TABLE_KEYS = [{"AttributeName": name, "KeyType": kind} for name, kind in (("pk", "HASH"), ("sk", "RANGE"))]


@pytest.fixture(autouse=True)
def environment() -> Iterator[None]:
    """The environment of the publishing function, with its bucket, table and topic."""
    with lambda_environment(FUNCTIONS=json.dumps(FUNCTIONS)):
        boto3.client("s3").create_bucket(Bucket=VARIABLES["BUCKET"])
        boto3.client("sns").create_topic(Name=VARIABLES["OPERATORS_TOPIC"].rpartition(":")[2])
        boto3.client("dynamodb").create_table(
            TableName=VARIABLES["TENANTS_TABLE"],
            AttributeDefinitions=[{"AttributeName": name, "AttributeType": "S"} for name in ("pk", "sk")],
            KeySchema=TABLE_KEYS,  # type: ignore[arg-type]
            BillingMode="PAY_PER_REQUEST",
        )
        yield


def upload(body: bytes, key: str = "tenants/brightsmile/tenant.yaml") -> dict[str, object]:
    """Upload, let S3 notify, and return the newest report."""
    s3 = boto3.client("s3")
    s3.put_object(Bucket=VARIABLES["BUCKET"], Key=key, Body=body)
    before = _reports()
    publish_entry()({"Records": [{"s3": {"object": {"key": key.replace("/", "%2F")}}}]}, None)
    (new,) = _reports() - before
    report: dict[str, object] = json.loads(s3.get_object(Bucket=VARIABLES["BUCKET"], Key=new)["Body"].read())
    return report


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
    assert "followthrough-test-brightsmile-front-desk" in topics


def test_bytes_that_are_no_text_are_refused_at_their_place() -> None:
    """A file that is no UTF-8 is refused like any other mistake, and not retried as a crash."""
    report = upload("tenant: brightsmile\nname: \xe9t\xe9\n".encode("latin-1"))
    assert report["status"] == "refused"
    assert report["problems"]
    assert runtime.releases().live("brightsmile") is None


def test_broken_upload_keeps_the_live_release() -> None:
    """After a broken file the release that was live takes the next interaction."""
    upload(source("brightsmile").encode())
    live = runtime.releases().live("brightsmile")
    assert upload(source("brightsmile").replace("time_zone:", "timezone:").encode())["status"] == "refused"
    assert runtime.releases().live("brightsmile") == live
