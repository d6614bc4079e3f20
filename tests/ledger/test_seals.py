"""Seals in memory and in S3 pass the contract, and tell what is done to them."""

import secrets
from datetime import timedelta
from typing import Any

import pytest
from botocore.exceptions import ClientError

from followthrough.aws.seals import S3Seals
from followthrough.ledger.chain import Flaw
from followthrough.ledger.dynamodb import DynamoLedger
from followthrough.ledger.dynamodb.traces import Traces
from followthrough.ledger.memory import MemoryKeys, MemoryLedger
from followthrough.ledger.memory.seals import MemoryChains, MemorySeals
from followthrough.ledger.seals import Seal, SealedChain, seal
from followthrough.ledger.verification import read_seals, verify
from tests.ledger.samples import NOW
from tests.ledger.seals_contract import HOUR, SealsContract, sealed, write
from tests.ledger.tables import Aws

BUCKET = "seals"


@pytest.fixture(scope="module")
def bucket(aws: Aws) -> str:
    """A bucket as the stack makes it: every version is locked for a day."""
    aws.s3.create_bucket(Bucket=BUCKET, ObjectLockEnabledForBucket=True)
    rule = {"DefaultRetention": {"Mode": "COMPLIANCE", "Days": 1}}
    aws.s3.put_object_lock_configuration(
        Bucket=BUCKET, ObjectLockConfiguration={"ObjectLockEnabled": "Enabled", "Rule": rule}
    )
    return BUCKET


@pytest.fixture
def tenant() -> str:
    """A tenant of the test's own, so that tests share stores as tenants do."""
    return f"t{secrets.token_hex(6)}"


class TestMemorySeals(SealsContract):
    @pytest.fixture
    def ledger(self) -> MemoryLedger:
        return MemoryLedger(MemoryKeys())

    @pytest.fixture
    def chains(self, ledger: MemoryLedger) -> MemoryChains:
        return MemoryChains(ledger)

    @pytest.fixture
    def seals(self) -> MemorySeals:
        return MemorySeals()


class TestS3Seals(SealsContract):
    @pytest.fixture
    def ledger(self, aws: Aws) -> DynamoLedger:
        return DynamoLedger(aws.dynamodb, "executions", "traces", MemoryKeys())

    @pytest.fixture
    def chains(self, aws: Aws) -> Traces:
        return Traces(aws.dynamodb, "traces")

    @pytest.fixture
    def seals(self, aws: Aws, bucket: str) -> S3Seals:
        return S3Seals(aws.s3, bucket, clock=lambda: NOW + timedelta(days=1))

    @pytest.fixture
    def key(self, ledger: DynamoLedger, chains: Traces, seals: S3Seals, tenant: str) -> str:
        """The key of a seal that was written."""
        write(ledger, tenant, "execution-1", entries=2)
        made = seal(chains, seals, tenant, NOW + HOUR)
        assert made is not None
        return f"seals/{tenant}/{made.hour}.json"

    def test_a_sealed_version_cannot_be_deleted(self, aws: Aws, bucket: str, key: str) -> None:
        """Object Lock refuses, even to who asks to bypass governance."""
        [version] = aws.s3.list_object_versions(Bucket=bucket, Prefix=key)["Versions"]
        with pytest.raises(ClientError, match="AccessDenied"):
            aws.s3.delete_object(Bucket=bucket, Key=key, VersionId=version["VersionId"], BypassGovernanceRetention=True)

    def test_a_sealed_version_cannot_be_unlocked(self, aws: Aws, bucket: str, key: str) -> None:
        """Under compliance the retention cannot be shortened."""
        with pytest.raises(ClientError, match="AccessDenied"):
            aws.s3.put_object_retention(
                Bucket=bucket, Key=key, Retention={"Mode": "COMPLIANCE", "RetainUntilDate": NOW - timedelta(days=900)}
            )

    def test_a_forged_seal_on_top_is_seen(self, aws: Aws, bucket: str, seals: S3Seals, tenant: str, key: str) -> None:
        """A newer version under the same name is told, and the first one is believed."""
        before = seals.read(tenant)[0].text
        aws.s3.put_object(Bucket=bucket, Key=key, Body=b"{}", ChecksumAlgorithm="SHA256")
        (kept,) = seals.read(tenant)
        assert kept.text == before
        assert sealed(seals, tenant).problems == [
            "the seal of 2026-11-22T15 was written over; the first version was read"
        ]

    def test_a_hidden_seal_is_seen(self, aws: Aws, bucket: str, seals: S3Seals, tenant: str, key: str) -> None:
        """A delete marker hides nothing: the version behind it is read, and the attempt is told."""
        aws.s3.delete_object(Bucket=bucket, Key=key)
        (kept,) = seals.read(tenant)
        assert kept.touched == "the seal of 2026-11-22T15 was deleted; the locked version behind it was read"
        assert Seal.model_validate_json(kept.text).chains[0].sequence == 2

    def test_a_foreign_item_does_not_stop_sealing(
        self, aws: Aws, ledger: DynamoLedger, chains: Traces, seals: S3Seals, tenant: str
    ) -> None:
        """What somebody puts behind a trace keeps neither this chain nor others of the tenant from their seal."""
        write(ledger, tenant, "execution-1", entries=2)
        write(ledger, tenant, "execution-2")
        item = {"pk": f"{tenant}#execution-1", "sk": "last", "hour_key": f"{tenant}#2026-11-22T15"}
        aws.dynamodb.put_item(TableName="traces", Item={name: {"S": text} for name, text in item.items()})
        made = seal(chains, seals, tenant, NOW + HOUR)
        assert made is not None
        assert [(one.execution, one.sequence) for one in made.chains] == [("execution-1", 2), ("execution-2", 1)]

    def test_a_seal_of_an_hour_to_come_does_not_stop_sealing(
        self, aws: Aws, bucket: str, seals: S3Seals, tenant: str, key: str
    ) -> None:
        """Who can write seals cannot keep us from writing ours."""
        aws.s3.put_object(
            Bucket=bucket, Key=f"seals/{tenant}/9999-01-01T00.json", Body=b"{}", ChecksumAlgorithm="SHA256"
        )
        latest = seals.latest(tenant)
        assert latest is not None
        assert latest.hour == "2026-11-22T15"


