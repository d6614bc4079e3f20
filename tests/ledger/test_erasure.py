"""Erasures in memory and on AWS: every table and object is searched for what was the person's."""

import copy
import secrets
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from followthrough.ledger.dynamodb import DynamoConversations, DynamoLedger, DynamoSubjects, KmsKeys
from followthrough.ledger.dynamodb.bodies import S3Bodies
from followthrough.ledger.dynamodb.tombstones import S3Tombstones
from followthrough.ledger.erasure import Erasing
from followthrough.ledger.memory import MemoryConversations, MemoryKeys, MemoryLedger, MemorySubjects
from followthrough.ledger.memory.tombstones import MemoryTombstones
from tests.ledger.erasure_contract import LATER, ErasureContract, StoppedMachines, Stores
from tests.ledger.tables import TABLES, Aws

BUCKET = "tenants"


@pytest.fixture
def tenant() -> str:
    """A tenant of the test's own, so that tests share stores as tenants do."""
    return f"t{secrets.token_hex(6)}"


class TestErasureInMemory(ErasureContract):
    @pytest.fixture
    def stores(self) -> Stores:
        keys, machines, subjects = MemoryKeys(), StoppedMachines(), MemorySubjects()
        ledger, conversations = MemoryLedger(keys), MemoryConversations(keys)
        erasing = Erasing(ledger, conversations, keys, subjects, MemoryTombstones(), machines, clock=lambda: LATER)

        def backup() -> Callable[[], None]:
            held: list[tuple[Any, dict[Any, Any]]] = [(keys.stored, dict(keys.stored))]
            held.append((subjects.stored, dict(subjects.stored)))
            held += [(of, copy.deepcopy(of)) for of in (ledger.contexts, ledger.kept_effects, ledger.owed)]

            def restore() -> None:
                for store, before in held:
                    store.clear()
                    store.update(before)

            return restore

        def raw() -> str:
            return repr([vars(ledger), vars(conversations), vars(subjects)])

        return Stores(erasing, subjects, machines, raw, backup, lambda: erasing)


class TestErasureOnAws(ErasureContract):
    @pytest.fixture
    def stores(self, aws: Aws, tenant: str) -> Stores:
        machines = StoppedMachines()
        subjects = DynamoSubjects(aws.dynamodb, "subjects", b"pepper of these tests")

        def afresh() -> Erasing:
            keys = KmsKeys(aws.dynamodb, aws.kms, "keys", aws.master, remember=timedelta(0))
            ledger = DynamoLedger(aws.dynamodb, "executions", "traces", keys, bodies=S3Bodies(aws.s3, BUCKET))
            conversations = DynamoConversations(aws.dynamodb, "executions", keys)
            tombstones = S3Tombstones(aws.s3, BUCKET)
            return Erasing(ledger, conversations, keys, subjects, tombstones, machines, clock=lambda: LATER)

        def items() -> dict[str, list[dict[str, Any]]]:
            pages = {table: aws.dynamodb.get_paginator("scan").paginate(TableName=table) for table in TABLES}
            every = {table: [item for page in found for item in page["Items"]] for table, found in pages.items()}
            return {
                table: [item for item in found if item["pk"]["S"].startswith(tenant)] for table, found in every.items()
            }

        def raw() -> str:
            listed = aws.s3.list_object_versions(Bucket=BUCKET).get("Versions", [])
            own = [one for one in listed if f"/{tenant}/" in one["Key"]]
            assert {one["Key"].split("/")[0] for one in own} >= {"traces"}, "the large entry is in S3"
            objects = [aws.s3.get_object(Bucket=BUCKET, Key=one["Key"])["Body"].read() for one in own]
            return repr([items(), own, objects])

        def backup() -> Callable[[], None]:
            before = items()

            def restore() -> None:
                for table, now in items().items():
                    for item in now:
                        aws.dynamodb.delete_item(TableName=table, Key={"pk": item["pk"], "sk": item["sk"]})
                    for item in before[table]:
                        aws.dynamodb.put_item(TableName=table, Item=item)

            return restore

        return Stores(afresh(), subjects, machines, raw, backup, afresh)
