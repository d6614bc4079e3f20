"""One conversation per customer: one open execution, and a queue behind it that loses nothing."""

from datetime import timedelta
from typing import Any

import pytest

from followthrough.interaction.conversation import advance, execution_of, wake
from simulation.executor import Invoke
from tests.workbench.bench import MAYA, OMAR, Bench
from tests.workbench.watched import watched
from tests.workbench.weather import Killed
from tests.workbench.world import TENANT, World, release

CLEANING = "I'd like a cleaning next Wednesday at 3 pm"


def subject(bench: Bench) -> str:
    return bench.context().subject


def tokens(bench: Bench) -> frozenset[str]:
    return bench.conversations.conversation(TENANT, subject(bench)).tokens


def test_advancing_again_changes_nothing(bench: Bench) -> None:
    """Whoever advances a conversation that is under way or empty does nothing."""
    bench.text(MAYA, CLEANING, settle=False)
    for _ in range(3):
        advance(bench.ports, TENANT, subject(bench))
    bench.settle()
    advance(bench.ports, TENANT, subject(bench))
    bench.settle()
    assert len(bench.heard(MAYA)) == 1
    advance(bench.ports, TENANT, "nobody")
    assert len(bench.contexts()) == 1


def test_waking_twice_wakes_once(bench: Bench) -> None:
    """A wait that was ended is not ended again, its token is gone, and without a message it goes on."""
    bench.text(MAYA, CLEANING)
    wake(bench.ports, TENANT, subject(bench))
    assert len(tokens(bench)) == 1
    bench.text(MAYA, "yes", settle=False)
    assert tokens(bench) == set()
    wake(bench.ports, TENANT, subject(bench))
    bench.settle()
    assert "Booked" in bench.heard(MAYA)[-1]


@pytest.mark.parametrize(
    "moment",
    ["after conversations.unread", "after conversations.enter", "after conversations.conversation"],
)
def test_two_wakes_at_once_end_one_wait(here: World, moment: str) -> None:
    """Whoever is slower by a whole question and its answer does not end the wait that came after."""
    armed: list[str] = []

    def watch(point: str, _argument: object) -> None:
        if point == moment and armed:
            armed.clear()
            advance(bench.ports, TENANT, subject(bench))
            bench.machines.run()

    bench = Bench(here, wrap=lambda ports: watched(ports, watch))
    bench.text(MAYA, CLEANING)
    armed.append(moment)
    assert len(bench.text(MAYA, "hm")) == 1
    assert not armed
    assert len(bench.heard(MAYA)) == 2
    assert "Booked" in bench.text(MAYA, "yes")[-1]


def test_answer_that_never_reached_the_machine_wakes_it_later(here: World) -> None:
    """A wake that fails leaves the token, so that the next call wakes."""
    failures = ["once"]

    def watch(point: str, _argument: object) -> None:
        if point == "before machines.resume" and failures:
            failures.pop()
            raise RuntimeError("Step Functions is away")

    bench = Bench(here, wrap=lambda ports: watched(ports, watch))
    bench.text(MAYA, CLEANING)
    assert bench.text(MAYA, "yes") == []
    assert len(tokens(bench)) == 1
    advance(bench.ports, TENANT, subject(bench))
    bench.settle()
    assert "Booked" in bench.heard(MAYA)[-1]


def test_token_of_the_past_wakes_nobody(bench: Bench) -> None:
    """A stale token is dropped when it turns out that nobody waits on it, and keeps nobody from being woken."""
    bench.text(MAYA, CLEANING)
    bench.conversations.wait(TENANT, subject(bench), bench.context().execution, "of the past")
    assert len(tokens(bench)) == 2
    assert "Booked" in bench.text(MAYA, "yes")[-1]
    assert tokens(bench) == set()


def test_a_late_repetition_of_an_older_wait_takes_nothing_from_the_newer(here: World) -> None:
    """A wait may be invoked twice, and the second time long after it ended: the newer one is still woken."""
    waits: list[tuple[str, dict[str, Any]]] = []

    def around(invoke: Invoke) -> Invoke:
        def noting(arn: str, payload: dict[str, Any]) -> dict[str, Any]:
            if "token" in payload:
                waits.append((arn, payload))
            return invoke(arn, payload)

        return noting

    bench = Bench(here, around=around)
    bench.text(MAYA, CLEANING)
    assert "Shall we book it" in bench.text(MAYA, "hm")[-1]
    bench.invoke(*waits[0])
    assert "Booked" in bench.text(MAYA, "yes")[-1]


