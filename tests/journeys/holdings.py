"""All that the product keeps: what it stored, what it ran and what it logged."""

import json
from collections.abc import Iterator
from typing import Any

from infra.local.world import World
from tests.journeys.diagnosis import log_events, machine_runs

TABLES = ("executions", "traces", "tenants", "subjects", "keys")


def count(world: World) -> dict[str, int]:
    """How many items each table has, how many objects the bucket, and how many runs all machines."""
    items = {table: sum(1 for _ in _items(world, table)) for table in TABLES}
    return {**items, "objects": sum(1 for _ in _keys(world)), "runs": sum(1 for _ in machine_runs(world))}


def histories(world: World) -> Iterator[str]:
    """Every run's input and output, and every event of its history, as Step Functions keeps them."""
    machines = world.standin.client("stepfunctions")
    for run in machine_runs(world):
        yield _text(machines.describe_execution(executionArn=run["executionArn"]))
        pages = machines.get_paginator("get_execution_history").paginate(executionArn=run["executionArn"])
        yield from (_text(event) for page in pages for event in page["events"])


def logs(world: World) -> Iterator[str]:
    """Everything that a function or the emulator itself wrote down."""
    yield from (message for _, message in log_events(world))
    yield (world.standin.emulator.folder / "emulator.log").read_text(errors="replace")


def items(world: World) -> Iterator[str]:
    """Every stored item, keys and values, as the table holds it."""
    for table in TABLES:
        yield from (_text(item) for item in _items(world, table))


def objects(world: World) -> Iterator[str]:
    """Every object in the bucket, with its name."""
    s3, bucket = world.standin.client("s3"), world.standin.outputs["Bucket"]
    for key in _keys(world):
        yield key + s3.get_object(Bucket=bucket, Key=key)["Body"].read().decode()


def _items(world: World, table: str) -> Iterator[dict[str, Any]]:
    name = world.standin.outputs[f"{table.capitalize()}Table"]
    for page in world.standin.client("dynamodb").get_paginator("scan").paginate(TableName=name):
        yield from page["Items"]


def _keys(world: World) -> Iterator[str]:
    listing = world.standin.client("s3").get_paginator("list_objects_v2")
    for page in listing.paginate(Bucket=world.standin.outputs["Bucket"]):
        yield from (found["Key"] for found in page.get("Contents", []))


def _text(value: object) -> str:
    return json.dumps(value, default=_plain, ensure_ascii=False)


def _plain(value: object) -> str:
    return value.decode("latin-1") if isinstance(value, bytes) else str(value)
