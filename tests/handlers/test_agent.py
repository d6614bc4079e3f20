"""An agent's handler: small JSON in, small JSON out, and no foreign word in its errors or its log."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from botocore.exceptions import ClientError

from followthrough import runtime
from followthrough.engine.ports import Ports
from followthrough.engine.work import Outcome, Work
from followthrough.errors import Conflict, FollowthroughError
from followthrough.handlers.agent import RetryableError, agent_entry
from followthrough.integration.limits import seconds_left
from tests.handlers.environment import Invoked, lambda_environment, written

SECRET = "Maya Torres, +13125550142"
EVENT = {"tenant": "brightsmile", "execution": "e1", "outcome": "done", "asked": 0, "tries": 0, "step": "payment"}


@pytest.fixture(autouse=True)
def environment() -> Iterator[None]:
    """The environment of a function, with AWS in memory."""
    with lambda_environment():
        yield


def done(work: Work, ports: Ports) -> Outcome:
    assert isinstance(ports, Ports)
    return Outcome(tenant=work.tenant, execution=work.execution, outcome=f"{work.step} done")


def raising(error: Exception) -> Any:
    def run(work: Work, ports: Ports) -> Outcome:
        raise error

    return agent_entry(run)


def test_outcome_is_json() -> None:
    """What an agent returns is the record that the machine carries on, as JSON."""
    answer = agent_entry(done)(EVENT, Invoked())
    assert json.loads(json.dumps(answer)) == answer
    assert (answer["outcome"], answer["execution"]) == ("payment done", "e1")
    assert set(answer) == set(Outcome.model_fields)


def test_own_errors_are_told() -> None:
    """Our own errors hold nothing personal: their words help whoever reads the history."""
    with pytest.raises(RetryableError, match="changed meanwhile"):
        raising(Conflict("execution e1 changed meanwhile"))(EVENT, Invoked())


@pytest.mark.parametrize("error", [ValueError(SECRET), KeyError(SECRET), RuntimeError(SECRET), OSError(SECRET)])
def test_foreign_errors_are_only_named(error: Exception, caplog: pytest.LogCaptureFixture) -> None:
    """Of others' errors only the name is told: not in the history, not in the log, not as a cause."""
    with pytest.raises(RetryableError) as raised:
        raising(error)(EVENT, Invoked())
    assert str(raised.value) == type(error).__name__
    assert raised.value.__cause__ is None
    assert raised.value.__suppress_context__
    logged = written(caplog)
    assert type(error).__name__ in logged
    assert "Maya" not in logged
    assert "test_agent.py" in logged


def test_aws_errors_are_named_by_operation_and_code() -> None:
    """Of AWS's errors the operation and the code are told, and not the text, which quotes the data."""
    error = ClientError({"Error": {"Code": "ValidationException", "Message": SECRET}}, "PutItem")
    with pytest.raises(RetryableError, match=r"^PutItem: ValidationException$"):
        raising(error)(EVENT, Invoked())


def test_every_error_of_ours_is_told_by_its_own_words() -> None:
    """No error of ours is taken for a foreign one."""
    with pytest.raises(RetryableError, match=r"^so it is$"):
        raising(FollowthroughError("so it is"))(EVENT, Invoked())


def test_log_says_who_and_where(caplog: pytest.LogCaptureFixture) -> None:
    """Each invocation leaves one line: which agent, which execution, which step, how it went."""
    agent_entry(done)(EVENT, Invoked())
    (line,) = [json.loads(it) for it in written(caplog).splitlines() if "agent done" in it]
    assert (line["execution"], line["step"], line["outcome"]) == ("e1", "payment", "payment done")


def test_ports_are_made_once() -> None:
    """The wiring of a warm function is not made anew."""
    assert runtime.ports() is runtime.ports()


def test_the_systems_are_given_less_time_than_the_function_has() -> None:
    """P4: a visit stops asking while there is time to write what it knows."""
    left: list[float] = []

    def run(work: Work, ports: Ports) -> Outcome:
        left.append(seconds_left())
        return done(work, ports)

    agent_entry(run)(EVENT, Invoked(seconds=30))
    agent_entry(run)(EVENT, Invoked(seconds=4))
    assert 20 < left[0] <= 25
    assert left[1] <= 0
