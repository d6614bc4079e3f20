"""With 10,000 executions in the store, a list reads as much as it answers."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from followthrough.contracts.evidence import Evidence
from followthrough.ledger.codec import Stored
from followthrough.ledger.contexts import head_record
from followthrough.ledger.due import DueExecution, DueMessage
from followthrough.ledger.dynamodb import DynamoAgenda, DynamoConversations, DynamoLedger
from followthrough.ledger.dynamodb.items import to_item
from followthrough.ledger.dynamodb.listing import index_keys
from followthrough.ledger.dynamodb.references import context_pk
from followthrough.ledger.memory import MemoryKeys
from followthrough.ledger.models import EffectStatus, ExecutionContext, Status
from followthrough.ledger.queries import Query
from tests.ledger.meter import Metered
from tests.ledger.samples import NOW, HandClock, a_context, an_effect, an_interaction
from tests.ledger.tables import Aws, create
from tests.ledger.writing import settle

MANY = 10_000
TABLE = "ten-thousand"
TENANT = "busy"
APART = timedelta(seconds=30)
REFUSED, OPEN, ENDED = range(7), range(7, 19), range(19, 24)
PAID_TWICE = (5_000, 6_000, 7_000)
KEYS = MemoryKeys()
_A_BATCH = 25


def the_context(number: int) -> ExecutionContext:
    """Three and a half days of executions, ten of each party, of four services and hardly ever a fifth.

    The few that were refused, are open, or have ended and are not closed lie at the beginning.
    """
    opened_at = NOW + number * APART
    status = Status.REFUSED if number in REFUSED else Status.OPEN if number in OPEN else Status.COMPLETED
    return a_context(
        TENANT,
        f"{number:032d}",
        subject=f"subject-{number % (MANY // 10)}",
        service="rare" if number % 2_500 == 0 else f"service-{number % 4}",
        status=status,
        opened_at=opened_at,
        closed_at=None if number in OPEN or number in ENDED else opened_at,
    )


def an_item(context: ExecutionContext) -> Stored:
    key = {"pk": context_pk(context.tenant, context.execution), "sk": "context"}
    return {**key, **head_record(context), **index_keys(context, NOW)}


@pytest.fixture(scope="module")
def client(aws: Aws) -> Iterator[Any]:
    """The store: contexts as the product encodes them, written in bulk; the rest as the product writes it."""
    create(aws.dynamodb, TABLE, like="executions")
    ledger = DynamoLedger(aws.dynamodb, TABLE, "traces", KEYS, clock=HandClock())
    items = [to_item(an_item(the_context(number))) for number in range(MANY)]
    for start in range(0, MANY, _A_BATCH):
        puts = [{"PutRequest": {"Item": item}} for item in items[start : start + _A_BATCH]]
        assert not aws.dynamodb.batch_write_item(RequestItems={TABLE: puts})["UnprocessedItems"]
    for number in PAID_TWICE:
        _charge(ledger, number)
    _talk(DynamoConversations(aws.dynamodb, TABLE, KEYS))
    yield aws.dynamodb
    aws.dynamodb.delete_table(TableName=TABLE)


def _charge(ledger: DynamoLedger, number: int) -> None:
    effect = ledger.begin(an_effect(TENANT, id=f"effect-{number}", execution=f"{number:032d}"), NOW)
    proof = Evidence(id="pi_shared", status="succeeded", at=NOW)
    settle(ledger, effect.model_copy(update={"status": EffectStatus.DONE, "evidence": proof}))


def _talk(conversations: DynamoConversations) -> None:
    """One party has said forty things over the years, and two that nobody has read; others have waited longer."""
    for number in range(42):
        conversations.accept(an_interaction(TENANT, 100 + number))
        if number < 40:
            conversations.take(TENANT, "subject-1", f"sms-SM{100 + number}", f"execution-{number // 4}")
    for number in range(3):
        conversations.accept(an_interaction(TENANT, number, subject=f"subject-{number}"))


@pytest.fixture
def metered(client: Any) -> Metered:
    return Metered(client)


@pytest.fixture
def ledger(metered: Metered) -> DynamoLedger:
    reader: Any = metered
    return DynamoLedger(reader, TABLE, "traces", KEYS)


@pytest.fixture
def conversations(metered: Metered) -> DynamoConversations:
    reader: Any = metered
    return DynamoConversations(reader, TABLE, KEYS)


@pytest.fixture
def agenda(metered: Metered) -> DynamoAgenda:
    reader: Any = metered
    return DynamoAgenda(reader, TABLE)


@pytest.mark.parametrize(
    ("query", "answers"),
    [
        ({"day": "2026-11-23", "limit": 10}, 10),
        ({"day": "2026-11-23", "since": "2026-11-23T10:00:00Z", "until": "2026-11-23T10:05:00Z"}, 10),
        ({"party": "subject-77"}, 10),
        ({"party": "subject-77", "since": "2026-11-25T00:00:00Z"}, 3),
        ({"party": "nobody"}, 0),
        ({"service": "rare"}, 4),
        ({"service": "service-1", "limit": 20}, 20),
        ({"service": "service-1", "until": "2026-11-22T15:06:00Z"}, 1),
        ({"status": "refused"}, len(REFUSED)),
        ({"status": "completed", "limit": 3}, 3),
        ({"status": "completed", "since": "2026-11-25T00:00:00Z", "until": "2026-11-25T00:10:00Z"}, 20),
    ],
    ids=lambda value: "-".join(value) if isinstance(value, dict) else "",
)
def test_list_reads_what_it_answers(
    ledger: DynamoLedger, metered: Metered, query: dict[str, Any], answers: int
) -> None:
    """A list looks at its answer's items and at one more, however many others there are."""
    assert len(ledger.find(TENANT, Query(**query)).executions) == answers
    assert metered.read <= answers + 1


