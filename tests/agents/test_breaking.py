"""A step whose own code breaks, every time: the chain ends, or goes on without it, but never for ever."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

from followthrough.ledger.models import Status
from tests.workbench.bench import MAYA, Bench

if TYPE_CHECKING:
    from followthrough.contracts.adapter import Adapter

CLEANING = "I'd like a cleaning next Wednesday at 3 pm"


@dataclass
class Breaking:
    """An adapter with a mistake of ours in one operation."""

    behind: Any
    operation: str

    def __getattr__(self, name: str) -> Any:
        return getattr(self.behind, name)

    def run(self, operation: str, *arguments: Any) -> Any:
        """Break, or do as the real one."""
        if operation == self.operation:
            raise RuntimeError("a mistake in the adapter")
        return self.behind.run(operation, *arguments)


def broken(bench: Bench, system: str, operation: str) -> None:
    """Put the mistake into a system's adapter."""
    behind = bench.systems.adapter(bench.case().tenant, system)
    bench.systems.instead[system] = cast("Adapter", Breaking(behind, operation))


def test_a_booking_that_breaks_every_time_is_given_up_and_undone(bench: Bench) -> None:
    """After a bounded number of visits people are told, the money goes back, and the customer hears no false claim."""
    bench.text(MAYA, CLEANING)
    broken(bench, "calendar", "book")
    bench.text(MAYA, "yes")
    bench.let_pass(hours=2)
    context = bench.context()
    assert context.status is Status.FAILED
    assert context.closed_at is not None
    assert [it["refunded"] for it in bench.sandbox.snapshot("stripe")["payments"]] == [9000]
    assert "Booked" not in bench.heard(MAYA)[-1]


def test_a_note_that_breaks_every_time_does_not_undo_the_booking(bench: Bench) -> None:
    """The chain can do without the note: the booking stands, and the desk is told to write it."""
    bench.text(MAYA, CLEANING)
    broken(bench, "crm", "log_activity")
    bench.text(MAYA, "yes")
    bench.let_pass(hours=2)
    assert bench.context().status is Status.COMPLETED
    assert "Booked" in bench.heard(MAYA)[-1]
    assert [it["refunded"] for it in bench.sandbox.snapshot("stripe")["payments"]] == [0]
    assert any("`note` did not work" in words for words in bench.notices.bodies())
