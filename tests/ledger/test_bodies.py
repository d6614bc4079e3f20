"""Entries that are too large for an item are kept in S3 under their hash, and read as any other."""

import hashlib
import secrets
from typing import Any

import pytest

from followthrough.aws.bodies import S3Bodies
from followthrough.ledger.chain import Flaw, verify
from followthrough.ledger.dynamodb import DynamoLedger
from followthrough.ledger.memory import MemoryKeys
from tests.ledger.samples import NOW, PERSONAL_WORDS, WORDS, a_fact
from tests.ledger.tables import Aws
from tests.ledger.writing import append

BUCKET = "tenants"
LARGE = {"said": WORDS * 20_000}


@pytest.fixture
def tenant() -> str:
    return f"t{secrets.token_hex(6)}"


@pytest.fixture
def ledger(aws: Aws) -> DynamoLedger:
    return DynamoLedger(aws.dynamodb, "executions", "traces", MemoryKeys(), bodies=S3Bodies(aws.s3, BUCKET))


def objects(aws: Aws, tenant: str) -> list[str]:
    listed = aws.s3.list_objects_v2(Bucket=BUCKET, Prefix=f"traces/{tenant}/")
    return [found["Key"] for found in listed.get("Contents", [])]


def stored(aws: Aws, tenant: str) -> dict[str, Any]:
    key = {"pk": {"S": f"{tenant}#execution-1"}, "sk": {"S": "000002"}}
    item: dict[str, Any] = aws.dynamodb.get_item(TableName="traces", Key=key)["Item"]
    return item


def append_large(ledger: DynamoLedger, tenant: str, times: int = 1) -> None:
    facts = [a_fact("a"), *[a_fact("large", personal=LARGE)] * times, a_fact("c")]
    append(ledger, tenant, "execution-1", "subject-1", NOW, facts)


def test_a_large_entry_reads_as_any_other(aws: Aws, ledger: DynamoLedger, tenant: str) -> None:
    """It comes back whole and in its place; the item holds only the hash that names its object."""
    append_large(ledger, tenant)
    trace = ledger.trace(tenant, "execution-1")
    assert [entry.fact.personal for entry in trace] == [{"said": WORDS}, LARGE, {"said": WORDS}]
    assert verify(trace) is None
    item = stored(aws, tenant)
    assert "body" not in item
    assert item["kept"]["S"] == hashlib.sha256(trace[1].body.encode()).hexdigest()
    assert objects(aws, tenant) == [f"traces/{tenant}/{item['kept']['S']}"]


def test_only_large_entries_leave_the_table(aws: Aws, ledger: DynamoLedger, tenant: str) -> None:
    """What fits into an item stays in it."""
    append(ledger, tenant, "execution-1", "subject-1", NOW, [a_fact(), a_fact()])
    assert "body" in stored(aws, tenant)
    assert objects(aws, tenant) == []


def test_the_object_hides_the_words(aws: Aws, ledger: DynamoLedger, tenant: str) -> None:
    """In S3 is what would be in the item: ciphertext."""
    append_large(ledger, tenant)
    [key] = objects(aws, tenant)
    text = aws.s3.get_object(Bucket=BUCKET, Key=key)["Body"].read().decode()
    assert [word for word in PERSONAL_WORDS if word in text] == []


@pytest.mark.parametrize("damage", ["edited", "deleted"])
def test_damage_to_the_object_is_named(aws: Aws, ledger: DynamoLedger, tenant: str, damage: str) -> None:
    """An object that is gone or another one is named as its entry's edit, and the rest can still be read."""
    append_large(ledger, tenant)
    [key] = objects(aws, tenant)
    if damage == "edited":
        aws.s3.put_object(Bucket=BUCKET, Key=key, Body=b'{"sequence": 2}')
    else:
        aws.s3.delete_object(Bucket=BUCKET, Key=key)
    trace = ledger.trace(tenant, "execution-1")
    fault = verify(trace)
    assert fault is not None
    assert (fault.sequence, fault.flaw) == (2, Flaw.EDITED)
    assert [entry.fact.kind for entry in trace] == ["decided", "unreadable", "decided"]


def test_many_entries_are_cut_into_what_a_transaction_holds(aws: Aws, ledger: DynamoLedger, tenant: str) -> None:
    """Entries that together exceed a transaction's 4 MB still make one chain."""
    append(ledger, tenant, "execution-1", "subject-1", NOW, [a_fact(personal={"said": WORDS * 8_000})] * 20)
    trace = ledger.trace(tenant, "execution-1")
    assert len(trace) == 20
    assert verify(trace) is None
