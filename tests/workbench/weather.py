"""What may befall an invocation of a function: ways to put around the bench's invocations."""

from collections.abc import Callable, Iterable
from enum import Enum
from typing import Any

from simulation.executor import Invoke


class Killed(BaseException):
    """The process ended here. Not an exception that the product could catch."""


def doubled(invoke: Invoke) -> Invoke:
    """Run every invocation twice with the same payload; the first one's answer counts."""

    def twice(arn: str, payload: dict[str, Any]) -> dict[str, Any]:
        answer = invoke(arn, payload)
        invoke(arn, payload)
        return answer

    return twice


def lost(times: int = 1, when: Callable[[str], bool] = lambda _: True) -> Callable[[Invoke], Invoke]:
    """Lose the answers of the first `times` attempts at each state, after all was done; the machine tries again.

    The wait's own invocation is not retried by a machine, and so never lost here.
    """

    def around(invoke: Invoke) -> Invoke:
        seen: dict[str, int] = {}

        def losing(arn: str, payload: dict[str, Any]) -> dict[str, Any]:
            answer = invoke(arn, payload)
            agent = arn.split(":")[-2]
            key = repr((agent, sorted(payload.items(), key=str)))
            seen[key] = seen.get(key, 0) + 1
            if agent != "listen" and when(agent) and seen[key] <= times:
                raise TimeoutError("the answer was lost")
            return answer

        return losing

    return around


class Fate(Enum):
    """What becomes of one invocation."""

    ANSWERED = "answered"
    DOUBLED = "doubled"
    LOST = "lost"


def fated(fates: Iterable[Fate], invoke: Invoke) -> Invoke:
    """Let each invocation meet the next fate; when there are no more, all are answered."""
    left = iter(fates)

    def meeting(arn: str, payload: dict[str, Any]) -> dict[str, Any]:
        fate = next(left, Fate.ANSWERED)
        answer = invoke(arn, payload)
        if fate is Fate.DOUBLED:
            invoke(arn, payload)
        if fate is Fate.LOST and not arn.endswith(":listen:1"):
            raise TimeoutError("the answer was lost")
        return answer

    return meeting


def meeting(happens: Callable[[str, str], None]) -> Callable[[Invoke], Invoke]:
    """Let something happen right before an invocation; it is told the agent and the step."""

    def around(invoke: Invoke) -> Invoke:
        def at_that_moment(arn: str, payload: dict[str, Any]) -> dict[str, Any]:
            happens(arn.split(":")[-2], payload.get("step", ""))
            return invoke(arn, payload)

        return at_that_moment

    return around


def broken_agent(agent: str) -> Callable[[Invoke], Invoke]:
    """Let an agent break at every invocation before it does anything."""

    def breaks(name: str, _step: str) -> None:
        if name == agent:
            raise RuntimeError("broken")

    return meeting(breaks)
