"""Every write of every adapter, with the process ended at every point of it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from tests.crash.deaths import POINTS, Doom
from tests.crash.stories import BOOKS, CANCELS, REFUSED, STRANGER, Customer, Story
from tests.crash.town import town
from tests.crash.verdict import Verdict

LATE = "a day late"
COLUMNS = (*POINTS, LATE)
"""The last one: the machine dies with the process after the provider did it, and is taken up 25 hours later."""

PROMPT: Sequence[str] = POINTS
TOWNS: Sequence[Sequence[str]] = (PROMPT, (LATE,))
"""The late ones have a town of their own, since time is the same for all in a town."""


@dataclass(frozen=True)
class Write:
    """A write, and the story and step in which it happens."""

    adapter: str
    operation: str
    story: Story
    step: str = ""
    what: str = ""

    def __str__(self) -> str:
        """Read like a line of the table."""
        return f"{self.adapter} {self.operation}" + (f" ({self.what})" if self.what else "")


WRITES = (
    Write("hubspot", "create_person", STRANGER),
    Write("hubspot", "change_person", BOOKS),
    Write("hubspot", "log_activity", BOOKS),
    Write("hubspot", "log_outcome", BOOKS),
    Write("cal_com", "hold", BOOKS),
    Write("cal_com", "release", STRANGER, what="undoing"),
    Write("cal_com", "book", BOOKS),
    Write("cal_com", "cancel", CANCELS),
    Write("stripe", "create_payer", STRANGER),
    Write("stripe", "charge", BOOKS),
    Write("stripe", "refund", CANCELS),
    Write("stripe", "refund", REFUSED, what="undoing"),
    Write("twilio", "send", BOOKS, "ask", what="question"),
    Write("twilio", "send", BOOKS, "tell", what="confirmation"),
    Write("ses", "send", BOOKS),
    Write("sns", "publish", BOOKS),
)

Cell = tuple[Write, str]


def matrix(
    gateway: str,
    writes: Sequence[Write] = WRITES,
    towns: Sequence[Sequence[str]] = TOWNS,
    tell: Callable[[int], None] = lambda done: None,
) -> dict[Cell, list[str]]:
    """Return what went wrong, by write and column. Each cell is a customer of one of the towns."""
    results: dict[Cell, list[str]] = {}
    for columns in towns:
        cells = [(write, column) for column in columns for write in writes]
        customers = [_customer(place, *cell) for place, cell in enumerate(cells)]
        with town(gateway) as here:
            here.live(customers, _further(tell, len(results)))
            verdict = Verdict(here)
            for cell, customer in zip(cells, customers, strict=True):
                survived = ["nobody died"] if customer.deaths == 0 else []
                results[cell] = verdict.of(customer) + survived
            # What nobody in particular is to blame for is told in the first cell.
            results[cells[0]] += verdict.of_all() + here.broke
    return results


def _further(tell: Callable[[int], None], done: int) -> Callable[[int], None]:
    return lambda more: tell(done + more)


def _customer(place: int, write: Write, column: str) -> Customer:
    late = column == LATE
    doom = Doom("after the provider" if late else column, write.adapter, write.operation, write.step)
    return Customer(place, write.story, doom, late)
