"""Many customers at once, with processes ended at random."""

from collections.abc import Callable
from dataclasses import dataclass, field

from tests.crash.stories import BOOKS, Customer
from tests.crash.town import town
from tests.crash.verdict import Verdict

RISK = 0.2
"""How likely a process is doomed; about half of those return before their time comes."""


@dataclass
class Crowd:
    """How a run of `jobs` ended: what went wrong, by customer, and how many processes died."""

    seed: str
    jobs: int
    deaths: int = 0
    booked: int = 0
    wrong: list[str] = field(default_factory=list)


def crowd(gateway: str, seed: str, jobs: int, tell: Callable[[int], None] = lambda closed: None) -> Crowd:
    """Let `jobs` customers book and pay, and return what became of it. The same seed dooms the same processes."""
    result = Crowd(seed, jobs)
    customers = [Customer(place, BOOKS) for place in range(jobs)]
    with town(gateway, seed=seed, risk=RISK) as here:
        here.live(customers, tell)
        verdict = Verdict(here)
        for customer in customers:
            result.wrong += [f"customer {customer.place}: {it}" for it in verdict.of(customer, exactly=False)]
        result.wrong += verdict.of_all()
        result.deaths = here.deaths
        result.booked = sum(any("Booked" in body for body in here.heard(it.number)) for it in customers)
    return result