def test_queue_behind_an_open_execution(bench: Bench) -> None:
    """Texts behind an open execution are its own until it ends; what it did not read opens the next one, in order."""
    bench.text(MAYA, CLEANING)
    bench.text(MAYA, "yes", settle=False)
    bench.machines.run()
    bench.text(MAYA, "I need to cancel my appointment", settle=False)
    bench.settle()
    assert [context.service for context in bench.contexts()] == ["cleaning", "cancel_visit"]
    assert "Shall we cancel your visit" in bench.heard(MAYA)[-1]


@pytest.mark.parametrize(
    "moment", ["before conversations.leave", "after conversations.leave", "after conversations.unread"]
)
def test_leaving_and_arriving_at_once(here: World, moment: str) -> None:
    """A text that arrives in the very moment in which an execution leaves opens the next one, whoever is faster."""
    passed: list[str] = []

    def watch(point: str, _argument: object) -> None:
        passed.append(point)
        if point == moment and "before conversations.leave" in passed and "arrived" not in passed:
            passed.append("arrived")
            bench.text(MAYA, "I need to cancel my appointment", settle=False)

    bench = Bench(here, wrap=lambda ports: watched(ports, watch))
    bench.text(MAYA, CLEANING)
    bench.text(MAYA, "yes")
    assert "arrived" in passed
    assert "Shall we cancel your visit" in bench.heard(MAYA)[-1]
    assert [context.service for context in bench.contexts()] == ["cleaning", "cancel_visit"]


def booked(bench: Bench) -> str:
    bench.text(MAYA, CLEANING)
    bench.text(MAYA, "yes")
    return bench.context(0).execution


def test_who_died_before_it_left_keeps_nobody_waiting(here: World) -> None:
    """An execution that is over holds no conversation: the next text opens another one."""
    dying: list[str] = []

    def watch(point: str, _argument: object) -> None:
        if point == "before conversations.leave" and dying:
            raise Killed

    bench = Bench(here, wrap=lambda ports: watched(ports, watch))
    dying.append("always")
    booked(bench)
    dying.clear()
    assert bench.context(0).closed_at is not None
    assert "Shall we cancel your visit" in bench.text(MAYA, "I need to cancel my appointment")[-1]
    assert [context.service for context in bench.contexts()] == ["cleaning", "cancel_visit"]


def test_a_late_entry_of_what_is_over_keeps_nobody_waiting(bench: Bench) -> None:
    """Whoever stalled between reading the inbox and entering enters for an execution that has come and gone."""
    execution = booked(bench)
    assert bench.conversations.enter(TENANT, subject(bench), execution)
    assert "Shall we cancel your visit" in bench.text(MAYA, "I need to cancel my appointment")[-1]


def test_who_was_never_opened_is_opened_whatever_came_before_it(here: World) -> None:
    """A slower text that was sent earlier does not keep the one that holds the conversation from being opened."""
    broken = ["ledger.open"]

    def watch(point: str, _argument: object) -> None:
        if point == "before ledger.open" and broken:
            broken.pop()
            raise RuntimeError("the ledger is away")

    bench = Bench(here, wrap=lambda ports: watched(ports, watch))
    assert bench.text(MAYA, CLEANING) == []
    bench.clock.now -= timedelta(minutes=1)
    assert len(bench.text(MAYA, "hello there")) == 1
    assert "Booked" in bench.text(MAYA, "yes")[-1]
    assert len(bench.contexts()) == 1


def test_execution_ids_are_of_tenant_and_message() -> None:
    """The same message of another tenant opens another execution; the same one the same."""
    ids = {
        execution_of("a", "sms-1"),
        execution_of("b", "sms-1"),
        execution_of("a", "sms-2"),
        execution_of("a", "sms-1"),
    }
    assert len(ids) == 3


def test_open_execution_keeps_its_release(bench: Bench) -> None:
    """An execution ends on the release that it began with, whatever is published meanwhile; the next takes the new."""
    bench.text(MAYA, CLEANING)
    newer = release((("Gold member", "Member in gold"),))
    bench.releases.publish(newer)
    assert "Booked" in bench.text(MAYA, "yes")[-1]
    assert bench.context().release != newer.id
    bench.text(OMAR, CLEANING)
    assert bench.context().release == newer.id