def test_further_page_reads_no_more_than_the_first(ledger: DynamoLedger, metered: Metered) -> None:
    """Going on does not read again what was read: the fifth page costs what the first one does."""
    after = None
    for _ in range(5):
        metered.read = 0
        page = ledger.find(TENANT, Query(status=Status.COMPLETED, limit=4, after=after))
        after = page.next
        assert len(page.executions) == 4
        assert metered.read == 5
    assert page.executions[-1].execution == f"{MANY - 20:032d}"


def test_reference_reads_its_executions(ledger: DynamoLedger, metered: Metered) -> None:
    """A provider's id looks at one small item and one context an answer."""
    found = ledger.find(TENANT, Query(reference="pi_shared")).executions
    assert [int(one.execution) for one in found] == sorted(PAID_TWICE, reverse=True)
    assert metered.read == 2 * len(PAID_TWICE)


def test_what_falls_due_is_found_without_what_waits(agenda: DynamoAgenda, metered: Metered) -> None:
    """Of what is not finished only that is looked at which falls due, executions and messages alike."""
    assert list(agenda.due(NOW)) == []
    assert metered.read == 0
    found = list(agenda.due(NOW + timedelta(minutes=1)))
    assert sorted(it.subject for it in found if isinstance(it, DueMessage)) == ["subject-0", "subject-1", "subject-2"]
    assert metered.read == len(found) == 3
    metered.read = 0
    late = list(agenda.due(NOW + timedelta(days=9)))
    assert len([it for it in late if isinstance(it, DueExecution)]) == len(OPEN) + len(ENDED)
    assert metered.read == len(late)


def test_inbox_is_read_without_its_history(conversations: DynamoConversations, metered: Metered) -> None:
    """What was read long ago is not looked at again, neither for the inbox nor for what one execution has taken."""
    assert len(conversations.unread(TENANT, "subject-1")) == 3
    assert len(conversations.taken(TENANT, "subject-1", "execution-1")) == 4
    assert metered.read == 7


def test_filter_would_be_noticed(metered: Metered) -> None:
    """The meter counts what a filter throws away, so that a list made by one fails here."""
    answer = metered.query(
        TableName=TABLE,
        IndexName="by_status",
        KeyConditionExpression="status_key = :status",
        FilterExpression="subject = :party",
        ExpressionAttributeValues={":status": {"S": f"{TENANT}#completed"}, ":party": {"S": "subject-77"}},
    )
    assert answer["Count"] <= 10
    assert metered.read > 1_000


@pytest.mark.parametrize("index", ["by_day", "by_party", "by_service", "by_status"])
def test_lists_hold_contexts_and_nothing_sealed(client: Any, index: str) -> None:
    """An index carries what a list tells: no other kind of item, and no personal field even in its sealed form."""
    keys = {"by_day": "2026-11-23", "by_party": "subject-77", "by_service": "rare", "by_status": "refused"}
    answer = client.query(
        TableName=TABLE,
        IndexName=index,
        KeyConditionExpression=f"{index.removeprefix('by_')}_key = :key",
        ExpressionAttributeValues={":key": {"S": f"{TENANT}#{keys[index]}"}},
    )
    assert {item["sk"]["S"] for item in answer["Items"]} == {"context"}
    assert "sealed" not in repr(answer["Items"])
