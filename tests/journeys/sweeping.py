"""What a journey needs to have its machine end early, and the deployed sweep come by."""

import json

from followthrough.clock import utc_now
from followthrough.ledger.codec import sortable
from followthrough.ledger.due import IDLE
from followthrough.ledger.dynamodb.references import context_pk
from infra.cli.installation import Installation
from infra.local.standin import STAGE
from infra.local.world import World
from tests.journeys.conversation import Conversation
from tests.journeys.diagnosis import machine_runs


def runs(talk: Conversation) -> dict[str, str]:
    """How every run of a machine for the conversation's execution ended, by its name."""
    return {run["name"]: run["status"] for run in machine_runs(talk.world) if run["name"].startswith(talk.execution)}


def stop(talk: Conversation) -> None:
    """Stop the conversation's machine, as an operator or an outage does."""
    for run in machine_runs(talk.world):
        if run["name"] == talk.execution:
            talk.world.standin.client("stepfunctions").stop_execution(executionArn=run["executionArn"])


def await_waits(talk: Conversation, number: int) -> None:
    """Wait until the conversation has so many tokens: a stopped machine's stays there until somebody wakes."""
    standin, tenant = talk.world.standin, talk.phone.tenant
    conversations = Installation(standin.client, standin.outputs).conversations()
    subject = talk.ledger.load(tenant, talk.execution).subject
    talk.await_(lambda: len(conversations.conversation(tenant, subject).tokens) == number, f"{number} waits")


def fall_due(talk: Conversation) -> None:
    """Have the sweep look at the execution now, and find that nobody has saved it for as long as it lets pass: the
    journeys run in real time, and two minutes are too much of it.
    """
    long_ago = sortable(utc_now() - 2 * IDLE)
    talk.world.standin.client("dynamodb").update_item(
        TableName=talk.world.standin.outputs["ExecutionsTable"],
        Key={"pk": {"S": context_pk(talk.phone.tenant, talk.execution)}, "sk": {"S": "context"}},
        UpdateExpression="SET opened_at = :at, reached_at = :at, due_sort = :place",
        ExpressionAttributeValues={":at": {"S": long_ago}, ":place": {"S": f"{long_ago}#{talk.execution}"}},
    )


def sweep(world: World) -> None:
    """Run the deployed sweep now. Its schedule may run it at the same moment: one of the two takes up."""
    answer = world.standin.client("lambda").invoke(FunctionName=f"{STAGE.prefix}-sweep", Payload=b"{}")
    assert "FunctionError" not in answer, json.load(answer["Payload"])
