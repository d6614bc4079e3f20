"""What a booking asks of DynamoDB: few requests a visit, and small ones."""

import sys
from pathlib import Path

import pytest

from followthrough import runtime
from infra.local.emulator import emulator
from tests.bench.booking import Meter, booked
from tests.workbench.world import World


@pytest.fixture(scope="module")
def meter(here: World) -> Meter:
    """What one booking took."""
    with emulator(Path(sys.executable)) as aws:
        return booked(here, aws.client("dynamodb", runtime.AWS))[1]


@pytest.mark.parametrize(
    ("agent", "most"), [("identify", 3), ("ask", 3), ("retrieve", 3), ("decide", 3), ("act", 4), ("answer", 3)]
)
def test_a_visit_takes_few_requests(meter: Meter, agent: str, most: int) -> None:
    """One that reads the context with all that belongs to it, one that writes all, and what the step itself needs."""
    assert 1 <= meter.visits[agent] <= most


def test_a_booking_takes_few_requests(meter: Meter) -> None:
    """From the first text to the last receipt; the bytes are those of the requests' bodies."""
    assert meter.requests.total() <= 70
    assert meter.sent <= 120 * 1024
