"""The deployed stack works as a whole: API, upload, machine, token, logs, and the limits of its roles."""

import json
import time
from collections.abc import Callable
from typing import Any

import boto3
import httpx
import pytest
from botocore.exceptions import ClientError

from followthrough.engine.work import Outcome
from followthrough.routing.states import mark, succeed, wait_for_answer
from infra.local.standin import Standin


def eventually(look: Callable[[], Any]) -> Any:
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        if found := look():
            return found
        time.sleep(0.05)
    raise AssertionError("it did not come")


@pytest.fixture(scope="module")
def answer(here: Standin) -> dict[str, Any]:
    """What a text is answered, after a tenant was uploaded."""
    bucket, s3 = here.outputs["Bucket"], here.client("s3")
    s3.put_object(Bucket=bucket, Key="tenants/acme/tenant.yaml", Body=b"tenant: acme\n")
    eventually(lambda: s3.list_objects_v2(Bucket=bucket, Prefix="reports/acme/").get("Contents"))
    response = httpx.post(f"{here.api}/v1/acme/sms", data={"From": "+13125550100", "Body": "hello"}, timeout=30)
    assert response.status_code == 200
    answer: dict[str, Any] = response.json()
    return answer


@pytest.fixture(scope="module")
def finished(here: Standin, answer: dict[str, Any]) -> dict[str, Any]:
    """The execution that the text started, after its wait was ended with the token."""
    key = {"pk": {"S": "e1"}, "sk": {"S": "token"}}
    table, machines = here.outputs["ExecutionsTable"], here.client("stepfunctions")
    item = eventually(lambda: here.client("dynamodb").get_item(TableName=table, Key=key).get("Item"))
    machines.send_task_success(taskToken=item["token"]["S"], output="{}")

    def ended() -> dict[str, Any] | None:
        found: dict[str, Any] = machines.describe_execution(executionArn=answer["execution"])
        return found if found["status"] != "RUNNING" else None

    described: dict[str, Any] = eventually(ended)
    return described


def test_an_upload_is_published_and_a_text_reaches_its_function(answer: dict[str, Any]) -> None:
    assert answer["form"] == "From=%2B13125550100&Body=hello"
    assert answer["execution"].endswith(":followthrough-dev-acme-r1:e1")


def test_parameters_reach_the_functions(answer: dict[str, Any]) -> None:
    assert answer["public_url"] == "https://texts.example"
    assert answer["endpoints"] == {"stripe": "http://127.0.0.1:1"}


def test_a_machine_runs_pinned_versions_and_waits_for_its_token(finished: dict[str, Any]) -> None:
    assert finished["status"] == "SUCCEEDED"
    output = json.loads(finished["output"])
    assert output["arn"].endswith(":function:followthrough-dev-decide:1")
    assert output["stage"] == "dev"


def test_a_wait_ends_when_its_record_says(here: Standin, finished: dict[str, Any]) -> None:
    """As Step Functions does, the stand-in reads a wait's timeout from the record."""
    wait = wait_for_answer(
        "arn:aws:lambda:us-east-1:000000000000:function:nobody:1",
        {"step": "slot"},
        ways={"answered": "answered", "expired": "expired", "broken": "broken"},
    )
    states = {name: mark(name, "end") for name in ("answered", "expired", "broken")}
    machines = here.client("stepfunctions")
    made = machines.create_state_machine(
        name="impatient",
        roleArn=machines.describe_state_machine(stateMachineArn=finished["stateMachineArn"])["roleArn"],
        definition=json.dumps({"StartAt": "wait", "States": {"wait": wait, **states, "end": succeed()}}),
    )
    record = Outcome(tenant="acme", execution="e2", outcome="done", seconds=1)
    began = machines.start_execution(stateMachineArn=made["stateMachineArn"], input=record.model_dump_json())

    def expired() -> bool:
        told = machines.describe_execution(executionArn=began["executionArn"])
        return bool(told["status"] == "SUCCEEDED" and json.loads(told["output"])["outcome"] == "expired")

    assert eventually(expired)


def test_a_function_finds_its_layers_and_nothing_of_the_developers_machine(finished: dict[str, Any]) -> None:
    found = json.loads(finished["output"])["found"]
    assert "/layer_" in found["followthrough"]
    assert "/.local/layers/" in found["stripe"]
    assert found["pytest"] == ""


def test_what_a_function_logs_can_be_read(here: Standin, finished: dict[str, Any]) -> None:
    assert finished

    def messages() -> list[str]:
        found = here.client("logs").filter_log_events(logGroupName="/aws/lambda/followthrough-dev-decide")
        return [event["message"] for event in found["events"] if event["message"].startswith("deciding")]

    assert eventually(messages) == ["deciding for e1"]