def _seals(tenant: str, hours: int) -> list[Seal]:
    ledger, seals = MemoryLedger(MemoryKeys()), MemorySeals()
    chains = MemoryChains(ledger)
    made = []
    for hour in range(hours):
        write(ledger, tenant, "execution-1", hour)
        one = seal(chains, seals, tenant, NOW + (hour + 1) * HOUR)
        assert one is not None
        made.append(one)
    return made


def _kept(seals: list[Seal], tenant: str) -> list[str]:
    store = MemorySeals()
    store.stored = {(tenant, one.hour): one.text() for one in seals}
    return list(read_seals(tenant, store.read(tenant)).problems)


@pytest.mark.parametrize("place", range(1, 3))
def test_a_missing_seal_is_seen(place: int) -> None:
    """Without one in between, the next does not follow."""
    made = _seals("brightsmile", 4)
    left = [*made[:place], *made[place + 1 :]]
    assert len(_kept(left, "brightsmile")) == 1


@pytest.mark.parametrize(
    "forged",
    [{"sealed_at": "2026-11-22T17:05:00+00:00"}, {"chains": [SealedChain(execution="e", sequence=1, hash="0")]}],
)
def test_a_forged_seal_does_not_fit_the_next(forged: dict[str, Any]) -> None:
    """Whatever is changed in a seal, the hash in the next one tells."""
    made = _seals("brightsmile", 4)
    made[1] = made[1].model_copy(update=forged)
    [problem] = _kept(made, "brightsmile")
    assert "does not follow" in problem


def test_a_gap_between_seals_is_seen() -> None:
    """A seal that begins later than the one before it ended leaves hours out."""
    made = _seals("brightsmile", 2)
    made[1] = made[1].model_copy(update={"since": "2026-11-22T17"})
    assert _kept(made, "brightsmile") == ["the seal of 2026-11-22T16 leaves out hours after 2026-11-22T15"]


def test_a_chain_that_is_gone_is_named_by_its_seal() -> None:
    """Deleting every entry of a sealed execution does not make it never have been."""
    store = MemorySeals()
    [made] = _seals("brightsmile", 1)
    store.keep(made)
    verdict = verify("execution-1", [], read_seals("brightsmile", store.read("brightsmile")))
    assert verdict.fault is not None
    assert (verdict.fault.flaw, verdict.fault.sequence) == (Flaw.TRUNCATED, 1)
