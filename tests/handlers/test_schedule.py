"""The sweep's handlers: what falls due is handed over by tenant, and one tenant's trouble is no other's."""

from datetime import timedelta
from typing import Any

import boto3
import pytest

from followthrough import runtime
from followthrough.handlers import schedule
from followthrough.handlers.tenants import TenantsLeftError
from followthrough.ledger.due import DueExecution
from followthrough.ledger.dynamodb.agenda import due_keys
from followthrough.ledger.memory import MemoryAgenda
from followthrough.operations.sweep import Round, rounds
from tests.handlers.environment import lambda_environment, written
from tests.ledger.samples import NOW
from tests.ledger.tables import create


def due(tenant: str, number: int) -> DueExecution:
    return DueExecution(tenant=tenant, execution=f"{number:032}", at=NOW + timedelta(seconds=number))


def test_each_tenant_has_rounds_of_its_own() -> None:
    """At most a hundred at once, earliest first, and nothing of one tenant in another's."""
    agenda = MemoryAgenda()
    for number in range(250):
        agenda.keep(due("busy", number))
    agenda.keep(due("calm", 3))
    found = list(rounds(agenda, NOW + timedelta(hours=1)))
    assert [(it.tenant, len(it.due)) for it in found] == [("busy", 100), ("busy", 100), ("busy", 50), ("calm", 1)]
    assert [it.due[0] for it in found] == [due("busy", 0), due("busy", 100), due("busy", 200), due("calm", 3)]


class Lambda:
    """What the handler calls; it takes nothing of one tenant."""

    def __init__(self, refuses: str) -> None:
        self.refuses = refuses
        self.invoked: list[tuple[str, str, Round]] = []

    def invoke(self, *, FunctionName: str, InvocationType: str, Payload: bytes) -> dict[str, Any]:  # noqa: N803  AWS's
        """Take an event. Raises ConnectionError."""
        it = Round.model_validate_json(Payload)
        if it.tenant == self.refuses:
            raise ConnectionError(f"no answer about {it.tenant}")
        self.invoked.append((FunctionName, InvocationType, it))
        return {"StatusCode": 202}


def test_a_tenant_that_cannot_be_handed_over_keeps_no_other_waiting(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The others are, without anybody waiting for them, and the alarm on errors tells of the one."""
    with lambda_environment(SWEEP_TENANT="sweep-a-tenant"):
        dynamodb = boto3.client("dynamodb")
        create(dynamodb, "executions", like="executions")
        for number, tenant in enumerate(("one", "two", "three")):
            _fall_due(dynamodb, due(tenant, number))
        called = Lambda(refuses="two")
        real = runtime.client
        monkeypatch.setattr(runtime, "client", lambda service: called if service == "lambda" else real(service))
        with pytest.raises(TenantsLeftError, match=r"^two$"):
            schedule.sweep({}, None)
    assert {it.tenant for _, _, it in called.invoked} == {"one", "three"}
    assert {(name, kind) for name, kind, _ in called.invoked} == {("sweep-a-tenant", "Event")}
    assert "ConnectionError" in written(caplog)
    assert "no answer about" not in written(caplog)


def _fall_due(dynamodb: Any, it: DueExecution) -> None:
    """Put just so much of a context there as the index needs."""
    key = {"pk": {"S": f"{it.tenant}#execution#{it.execution}"}, "sk": {"S": "context"}}
    place = {name: {"S": value} for name, value in due_keys(it.execution, it.at).items()}
    dynamodb.put_item(TableName="executions", Item={**key, **place})