def send(here: Standin, to: str, **more: Any) -> str:
    """Send a mail as the adapter does, and return its id."""
    sent = here.client("sesv2").send_email(
        FromEmailAddress="hello@acme.example",
        Destination={"ToAddresses": [to]},
        Content={"Simple": {"Subject": {"Data": "Hello"}, "Body": {"Text": {"Data": "Hello"}}}},
        EmailTags=[{"Name": "tenant", "Value": "acme"}],
        **more,
    )
    return str(sent["MessageId"])


def test_what_became_of_a_mail_is_reported(here: Standin) -> None:
    """To the function, by way of the topic; a mail without the stage's configuration set is nobody's business."""
    here.client("sesv2").create_email_identity(EmailIdentity="hello@acme.example")
    send(here, "desk@acme.example")
    bounced = send(here, "bounce@simulator.amazonses.com", ConfigurationSetName="followthrough-dev")
    arrived = send(here, "desk@acme.example", ConfigurationSetName="followthrough-dev")

    def reported() -> set[str] | None:
        found = here.client("logs").filter_log_events(logGroupName="/aws/lambda/followthrough-dev-receive_mail_report")
        said = {event["message"].strip() for event in found["events"] if event["message"].startswith("reported")}
        return said if len(said) > 1 else None

    assert eventually(reported) == {f"reported acme Bounce {bounced}", f"reported acme Delivery {arrived}"}


def test_a_configuration_set_that_is_not_there_is_refused(here: Standin) -> None:
    with pytest.raises(ClientError, match="NotFoundException"):
        send(here, "desk@acme.example", ConfigurationSetName="of-nobody")


def test_an_unknown_path_is_not_found(here: Standin) -> None:
    assert httpx.get(f"{here.api}/v1/acme/nothing").status_code == 404


@pytest.fixture(scope="module")
def act(here: Standin) -> Callable[[str], Any]:
    """Clients with the rights of the function `act`, and no more."""
    [role] = [role for role in here.client("iam").list_roles()["Roles"] if "FunctionsActRole" in role["RoleName"]]
    given = here.client("sts").assume_role(RoleArn=role["Arn"], RoleSessionName="act")["Credentials"]
    session = boto3.Session(given["AccessKeyId"], given["SecretAccessKey"], given["SessionToken"], here.region)
    make: Any = session.client
    return lambda service: make(service, endpoint_url=here.gateway)


def test_a_seal_is_locked_as_the_template_says(here: Standin) -> None:
    """What was sealed can be covered, but its first version stays."""
    s3, bucket = here.client("s3"), here.outputs["SealsBucket"]
    first = s3.put_object(Bucket=bucket, Key="seals/acme/2026-11-22T15.json", Body=b"{}", ChecksumAlgorithm="SHA256")
    with pytest.raises(ClientError, match="AccessDenied"):
        s3.delete_object(Bucket=bucket, Key="seals/acme/2026-11-22T15.json", VersionId=first["VersionId"])


def _insert(table: str, key: str) -> dict[str, Any]:
    statement = f"INSERT INTO \"{table}\" VALUE {{'pk': ?, 'sk': ?}}"
    return {"Statement": statement, "Parameters": [{"S": "t#e"}, {"S": key}]}


def test_a_function_adds_to_the_trace_once(here: Standin, act: Callable[[str], Any]) -> None:
    insert = _insert(here.outputs["TracesTable"], "1")
    act("dynamodb").execute_statement(**insert)
    with pytest.raises(ClientError, match="DuplicateItem"):
        act("dynamodb").execute_statement(**insert)


FORBIDDEN: dict[str, Callable[[Any, Standin], object]] = {
    "replace a trace entry": lambda table, here: table.put_item(
        TableName=here.outputs["TracesTable"], Item={"pk": {"S": "t#e"}, "sk": {"S": "1"}}
    ),
    "delete a trace entry": lambda table, here: table.execute_statement(
        Statement=f'DELETE FROM "{here.outputs["TracesTable"]}" WHERE pk=? AND sk=?',
        Parameters=[{"S": "t#e"}, {"S": "1"}],
    ),
    "change a trace entry": lambda table, here: table.execute_statement(
        Statement=f'UPDATE "{here.outputs["TracesTable"]}" SET a=1 WHERE pk=? AND sk=?',
        Parameters=[{"S": "t#e"}, {"S": "1"}],
    ),
    "scan executions": lambda table, here: table.scan(TableName=here.outputs["ExecutionsTable"]),
    "make a release live": lambda table, here: table.put_item(
        TableName=here.outputs["TenantsTable"], Item={"pk": {"S": "t"}, "sk": {"S": "live"}}
    ),
}


@pytest.mark.parametrize("deed", FORBIDDEN)
def test_a_function_may_not(here: Standin, act: Callable[[str], Any], deed: str) -> None:
    with pytest.raises(ClientError, match="not authorized"):
        FORBIDDEN[deed](act("dynamodb"), here)
