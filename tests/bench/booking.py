"""What one booking takes: two texts, a quote, a payment, and everybody told, on the tables of the embedded AWS."""

import secrets
import sys
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from followthrough import runtime
from infra.local.emulator import emulator
from simulation.executor import Invoke
from tests.bench.measure import Measure
from tests.crash.stores import Stores, make_tables
from tests.workbench.bench import MAYA, Bench
from tests.workbench.world import SYSTEMS, World, world

WORDS = ("I'd like a cleaning next Wednesday at 3 pm", "yes")
ROUNDS = 5


@dataclass
class Meter:
    """Counts requests to DynamoDB, bytes in them, and requests to providers; adds up the agents' processor time.

    `visits` are the most requests that one invocation of each agent took.
    """

    requests: Counter[str] = field(default_factory=Counter)
    visits: Counter[str] = field(default_factory=Counter)
    sent: int = 0
    asked: int = 0
    seconds: float = 0

    def watch(self, dynamodb: Any) -> None:
        """Be told of every request of this client."""
        dynamodb.meta.events.register("before-send.dynamodb.*", self._sent)

    def around(self, invoke: Invoke) -> Invoke:
        """Take the time of every invocation."""

        def timed(arn: str, payload: dict[str, Any]) -> dict[str, Any]:
            agent, before, began = arn.split(":")[-2], self.requests.total(), time.thread_time()
            try:
                return invoke(arn, payload)
            finally:
                self.seconds += time.thread_time() - began
                self.visits[agent] = max(self.visits[agent], self.requests.total() - before)

        return timed

    def _sent(self, request: Any, **_more: Any) -> None:
        self.requests[request.headers["X-Amz-Target"].decode().rpartition(".")[2]] += 1
        self.sent += len(request.body)


def booking() -> Iterator[Measure]:
    """Measure bookings, each on tables of its own. Counts are of one of them, which are all alike."""
    with emulator(Path(sys.executable)) as aws, world() as here:
        rounds = [booked(here, aws.client("dynamodb", runtime.AWS)) for _ in range(ROUNDS)]
    bench, meter = rounds[0]
    (run,) = bench.machines.started.values()
    yield Measure("invocations of agents", len(bench.invocations))
    yield Measure("state transitions", len(run.execution.path))
    yield Measure("requests to providers", meter.asked)
    yield Measure("DynamoDB requests", meter.requests.total())
    for operation, times in sorted(meter.requests.items()):
        yield Measure(f"DynamoDB {operation}", times)
    for agent, most in sorted(meter.visits.items()):
        yield Measure(f"DynamoDB requests of one {agent}", most)
    yield Measure("sent to DynamoDB", meter.sent / 1024, "KiB")
    yield Measure("all agents", min(1000 * each.seconds for _, each in rounds), "ms")


def booked(here: World, dynamodb: Any) -> tuple[Bench, Meter]:
    """Book once, on tables of its own."""
    run, meter = secrets.token_hex(4), Meter()
    make_tables(dynamodb, run)
    meter.watch(dynamodb)
    bench = Bench(here, wrap=Stores.of(dynamodb, run, here.clock).beneath, around=meter.around)
    heard = [text for words in WORDS for text in bench.text(MAYA, words)]
    assert heard[-1].startswith("Booked"), heard
    meter.asked = sum(len(bench.sandbox.requests(system)) for system in SYSTEMS)
    return bench, meter
