"""The few kinds of state that a machine is made of, in Amazon States Language (JSONPath).

The state's data is always the same small record, see `engine.work.Outcome`: no personal data ever enters it, because
Step
Functions keeps every input and output in its history.
Reference: https://states-language.net/spec.html and AWS's "Invoke an AWS Lambda function with Step Functions".
"""

from collections.abc import Mapping
from typing import Any

State = dict[str, Any]

TASK_SECONDS = 40
"""Longer than any agent's Lambda timeout (30 s), so that a late answer is never cut off by the machine."""

# What escapes an agent as an exception is by contract safe to retry. Full jitter keeps a thousand executions that met
# the
# same outage from coming back at the same second.
RETRY: list[State] = [
    {
        "ErrorEquals": ["States.ALL"],
        "IntervalSeconds": 1,
        "BackoffRate": 2.0,
        "MaxAttempts": 5,
        "MaxDelaySeconds": 30,
        "JitterStrategy": "FULL",
    }
]


def task(agent: str, function: str, payload: State, ways: Mapping[str, str]) -> State:
    """Invoke an agent; its answer replaces the record. What still fails after the retries goes to `ways["broken"]`."""
    return {
        "Type": "Task",
        "Comment": _comment(agent, payload),
        "Resource": _integration(function, "lambda:invoke"),
        "Parameters": {"FunctionName": function, "Payload": _payload(payload)},
        "OutputPath": "$.Payload",
        "TimeoutSeconds": TASK_SECONDS,
        "Retry": RETRY,
        # The error itself is dropped: the agent has logged it, and the record must stay free of foreign text.
        "Catch": [{"ErrorEquals": ["States.ALL"], "ResultPath": None, "Next": ways["broken"]}],
        "Next": ways["done"],
    }


def wait_for_answer(function: str, payload: State, ways: Mapping[str, str]) -> State:
    """Hand the task token to the conversation and wait until a message ends the wait, or the record's `seconds` are
    over.

    How long that is, the question said that came before: a machine that takes up a dead one's work waits for what is
    left of the customer's time. The path must select a positive integer.
    https://docs.aws.amazon.com/step-functions/latest/dg/state-task.html

    The Retry is on States.TaskFailed, which matches every error but the timeout: on States.ALL it would retry that too,
    and wait for an absent customer for ever.
    https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html
    The token's answer is an empty success, so the record goes on unchanged.
    """
    return {
        "Type": "Task",
        "Comment": _comment("listen", payload),
        "Resource": _integration(function, "lambda:invoke.waitForTaskToken"),
        "Parameters": {
            "FunctionName": function,
            "Payload": _payload({**payload, "token.$": "$$.Task.Token"}),
        },
        "ResultPath": None,
        "TimeoutSecondsPath": "$.seconds",
        "Retry": [{**RETRY[0], "ErrorEquals": ["States.TaskFailed"]}],
        "Catch": [
            {"ErrorEquals": ["States.Timeout"], "ResultPath": None, "Next": ways["expired"]},
            {"ErrorEquals": ["States.ALL"], "ResultPath": None, "Next": ways["broken"]},
        ],
        "Next": ways["answered"],
    }


def _comment(agent: str, payload: State) -> str:
    return f"{agent} {payload['step']}" if "step" in payload else agent


def choice(variable: str, branches: dict[str, str], default: str) -> State:
    """Go where the record's `variable` says."""
    return {
        "Type": "Choice",
        "Choices": [
            {"Variable": variable, "StringEquals": value, "Next": target} for value, target in branches.items()
        ],
        "Default": default,
    }


def later(next_state: str) -> State:
    """Wait as long as the agent asked for, which is at least what a provider's Retry-After says."""
    return {"Type": "Wait", "SecondsPath": "$.seconds", "Next": next_state}


def mark(outcome: str, next_state: str) -> State:
    """Note in the record how the chain ended where no agent could say it."""
    return {"Type": "Pass", "Result": outcome, "ResultPath": "$.outcome", "Next": next_state}


def succeed() -> State:
    """End the machine: everything that is owed has been handed over."""
    return {"Type": "Succeed"}


def fail(error: str, cause: str) -> State:
    """End the machine without everybody told, which is an alarm."""
    return {"Type": "Fail", "Error": error, "Cause": cause}


def _payload(payload: State) -> State:
    record = {f"{field}.$": f"$.{field}" for field in ("tenant", "execution", "outcome", "asked", "tries")}
    return {**record, **payload}


def _integration(function: str, action: str) -> str:
    partition = function.split(":")[1]
    return f"arn:{partition}:states:::{action}"
