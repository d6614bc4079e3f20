"""A second practice, for journeys that change what is live: its files, its accounts and its diary."""

import json
from collections.abc import Callable
from typing import Any, Final

from infra.local.accounts import SECRETS, configuration, first_state, source
from infra.local.standin import STAGE
from infra.local.world import World
from tests.journeys.stage import PRACTICE

NORTHSIDE: Final = "northside"
NUMBER: Final = "+13125550199"
SENDER: Final = "hello@northside.example"
EVENT_TYPE: Final = 1301


def _changed(text: str, *changes: tuple[str, str]) -> str:
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new, 1)
    return text


FINE: Final = _changed(
    source(PRACTICE),
    (f"tenant: {PRACTICE}", f"tenant: {NORTHSIDE}"),
    ("name: Bright Smile Dental", "name: Northside Dental"),
    ("event_type: 1201", f"event_type: {EVENT_TYPE}"),
    ("+13125550100", NUMBER),
    ("hello@brightsmile.example", SENDER),
    ("desk@brightsmile.example", "bounce@simulator.amazonses.com"),
    (
        "{tell: desk, by: [notices], say: booked_desk}\n      - {tell: desk, by: [mail], say: booked_desk}",
        "{tell: desk, by: [mail, notices], say: booked_desk}",
    ),
)
"""The practice's own file, for another practice, whose desk has a mail address that does not exist."""

BROKEN: Final = _changed(
    FINE,
    ("if taken: openings", "if token: openings"),
    ("using: calendar.find_openings", "using: calendar.find_opening"),
    ('patient.status == "blocked"', 'patient.statsu == "blocked"'),
    ("when: =hours_until(visit.start) < 2", "when: =true"),
)
"""A typo in a field, an unknown operation, an undefined variable, and a step that can never be reached."""

REWORDED: Final = _changed(FINE, ("Shall we book it?", "Is that all right?"))
"""A good file again, with another quote."""


def open_practice(world: World) -> Callable[[], list[dict[str, Any]]]:
    """Give the second practice its accounts and its diary; return a way to read the notices to the operators since."""
    secrets = world.standin.client("secretsmanager")
    for name, system in configuration(PRACTICE).systems.items():
        if system.adapter in SECRETS:
            path = f"{STAGE.secrets}/tenants/{NORTHSIDE}/{name}"
            secrets.create_secret(Name=path, SecretString=json.dumps(SECRETS[system.adapter]))
    world.give_sender(NORTHSIDE, SENDER)
    (event_type,) = first_state(configuration(PRACTICE))["cal_com"]["event_types"]
    world.sandbox.seed("cal_com", {"event_types": [{**event_type, "id": EVENT_TYPE, "title": "Northside visit"}]})
    return _subscribed(world)


def _subscribed(world: World) -> Callable[[], list[dict[str, Any]]]:
    sqs, sns = world.standin.client("sqs"), world.standin.client("sns")
    queue = sqs.create_queue(QueueName="journeys-operators")["QueueUrl"]
    arn = sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    topic = world.standin.outputs["OperatorsTopic"]
    allowed = {"Effect": "Allow", "Principal": {"Service": "sns.amazonaws.com"}, "Action": "sqs:SendMessage"}
    statement = {**allowed, "Resource": arn, "Condition": {"ArnEquals": {"aws:SourceArn": topic}}}
    policy = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    sqs.set_queue_attributes(QueueUrl=queue, Attributes={"Policy": policy})
    sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=arn)

    def notices() -> list[dict[str, Any]]:
        read: list[dict[str, Any]] = []
        while got := sqs.receive_message(QueueUrl=queue, MaxNumberOfMessages=10).get("Messages"):
            read += [json.loads(message["Body"]) for message in got]
            for message in got:
                sqs.delete_message(QueueUrl=queue, ReceiptHandle=message["ReceiptHandle"])
        return read

    return notices
