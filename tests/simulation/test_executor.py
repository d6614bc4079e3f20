"""The executor of generated machines, where it stands in for what Step Functions would do."""

from typing import Any

import pytest

from followthrough.routing.states import choice, fail, later, mark, succeed, task, wait_for_answer
from simulation.executor import Execution

ARN = "arn:aws:lambda:us-east-1:111122223333:function:agent:1"
RECORD = {"tenant": "t", "execution": "e", "outcome": "accepted", "asked": 0, "tries": 0, "seconds": 0}


def machine(**states: dict[str, Any]) -> dict[str, Any]:
    """Begin with the first state; `end` and `failed` are there already."""
    return {"StartAt": next(iter(states)), "States": {**states, "end": succeed(), "failed": fail("No", "no")}}


def a_task(step: str = "work") -> dict[str, Any]:
    return task("agent", ARN, {"step": step}, ways={"done": "end", "broken": "failed"})


def a_wait() -> dict[str, Any]:
    ways = {"answered": "end", "expired": "expired", "broken": "failed"}
    return wait_for_answer(ARN, {"step": "wait"}, ways=ways)


def test_task_replaces_the_record_and_gets_its_payload() -> None:
    """A function gets the record's fields and its own step, and its answer is the new record."""
    seen: list[dict[str, Any]] = []

    def invoke(arn: str, payload: dict[str, Any]) -> dict[str, Any]:
        seen.append(payload)
        return {**RECORD, "outcome": "done"}

    run = Execution(machine(work=a_task()), RECORD, invoke)
    run.run()
    assert (run.status, run.record["outcome"], run.path) == ("SUCCEEDED", "done", ["work", "end"])
    assert seen == [
        {**{key: RECORD[key] for key in ("tenant", "execution", "outcome", "asked", "tries")}, "step": "work"}
    ]


@pytest.mark.parametrize(("failures", "status"), [(5, "SUCCEEDED"), (6, "FAILED")])
def test_task_is_retried_and_then_caught(failures: int, status: str) -> None:
    """A function that raises is invoked five times more; then the error is caught, and the record is as it was."""
    left = [None] * failures

    def invoke(arn: str, payload: dict[str, Any]) -> dict[str, Any]:
        if left:
            left.pop()
            raise RuntimeError("no")
        return {**RECORD, "outcome": "done"}

    run = Execution(machine(work=a_task()), RECORD, invoke)
    run.run()
    assert run.status == status
    assert (run.record is RECORD) == (status == "FAILED")


def test_pause_holds_until_it_has_passed() -> None:
    """A Wait state holds for as long as the record says."""
    run = Execution(machine(pause=later("end")), {**RECORD, "seconds": 30}, lambda *_: RECORD)
    run.run()
    assert (run.status, run.seconds) == ("RUNNING", 30)
    run.passed()
    run.run()
    assert run.status == "SUCCEEDED"


def test_choice_goes_by_the_record() -> None:
    """A Choice goes where the value says, and by default elsewhere."""
    chosen = machine(ask=choice("$.outcome", {"accepted": "end"}, "failed"))
    for outcome, status in (("accepted", "SUCCEEDED"), ("else", "FAILED")):
        run = Execution(chosen, {**RECORD, "outcome": outcome}, lambda *_: RECORD)
        run.run()
        assert run.status == status


def test_wait_ends_by_its_own_token_only() -> None:
    """A wait hands its token over, and ends by that one, once."""
    tokens: list[str] = []

    def invoke(arn: str, payload: dict[str, Any]) -> dict[str, Any]:
        tokens.append(payload["token"])
        return {}

    run = Execution(machine(wait=a_wait(), expired=mark("expired", "end")), RECORD, invoke)
    run.run()
    assert run.token == tokens[0]
    assert not run.resume("another")
    assert run.resume(tokens[0])
    assert not run.resume(tokens[0])
    run.run()
    assert (run.status, run.record) == ("SUCCEEDED", RECORD)


def test_wait_that_is_over_is_caught_as_a_timeout() -> None:
    """A wait that nobody ends goes on as expired, and its token is worth nothing any more."""
    asked = {**RECORD, "seconds": 3600}
    run = Execution(machine(wait=a_wait(), expired=mark("expired", "end")), asked, lambda *_: {})
    run.run()
    token = run.token
    assert token is not None
    assert run.patience == 3600
    run.passed()
    run.run()
    assert (run.status, run.record["outcome"]) == ("SUCCEEDED", "expired")
    assert not run.resume(token)


def test_failure_after_the_wait_was_ended_is_too_late() -> None:
    """A function that ends its own wait and then fails has ended it: the success came first."""

    def invoke(arn: str, payload: dict[str, Any]) -> dict[str, Any]:
        run.resume(payload["token"])
        raise RuntimeError("too late")

    run = Execution(machine(wait=a_wait(), expired=mark("expired", "end")), RECORD, invoke)
    run.run()
    assert run.status == "SUCCEEDED"


def test_failed_wait_is_caught() -> None:
    """A wait whose function fails before anybody ended it is broken."""

    def invoke(arn: str, payload: dict[str, Any]) -> dict[str, Any]:
        raise RuntimeError("no")

    run = Execution(machine(wait=a_wait(), expired=mark("expired", "end")), RECORD, invoke)
    run.run()
    assert (run.status, run.token) == ("FAILED", None)


def test_circle_is_an_error() -> None:
    """A machine that goes round without end is stopped."""
    run = Execution(machine(round=mark("again", "round")), RECORD, lambda *_: RECORD)
    with pytest.raises(RuntimeError, match="went round"):
        run.run()
