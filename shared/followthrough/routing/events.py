"""How many events an execution's history may come to: the longest path, with every loop gone round as often as it may.

Left out are an agent's own retries and the hour for which the outcome of one lost call is looked for: a machine that
an outage makes longer than AWS allows is replaced by the sweep, as one that died.

What a state adds: https://docs.aws.amazon.com/step-functions/latest/apireference/API_HistoryEvent.html
"""

from datetime import timedelta
from typing import Final, assert_never

from followthrough.routing.bounds import A_DAY, MAX_QUESTIONS, MAX_ROUNDS, MAX_WISHES, most_visits
from followthrough.tenant.models import (
    ActStep,
    AskStep,
    ChooseStep,
    DecideStep,
    RetrieveStep,
    Service,
    Step,
    Tell,
    Tenant,
)

MOST_EVENTS: Final = 25_000
"""https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html#service-limits-state-machine-executions"""

_BRIEF: Final = 2
"""A Choice, a Wait, a Pass and an end: entered and exited. The execution itself: started and ended."""

_TASK: Final = 5
"""Entered, scheduled, started, succeeded, exited."""

_LISTEN: Final = 6
"""Entered, scheduled, started, submitted, succeeded, exited."""

_ROUTED: Final = _TASK + _BRIEF


def _away(patience: timedelta) -> int:
    """A system that is away as often as it may be: each time a Task, the Choice behind it, and a Wait."""
    return most_visits(patience) * (_ROUTED + _BRIEF)


def _visit(patience: timedelta) -> int:
    return _away(patience) + _ROUTED


def _question(patience: timedelta) -> int:
    """Sent, waited for and read, until it is understood."""
    return MAX_QUESTIONS * (_visit(patience) + _LISTEN + _ROUTED)


def longest(tenant: Tenant, service: Service) -> int:
    """Return how many events the longest path through a service has: all is done but the last, undone, and told."""
    patience = tenant.patience.most
    tries = tenant.not_understood.tries
    identifying = (tries + 1) * _ROUTED + tries * (_visit(patience) + _LISTEN)
    steps = zip(service.steps, _passes(service.steps), strict=True)
    chain = len(service.inputs) * _question(patience) + sum(passes * _events(step, patience) for step, passes in steps)
    acts = sum(isinstance(step, ActStep) for step in service.steps)
    undoing = acts * _away(patience) + _ROUTED
    told = [len(each.by) for each in (*service.confirm, *tenant.otherwise) if isinstance(each, Tell)]
    # One way after the other is away, and the operators who are alerted then are told by theirs; records wait longer.
    ways = max(told, default=1) + len(tenant.alerts.by)
    confirming = max(ways * _away(patience), _away(A_DAY)) + _ROUTED
    # The execution's own two, the choice of the service, and the machine's end.
    return 3 * _BRIEF + identifying + chain + undoing + confirming


def _passes(steps: list[Step]) -> list[int]:
    """Return how often each step may be come to: once, and again for each time that a later one goes back."""
    names = [step.name for step in steps]
    passes = [1] * len(steps)
    for index, step in enumerate(steps):
        match step:
            case ActStep(if_taken=str(back)):
                first, times = names.index(back), MAX_ROUNDS
            case ChooseStep():
                source = step.among.removeprefix("=").strip()
                first, times = names.index(source) if source in names else index, MAX_WISHES
            case RetrieveStep() | DecideStep() | AskStep() | ActStep():
                continue
            case _:
                assert_never(step)
        for place in range(first, index + 1):
            passes[place] += times
    return passes


def _events(step: Step, patience: timedelta) -> int:
    match step:
        case RetrieveStep():
            return _visit(patience)
        case ActStep():
            # One that broke while the chain goes on is marked and told.
            return _visit(patience) + (_BRIEF + _TASK if step.told_of_failure else 0)
        case DecideStep():
            return _ROUTED
        case ChooseStep():
            return _ROUTED + _question(patience)
        case AskStep():
            return _question(patience)
        case _:
            assert_never(step)
