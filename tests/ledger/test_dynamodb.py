"""The stores on AWS pass the contracts, and keep what only they can break.

They run on the embedded AWS: moto 5.2.5 knows no parameters in a PartiQL INSERT, lets it replace items, and undoes
nothing of a transaction that fails.
"""

import secrets
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from followthrough.aws.releases import AwsReleases
from followthrough.errors import Missing
from followthrough.ledger.chain import verify
from followthrough.ledger.dynamodb import DynamoAgenda, DynamoConversations, DynamoLedger, DynamoSubjects, KmsKeys
from followthrough.ledger.dynamodb.statements import insertion
from followthrough.ledger.memory import MemoryKeys
from followthrough.ledger.models import Note
from tests.ledger.agenda_contract import AgendaContract, Kept
from tests.ledger.contract import LedgerContract
from tests.ledger.conversations_contract import ConversationsContract
from tests.ledger.finding_contract import FindingContract
from tests.ledger.people_contract import KeysContract, SubjectsContract
from tests.ledger.releases_contract import ReleasesContract, a_release
from tests.ledger.samples import NOW, HandClock, a_context, a_fact, an_interaction
from tests.ledger.tables import TABLES, Aws
from tests.ledger.writing import append, save


@pytest.fixture
def tenant() -> str:
    """A tenant of the test's own, so that tests share tables as tenants do."""
    return f"t{secrets.token_hex(6)}"


@pytest.fixture
def keys() -> MemoryKeys:
    return MemoryKeys()


@pytest.fixture
def raw(aws: Aws, tenant: str) -> Callable[[], str]:
    """Everything that any table holds of the test's tenant."""

    def read() -> str:
        items = [item for table in TABLES for item in aws.dynamodb.scan(TableName=table)["Items"]]
        return repr([item for item in items if item["pk"]["S"].startswith(tenant)])

    return read


class AnswersLost:
    """A DynamoDB client that does what it is told once, and as the SDK does, repeats it because no answer came."""

    def __init__(self, client: Any, *operations: str) -> None:
        self._client = client
        self._operations = operations

    def __getattr__(self, name: str) -> Any:
        operation = getattr(self._client, name)
        if name not in self._operations:
            return operation

        def twice(**request: Any) -> Any:
            operation(**request)
            return operation(**request)

        return twice


class TestDynamoLedger(LedgerContract):
    @pytest.fixture
    def ledger(self, aws: Aws, keys: MemoryKeys) -> DynamoLedger:
        return DynamoLedger(aws.dynamodb, "executions", "traces", keys)


class TestDynamoAgenda(AgendaContract):
    @pytest.fixture
    def kept(self, aws: Aws, keys: MemoryKeys, clock: HandClock) -> Kept:
        return Kept(
            DynamoAgenda(aws.dynamodb, "executions"),
            DynamoLedger(aws.dynamodb, "executions", "traces", keys, clock=clock),
            DynamoConversations(aws.dynamodb, "executions", keys),
        )


class TestDynamoFinding(FindingContract):
    @pytest.fixture
    def ledger(self, aws: Aws, keys: MemoryKeys, clock: HandClock) -> DynamoLedger:
        return DynamoLedger(aws.dynamodb, "executions", "traces", keys, clock=clock)


class TestDynamoConversations(ConversationsContract):
    @pytest.fixture
    def conversations(self, aws: Aws, keys: MemoryKeys) -> DynamoConversations:
        return DynamoConversations(aws.dynamodb, "executions", keys)


class TestKmsKeys(KeysContract):
    @pytest.fixture
    def keys(self, aws: Aws) -> KmsKeys:
        return KmsKeys(aws.dynamodb, aws.kms, "keys", aws.master)

    def test_erasure_reaches_other_instances(self, aws: Aws, keys: KmsKeys, tenant: str) -> None:
        """An instance that remembers the key for a moment does not have it any longer than that."""
        forgetful = KmsKeys(aws.dynamodb, aws.kms, "keys", aws.master, remember=timedelta(0))
        lasting = KmsKeys(aws.dynamodb, aws.kms, "keys", aws.master, remember=timedelta(hours=1))
        assert forgetful.key(tenant, "subject-1") == lasting.key(tenant, "subject-1") != None  # noqa: E711
        keys.erase(tenant, "subject-1")
        assert forgetful.key(tenant, "subject-1") is None
        assert lasting.key(tenant, "subject-1") is not None

    def test_wrapped_key_is_overwritten(self, keys: KmsKeys, tenant: str, raw: Callable[[], str]) -> None:
        """The tombstone holds the time of the erasure and nothing of the key."""
        keys.key(tenant, "subject-1")
        assert "wrapped" in raw()
        keys.erase(tenant, "subject-1")
        assert "wrapped" not in raw()
        assert "erased_at" in raw()

    def test_key_opens_for_its_subject_only(self, aws: Aws, keys: KmsKeys, tenant: str) -> None:
        """A wrapped key copied to another subject is refused by the key service."""
        keys.key(tenant, "subject-1")
        item = aws.dynamodb.get_item(TableName="keys", Key={"pk": {"S": f"{tenant}#subject-1"}, "sk": {"S": "key"}})
        aws.dynamodb.put_item(TableName="keys", Item=item["Item"] | {"pk": {"S": f"{tenant}#subject-2"}})
        with pytest.raises(aws.kms.exceptions.InvalidCiphertextException):
            keys.key(tenant, "subject-2")


