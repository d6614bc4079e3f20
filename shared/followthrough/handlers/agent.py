"""Handlers of agents, as the state machine calls them."""

from collections.abc import Callable
from typing import Any

from aws_lambda_powertools import Logger

from followthrough.engine.ports import Ports
from followthrough.engine.work import Outcome, Work
from followthrough.errors import FollowthroughError
from followthrough.handlers.invocation import Invocation, seconds_for_systems
from followthrough.handlers.traces import name_of, where
from followthrough.integration.limits import within
from followthrough.runtime import ports

_log = Logger(service="followthrough")


class RetryableError(Exception):
    """What leaves an agent that broke: a name, and no word of what it was working on. Step Functions keeps it."""


def agent_entry(run: Callable[[Work, Ports], Outcome]) -> Callable[[dict[str, Any], Invocation], dict[str, Any]]:
    """Make an agent's handler. Its answer and its errors hold nothing personal: Step Functions keeps both for 90
    days.
    """

    def handler(event: dict[str, Any], context: Invocation) -> dict[str, Any]:
        work = Work.model_validate(event)
        about = {"tenant": work.tenant, "execution": work.execution, "step": work.step, "agent": run.__module__}
        try:
            with within(seconds_for_systems(context)):
                outcome = run(work, ports())
        except Exception as error:  # noqa: BLE001  whatever it is, no word of it may reach the history
            _log.error("agent broke", extra={"error": name_of(error), "at": where(error), **about})
            raise RetryableError(_said(error)) from None
        _log.info("agent done", extra={"outcome": outcome.outcome, **about})
        return outcome.model_dump(mode="json")

    return handler


def _said(error: Exception) -> str:
    """Our own errors carry nothing personal; of others only the name is told."""
    return str(error) if isinstance(error, FollowthroughError) else name_of(error)
