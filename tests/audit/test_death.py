"""A process that dies between a record and its trace entry leaves no closed execution whose trace is silent on it."""

import pytest

from followthrough.ledger.agreement import disagreement
from followthrough.ledger.chain import verify
from tests.agents.test_death import booking
from tests.audit.test_agreement import recorded
from tests.workbench.watched import Reaper
from tests.workbench.world import World


@pytest.fixture(scope="module")
def appends(here: World) -> int:
    """How many times a booking appends to its trace."""
    reaper = Reaper(of=("ledger.append",))
    booking(here, reaper)
    return len(reaper.points)


def test_what_was_done_is_on_record_wherever_the_process_died(here: World, appends: int) -> None:
    """Before any entry on an effect, a confirmation or the end could be written: it is written at the end."""
    assert appends > 20
    for at in range(appends):
        reaper = Reaper(at, of=("ledger.append",))
        found, entries = recorded(booking(here, reaper), 0)
        fault = disagreement(found, entries)
        assert fault is None, f"{at}: {fault}"
        assert verify(entries) is None
        if found.context and found.context.closed_at:
            assert sum(entry.fact.kind == "closed" for entry in entries) == 1, at
