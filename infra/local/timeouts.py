"""Have the emulator give up on a task after as long as its `TimeoutSecondsPath` says.

It knows only the constant `TimeoutSeconds`, and where there is none it waits for more than a day.
https://docs.aws.amazon.com/step-functions/latest/dg/state-task.html
"""

from typing import Any

from ministack.services import stepfunctions


def as_on_aws() -> None:
    """Correct the emulator in this process, before it serves."""
    execute: Any = stepfunctions._execute_task  # noqa: SLF001  the one place that reads a task's fields

    def timed(state: dict[str, Any], record: Any, *more: Any) -> Any:
        path = state.get("TimeoutSecondsPath")
        if path is None:
            return execute(state, record, *more)
        seconds = stepfunctions._resolve_path(path, record)  # noqa: SLF001  its own reading of a path
        return execute({**state, "TimeoutSeconds": seconds}, record, *more)

    stepfunctions._execute_task = timed  # noqa: SLF001  see above
