"""A machine that is stopped in the middle of a conversation is replaced by the deployed sweep, and nobody notices."""

from infra.cli.proof import of_execution
from tests.journeys.conversation import Ended, over
from tests.journeys.people import said, weekday
from tests.journeys.stage import PRACTICE, Stage, journey
from tests.journeys.sweeping import await_waits, fall_due, runs, stop, sweep

WANTED = weekday(11, 10)


@journey
def taken_up(stage: Stage) -> Ended:
    talk = stage.conversation(stage.town.customer("Philomena Quartermain"))
    talk.ask(f"I'd like a cleaning on {said(WANTED)}")
    await_waits(talk, 1)
    stop(talk)
    fall_due(talk)
    sweep(stage.world)
    await_waits(talk, 2)
    talk.ask("yes")
    return over(talk)


def test_another_machine_goes_on(taken_up: Ended) -> None:
    """The stopped one stays stopped, a second one ends well, and the trace says once that it was taken up, and once
    that the question was asked.
    """
    execution = taken_up.execution
    assert runs(taken_up.conversation) == {execution: "ABORTED", f"{execution}-2": "SUCCEEDED"}
    kinds = [it["kind"] for it in taken_up.report["timeline"]]
    assert (kinds.count("taken up"), kinds.count("asked")) == (1, 1)


def test_the_customer_notices_nothing(taken_up: Ended, stage: Stage) -> None:
    """One question, one answer, one confirmation; one visit and one payment; everybody is told."""
    assert len(taken_up.texts) == 2
    assert taken_up.texts[-1].startswith("Booked")
    assert len(stage.visits(taken_up.customer)) == len(stage.payments(taken_up.customer)) == 1
    assert {effect["outcome"] for effect in taken_up.report["effects"]} == {"done"}
    assert taken_up.statuses() == {"customer": "delivered", "operator": "sent", "record": "delivered"}
    assert taken_up.report["closed"]


def test_its_trace_verifies(taken_up: Ended) -> None:
    """One chain over both machines, which agrees with the records."""
    assert of_execution(taken_up.conversation.ledger, PRACTICE, taken_up.execution, None).fault is None
