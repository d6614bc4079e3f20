"""Why a journey did not end: the execution's timeline, its machine's last states and what the functions logged."""

import json
from collections.abc import Iterator
from typing import Any

from followthrough.errors import Missing
from followthrough.ledger.dynamodb.ledger import DynamoLedger
from infra.cli.report import report
from infra.local.world import World

_LAST = 12


def diagnosis(world: World, ledger: DynamoLedger, tenant: str, execution: str) -> str:
    """Tell all that is known of an execution that did not do what was expected of it."""
    parts = [
        "timeline:", *_timeline(ledger, tenant, execution),
        "machine:", *_machine(world, execution),
        "errors in the functions' logs:", *_errors(world, execution),
        "the emulator's log:", (world.standin.emulator.folder / "emulator.log").read_text(errors="replace")[-1500:],
    ]  # fmt: skip
    return "\n".join(parts)


def machine_runs(world: World) -> Iterator[dict[str, Any]]:
    """Every run of every machine."""
    machines = world.standin.client("stepfunctions")
    for page in machines.get_paginator("list_state_machines").paginate():
        for machine in page["stateMachines"]:
            runs = machines.get_paginator("list_executions").paginate(stateMachineArn=machine["stateMachineArn"])
            for listed in runs:
                yield from listed["executions"]


def log_events(world: World) -> Iterator[tuple[str, str]]:
    """Everything that every function logged, with the log group's name."""
    logs = world.standin.client("logs")
    for page in logs.get_paginator("describe_log_groups").paginate():
        for group in page["logGroups"]:
            name = group["logGroupName"]
            for events in logs.get_paginator("filter_log_events").paginate(logGroupName=name):
                yield from ((name, event["message"]) for event in events["events"])


def _timeline(ledger: DynamoLedger, tenant: str, execution: str) -> list[str]:
    try:
        lines = report(ledger, tenant, execution)["timeline"]
    except Missing:
        return ["  there is no such execution"]
    return [f"  {it['at']} {it['kind']} {it['step']}: {it['outcome']} ({it['reason']})" for it in lines]


def _machine(world: World, execution: str) -> list[str]:
    told: list[str] = []
    for run in machine_runs(world):
        if run["name"] == execution:
            history = world.standin.client("stepfunctions").get_execution_history(
                executionArn=run["executionArn"], maxResults=_LAST, reverseOrder=True
            )
            told.append(f"  {run['status']}")
            told += [f"  {json.dumps(event, default=str)[:300]}" for event in reversed(history["events"])]
    return told


def _errors(world: World, execution: str) -> list[str]:
    return [
        f"  {group.rsplit('/', 1)[-1]}: {message[:800]}"
        for group, message in log_events(world)
        if "ERROR" in message and (execution in message or "execution" not in message)
    ][-_LAST:]
