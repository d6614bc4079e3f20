"""The switchboard for faults."""

import pytest

from simulation.exchange import Request, Response
from simulation.faults import Fault, Rule, Switchboard, answered

PAY = Request("POST", "/v1/payment_intents", body=b"amount=900&customer=cus_1")
LOOK = Request("GET", "/v1/payment_intents/pi_1")


class Ledger:
    """A system that remembers what it did, without words of its own for trouble."""

    name = "ledger"

    def __init__(self) -> None:
        self.done: list[str] = []

    def handle(self, request: Request) -> Response:
        self.done.append(request.path)
        return Response(200, {"done": len(self.done)})

    def snapshot(self) -> dict[str, list[str]]:
        return {"done": self.done}

    def seed(self, data: dict[str, str]) -> None:
        raise KeyError(data)


@pytest.mark.parametrize(
    ("rule", "befallen"),
    [
        (Rule("ledger", Fault.BROKEN), True),
        (Rule("ledger", Fault.BROKEN, method="POST"), True),
        (Rule("ledger", Fault.BROKEN, method="GET"), False),
        (Rule("ledger", Fault.BROKEN, path="/v1/payment"), True),
        (Rule("ledger", Fault.BROKEN, path="payment"), False),
        (Rule("ledger", Fault.BROKEN, path=r"/v1/\w+$"), True),
        (Rule("stripe", Fault.BROKEN), False),
        (Rule("ledger", Fault.BROKEN, body=r"customer=cus_1\b"), True),
        (Rule("ledger", Fault.BROKEN, body="customer=cus_2"), False),
    ],
)
def test_a_rule_is_about_a_system_a_method_a_path_and_a_body(rule: Rule, *, befallen: bool) -> None:
    """The path is a regular expression that matches from the beginning, the body one that is found anywhere in it."""
    assert (Switchboard([rule]).draw("ledger", PAY) == rule) is befallen


def test_a_rule_is_used_up() -> None:
    """Three times, then never again; what does not match does not count."""
    board = Switchboard([Rule("ledger", Fault.BROKEN, method="POST", times=3)])
    drawn = [board.draw("ledger", request) for request in (PAY, LOOK, PAY, PAY, PAY)]
    assert [rule is not None for rule in drawn] == [True, False, True, True, False]
    assert board.rules == []


def test_the_first_rule_that_matches_is_applied() -> None:
    """Rules wait behind each other in the order they were added."""
    board = Switchboard()
    board.add(Rule("ledger", Fault.THROTTLED, times=2))
    board.add(Rule("ledger", Fault.DROP_BEFORE))
    drawn = [board.draw("ledger", PAY) for _ in range(4)]
    assert [rule.fault if rule else None for rule in drawn] == [
        Fault.THROTTLED,
        Fault.THROTTLED,
        Fault.DROP_BEFORE,
        None,
    ]


def test_clearing_spares_the_other_systems() -> None:
    """Only the rules about one system are lifted."""
    board = Switchboard([Rule("ledger", Fault.BROKEN), Rule("stripe", Fault.BROKEN)])
    board.clear("ledger")
    assert [rule.system for rule in board.rules] == ["stripe"]


@pytest.mark.parametrize(
    ("fault", "status", "done"),
    [
        (None, 200, 1),
        (Fault.DELAY, 200, 1),
        (Fault.THROTTLED, 429, 0),
        (Fault.BROKEN, 500, 0),
        (Fault.BROKEN_AFTER_COMMIT, 500, 1),
        (Fault.DROP_BEFORE, None, 0),
        (Fault.DROP_AFTER_COMMIT, None, 1),
    ],
)
def test_each_fault_answers_and_acts_as_it_says(fault: Fault | None, status: int | None, done: int) -> None:
    """What the caller sees and what was really done are two things."""
    ledger = Ledger()
    response = answered(Rule("ledger", fault, seconds=2.5) if fault else None, ledger, PAY)
    assert (response.status if response else None) == status
    assert len(ledger.done) == done
    if fault is Fault.THROTTLED:
        assert response is not None
        assert response.headers["Retry-After"] == "2.5"


def test_a_rule_is_read_from_json() -> None:
    """As the back door takes it."""
    data = {"fault": "drop after commit", "method": "POST", "path": "/v1/", "times": 2}
    assert Rule.read("ledger", data) == Rule("ledger", Fault.DROP_AFTER_COMMIT, "POST", "/v1/", 2)


@pytest.mark.parametrize("data", [{}, {"fault": "flood"}, {"fault": "broken", "path": "["}])
def test_what_is_no_rule_is_refused(data: dict[str, str]) -> None:
    """A test that prepares nonsense learns it at once."""
    with pytest.raises((KeyError, ValueError)):
        Rule.read("ledger", data)
