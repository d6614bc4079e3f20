"""Erasures in memory and on AWS: every table and object is searched for what was the person's."""

import copy
import secrets
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from followthrough.aws.bodies import S3Bodies
from followthrough.aws.tombstones import S3Tombstones
from followthrough.errors import Missing
from followthrough.ledger.dynamodb import DynamoConversations, DynamoLedger, DynamoSubjects, KmsKeys
from followthrough.ledger.erasure import Erasing, People, Tombstone, erase, replay, subject_of
from followthrough.ledger.memory import MemoryConversations, MemoryKeys, MemoryLedger, MemorySubjects
from followthrough.ledger.memory.tombstones import MemoryTombstones
from tests.ledger.erasure_contract import LATER, ErasureContract, StoppedMachines, Stores, serve
from tests.ledger.samples import PHONE
from tests.ledger.tables import TABLES, Aws

BUCKET = "tenants"
STRANGER = "a5" * 16  # has the form of a subject's id


class BrokenOff:
    """People whose way is not forgotten, because the run ends there."""

    def __init__(self, people: People) -> None:
        self._people = people

    def known(self, tenant: str, address: str) -> str | None:
        return self._people.known(tenant, address)

    def has(self, tenant: str, subject: str) -> bool:
        return self._people.has(tenant, subject)

    def forget(self, tenant: str, subject: str) -> None:
        raise KeyboardInterrupt


@pytest.fixture
def tenant() -> str:
    """A tenant of the test's own, so that tests share stores as tenants do."""
    return f"t{secrets.token_hex(6)}"


class WhoIsMeant:
    """What must hold of how a person is named, with any stores."""

    @pytest.mark.parametrize("who", [PHONE[1:], PHONE[2:], "subject-1", "", "Wilhelmina", STRANGER, STRANGER.upper()])
    def test_a_slip_erases_nobody_and_is_kept_nowhere(self, stores: Stores, tenant: str, who: str) -> None:
        """Neither a number without its plus nor an id that is nobody's is taken for a subject; nothing is written."""
        subject = serve(stores, tenant)
        before = stores.raw()
        with pytest.raises(Missing, match=r"write the number as .*, or a subject's id") as refused:
            erase(stores.erasing, tenant, who)
        assert not who or who not in str(refused.value)
        assert stores.raw() == before
        assert [it for it in stores.erasing.tombstones.all() if it.tenant == tenant] == []
        assert stores.erasing.keys.key(tenant, subject) is not None

    def test_an_id_of_another_tenant_is_nobody_here(self, stores: Stores, tenant: str) -> None:
        """A subject is erased where it belongs, and nowhere else."""
        subject = serve(stores, tenant)
        with pytest.raises(Missing):
            erase(stores.erasing, f"{tenant}1", subject)

    @pytest.mark.parametrize("written", ["+1 312 555 0188", "+1 (312) 555-0188", " +13125550188 "])
    def test_a_number_is_found_however_it_is_spaced(self, stores: Stores, tenant: str, written: str) -> None:
        """Whoever types a number from a letter means the person who texted from it."""
        subject = serve(stores, tenant)
        assert subject_of(stores.erasing.people, stores.erasing.ledger, tenant, written) == subject
        assert erase(stores.erasing, tenant, written).executions == ["execution-1"]

    def test_who_broke_off_begins_again_by_the_number(self, stores: Stores, tenant: str) -> None:
        """The number leads to the person until all else is done, and the trace tells of one erasure."""
        serve(stores, tenant)
        broken = replace(stores.erasing, people=BrokenOff(stores.erasing.people))
        for _ in range(2):
            with pytest.raises(KeyboardInterrupt):
                erase(broken, tenant, PHONE)
        kinds = [entry.fact.kind for entry in stores.erasing.ledger.trace(tenant, "execution-1")]
        assert kinds.count("erased") == 1
        assert erase(stores.erasing, tenant, PHONE).executions == ["execution-1"]
        assert stores.erasing.people.known(tenant, PHONE) is None

    def test_a_backup_from_before_they_came_is_erased_too(self, stores: Stores, tenant: str) -> None:
        """A tombstone is obeyed though nothing is on record of its subject: a late first use must not bring it back."""
        stores.erasing.tombstones.keep(Tombstone(tenant=tenant, subject=STRANGER, erased_at=LATER))
        replay(stores.erasing)
        assert stores.erasing.keys.key(tenant, STRANGER) is None

    def test_who_is_known_by_an_execution_alone_is_erased(self, stores: Stores, tenant: str) -> None:
        """After a restore of the subjects alone, the id that an execution names is enough."""
        subject = serve(stores, tenant)
        nobody = replace(stores.erasing, people=MemorySubjects())
        assert erase(nobody, tenant, subject).executions == ["execution-1"]
        assert stores.afresh().keys.key(tenant, subject) is None


class TestErasureInMemory(ErasureContract, WhoIsMeant):
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


class TestErasureOnAws(ErasureContract, WhoIsMeant):
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
