"""Run a generated state machine without Step Functions: the subset of the language that the compiler writes, purely.

The caller invokes the agents and owns the time. Retries are immediate, as if every pause between them had passed.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

Invoke = Callable[[str, dict[str, Any]], dict[str, Any]]
"""Calls the function with this ARN with a payload; raises what the function raises."""

MOST_TRANSITIONS = 2_000


@dataclass
class Execution:
    """One run of a machine: where it stands, and the record that it carries.

    `status` is RUNNING, SUCCEEDED or FAILED. While a task waits for its token, `token` is set; while a Wait state
    holds, `seconds` says for how long. `path` lists the states that were entered.
    """

    machine: dict[str, Any]
    record: dict[str, Any]
    invoke: Invoke
    name: str = "execution"
    state: str = ""
    status: str = "RUNNING"
    token: str | None = None
    seconds: int = 0
    path: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Stand before the first state."""
        self.state = self.state or self.machine["StartAt"]

    @property
    def patience(self) -> int:
        """For how many seconds, at most, the task waits for its token."""
        return int(_at(self.record, self.machine["States"][self.state]["TimeoutSecondsPath"]))

    def run(self) -> None:
        """Go on until the end, a wait for an answer, or a pause."""
        for _ in range(MOST_TRANSITIONS):
            if self.status != "RUNNING" or self.token or self.seconds:
                return
            self._enter(self.machine["States"][self.state])
        raise RuntimeError(f"{self.name} went round {MOST_TRANSITIONS} states, the last one {self.state}")

    def resume(self, token: str) -> bool:
        """End a wait for an answer; False when this token is not waited for."""
        if self.token != token:
            return False
        self.token = None
        self.state = self.machine["States"][self.state]["Next"]
        return True

    def passed(self) -> None:
        """Let a pause, or the time for an answer, run out."""
        state = self.machine["States"][self.state]
        if self.seconds:
            self.seconds = 0
            self.state = state["Next"]
        elif self.token:
            self.token = None
            self._caught(state, "States.Timeout")

    def _enter(self, state: dict[str, Any]) -> None:
        self.path.append(self.state)
        match state["Type"]:
            case "Task":
                self._task(state)
            case "Choice":
                value = _at(self.record, state["Choices"][0]["Variable"])
                self.state = next(
                    (it["Next"] for it in state["Choices"] if it["StringEquals"] == value), state["Default"]
                )
            case "Pass":
                self.record = {**self.record, state["ResultPath"].removeprefix("$."): state["Result"]}
                self.state = state["Next"]
            case "Wait":
                self.seconds = int(_at(self.record, state["SecondsPath"]))
            case "Succeed":
                self.status = "SUCCEEDED"
            case "Fail":
                self.status = "FAILED"

    def _task(self, state: dict[str, Any]) -> None:
        waits = state["Resource"].endswith(".waitForTaskToken")
        token = f"{self.name}/{len(self.path)}"
        payload = self._payload(state["Parameters"]["Payload"], token)
        if waits:
            # The token counts before the function returns: the function itself may end the wait.
            self.token = token
        attempts = 1 + sum(retry["MaxAttempts"] for retry in state.get("Retry", []))
        for attempt in range(1, attempts + 1):
            try:
                answer = self.invoke(state["Parameters"]["FunctionName"], payload)
            except Exception:  # noqa: BLE001  as Step Functions: States.ALL
                if waits and self.token != token:
                    # The wait was over before its function failed: that comes too late to count.
                    return
                if attempt == attempts:
                    self.token = None
                    self._caught(state, "States.TaskFailed")
                    return
            else:
                break
        if not waits:
            self.record = answer
            self.state = state["Next"]

    def _payload(self, template: dict[str, Any], token: str) -> dict[str, Any]:
        return {
            key.removesuffix(".$"): (token if value.startswith("$$") else _at(self.record, value))
            if key.endswith(".$")
            else value
            for key, value in template.items()
        }

    def _caught(self, state: dict[str, Any], error: str) -> None:
        caught = next(
            (it["Next"] for it in state.get("Catch", []) if {error, "States.ALL"} & {*it["ErrorEquals"]}), None
        )
        if caught is None:
            self.status = "FAILED"
        else:
            self.state = caught


def _at(record: dict[str, Any], path: str) -> Any:
    return record[path.removeprefix("$.")]