class TestDynamoSubjects(SubjectsContract):
    @pytest.fixture
    def subjects(self, aws: Aws) -> DynamoSubjects:
        return DynamoSubjects(aws.dynamodb, "subjects", b"0123456789abcdef")


class TestAwsReleases(ReleasesContract):
    @pytest.fixture
    def releases(self, aws: Aws) -> AwsReleases:
        return AwsReleases(aws.dynamodb, aws.s3, "tenants", "tenants")

    def test_release_is_read_once(self, aws: Aws, releases: AwsReleases, tenant: str) -> None:
        """An instance keeps what it read, because a release never changes."""
        releases.keep(a_release(tenant))
        releases.release(tenant, "0123456789abcdef")
        aws.s3.delete_object(Bucket="tenants", Key=f"releases/{tenant}/0123456789abcdef.json")
        assert releases.release(tenant, "0123456789abcdef") == a_release(tenant)
        with pytest.raises(Missing):
            AwsReleases(aws.dynamodb, aws.s3, "tenants", "tenants").release(tenant, "0123456789abcdef")


def test_trace_item_cannot_be_replaced(aws: Aws, keys: MemoryKeys, tenant: str) -> None:
    """The statement that appends is refused where an entry stands already, and leaves that entry alone."""
    ledger = DynamoLedger(aws.dynamodb, "executions", "traces", keys)
    (entry,) = append(ledger, tenant, "execution-1", "subject-1", NOW, [a_fact()])
    other = insertion("traces", {"pk": f"{tenant}#execution-1", "sk": "000001", "body": "other"})
    with pytest.raises(aws.dynamodb.exceptions.DuplicateItemException):
        aws.dynamodb.execute_statement(**other.request())
    assert ledger.trace(tenant, "execution-1") == [entry]


@pytest.mark.parametrize("facts", [1, 2])
def test_lost_answer_to_an_append(aws: Aws, keys: MemoryKeys, tenant: str, facts: int) -> None:
    """An insert that the SDK repeats is recognised as ours and is in the chain once."""
    client: Any = AnswersLost(aws.dynamodb, "execute_statement", "execute_transaction")
    ledger = DynamoLedger(client, "executions", "traces", keys)
    append(ledger, tenant, "execution-1", "subject-1", NOW, [a_fact()] * facts)
    trace = ledger.trace(tenant, "execution-1")
    assert len(trace) == facts
    assert verify(trace) is None


def test_lost_answers_to_writes(aws: Aws, keys: MemoryKeys, tenant: str) -> None:
    """Whoever wrote, and finds its own writing when the SDK repeats it, counts as the writer."""
    client: Any = AnswersLost(aws.dynamodb, "put_item", "update_item", "execute_transaction")
    ledger = DynamoLedger(client, "executions", "traces", keys)
    conversations = DynamoConversations(client, "executions", keys)
    assert ledger.open(a_context(tenant), Note(NOW, [a_fact(kind="opened")]))
    assert save(ledger, a_context(tenant), Note(NOW, [a_fact(kind="saved")])).version == 1
    assert [entry.fact.kind for entry in ledger.trace(tenant, "execution-1")] == ["opened", "saved"]
    conversations.accept(an_interaction(tenant))
    assert conversations.enter(tenant, "subject-1", "execution-1")
    conversations.wait(tenant, "subject-1", "execution-1", "token-1")
    assert conversations.conversation(tenant, "subject-1").tokens == {"token-1"}
    conversations.forget(tenant, "subject-1", "token-1")
    assert conversations.conversation(tenant, "subject-1").tokens == set()
