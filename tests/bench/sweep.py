"""What one sweep reads of a stage where five executions fall due and all others wait for their customers."""

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from followthrough import runtime
from followthrough.ledger.dynamodb.agenda import due_keys
from followthrough.ledger.dynamodb.items import to_item
from followthrough.ledger.dynamodb.references import context_pk
from infra.local.emulator import emulator
from tests.bench.measure import Measure
from tests.crash.stores import Stores, make_tables
from tests.workbench.bench import DANA, IAN, LUCIA, MAYA, OMAR, Bench
from tests.workbench.sweeping import sweep
from tests.workbench.world import world

CUSTOMERS = (MAYA, OMAR, LUCIA, DANA, IAN)
TENANTS, EACH = 1000, 100
_RUN = "sweep"
_A_BATCH = 25


@dataclass
class Read:
    """Counts requests to DynamoDB, and the items that it looked at for them."""

    requests: int = 0
    items: int = 0

    def watch(self, dynamodb: Any) -> None:
        """Be told of every answer to this client."""
        dynamodb.meta.events.register("after-call.dynamodb.*", self._answered)

    def _answered(self, parsed: dict[str, Any], **_more: Any) -> None:
        self.requests += 1
        self.items += parsed.get("ScannedCount", 1 if "Item" in parsed else 0)


def sweeps() -> Iterator[Measure]:
    """Measure a sweep with hardly anything that waits, and one with a thousand tenants' customers."""
    with emulator(Path(sys.executable)) as aws, world() as here:
        dynamodb, read = aws.client("dynamodb", runtime.AWS), Read()
        make_tables(dynamodb, _RUN)
        bench = Bench(here, wrap=Stores.of(dynamodb, _RUN, here.clock).beneath)
        for customer in CUSTOMERS:
            bench.text(customer, "I'd like a cleaning next Wednesday at 3 pm")
        read.watch(dynamodb)
        for tenants in (range(1), range(1, TENANTS)):
            _fill(aws.client("dynamodb"), tenants, here.clock.now + timedelta(days=1))
            bench.clock.forward(here.clock.now + timedelta(hours=1))
            read.requests = read.items = 0
            sweep(bench.ports)
            of = f"of a sweep, {len(CUSTOMERS)} due of {tenants.stop * EACH:,} waiting"
            yield Measure(f"requests {of}", read.requests)
            yield Measure(f"items read {of}", read.items)


def _fill(dynamodb: Any, tenants: range, due: datetime) -> None:
    """Have executions wait: as much of each as the sweep's index knows."""
    items = [_waiting(f"tenant-{tenant}", f"{number:032}", due) for tenant in tenants for number in range(EACH)]
    for start in range(0, len(items), _A_BATCH):
        puts = [{"PutRequest": {"Item": item}} for item in items[start : start + _A_BATCH]]
        assert not dynamodb.batch_write_item(RequestItems={f"executions-{_RUN}": puts})["UnprocessedItems"]


def _waiting(tenant: str, execution: str, due: datetime) -> dict[str, Any]:
    return to_item({"pk": context_pk(tenant, execution), "sk": "context", **due_keys(execution, due)})
