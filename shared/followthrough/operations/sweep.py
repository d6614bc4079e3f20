"""Find what was left behind, and bring it to its end. Safe to run at any time, and twice at once.

Nothing here knows how something came to be left behind: a crash, an outage, a machine that was stopped. It looks at
what the ledger says, and at whether anybody is still at work on it.
"""

from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache, partial

from followthrough.agents.confirm import leave
from followthrough.confirmation.asking import ask, unreported
from followthrough.confirmation.closing import close
from followthrough.confirmation.delivery import deliver, due
from followthrough.engine.case import Case
from followthrough.engine.ports import Ports
from followthrough.engine.work import Work, start_name
from followthrough.errors import Conflict
from followthrough.interaction.conversation import advance
from followthrough.ledger.models import ExecutionContext, Fact, Obligation, ObligationStatus, Status
from followthrough.ledger.queries import LeftUnread, Unclosed, Unfinished

UNREAD = timedelta(seconds=30)
"""How long a message may lie in an inbox before somebody is reminded of it; ingress takes a second."""

IDLE = timedelta(minutes=2)
"""How long an execution may have saved nothing before its machine is looked for; a new start is visible well before."""

UNRECEIPTED = timedelta(hours=1)
"""How long a provider may take to report before the next way is tried."""

LONGEST_IDLE = timedelta(hours=1)
"""Each machine that died doubles the time until the next one, up to this: an outage must not use up all of them."""

MAX_STARTS = 10
"""After so many machines, some five hours, a person has to look: the next one would die as well."""

Running = Callable[[str], Collection[str]]
"""Lists the starts of a release's machine that run."""


@dataclass
class Swept:
    """What one sweep did: messages brought to an execution, machines started anew, confirmations that were overdue, and
    executions that were given up on, which is an alarm. `broken` is what it could not look after, by the id of the
    subject or the execution, and why.
    """

    reminded: int = 0
    taken_up: int = 0
    overdue: int = 0
    stuck: int = 0
    broken: dict[str, Exception] = field(default_factory=dict)


def sweep(ports: Ports, tenant: str) -> Swept:
    """Look after one tenant's interactions, executions and obligations. One that cannot be looked after does not keep
    those behind it waiting, now and at every sweep to come.
    """
    swept = Swept()
    now = ports.clock()
    for subject in dict.fromkeys(message.subject for message in _left_unread(ports, tenant, now - UNREAD)):
        with _alone(subject, swept):
            advance(ports, tenant, subject)
            swept.reminded += 1
    running = cache(partial(ports.machines.running, tenant))
    for left in _unclosed(ports, tenant, now - IDLE):
        with _alone(left.execution, swept):
            _look_after(ports, tenant, left, running, swept)
    return swept


@contextmanager
def _alone(whom: str, swept: Swept) -> Iterator[None]:
    try:
        yield
    except Conflict:
        # Somebody else is at work on it after all.
        return
    except Exception as error:  # noqa: BLE001  whatever it is, the others come next
        swept.broken[whom] = error


def _left_unread(ports: Ports, tenant: str, before: datetime) -> Iterator[LeftUnread]:
    page = ports.conversations.left_unread(tenant, before)
    while page:
        yield from page
        page = ports.conversations.left_unread(tenant, before, after=page[-1])


def _unclosed(ports: Ports, tenant: str, before: datetime) -> Iterator[Unfinished]:
    """Every execution that is not closed, those that have ended first: most others only wait for their customer."""
    states: tuple[Unclosed, ...] = ("ended", "open")
    for state in states:
        page = ports.ledger.unfinished(tenant, state, before)
        while page:
            yield from page
            page = ports.ledger.unfinished(tenant, state, before, after=page[-1])


def _look_after(ports: Ports, tenant: str, left: Unfinished, running: Running, swept: Swept) -> None:
    execution = left.execution
    case = Case.load_everything(Work(tenant=tenant, execution=execution), ports)
    context = case.context
    if context.closed_at is not None or _runs(case, running):
        return
    if context.status is Status.OPEN or _unfinished(case.obligations()):
        # The list may be older than another sweep's start of a machine, which the context tells of.
        idle = ports.clock() - max(left.saved_at, context.started_at or left.saved_at)
        if idle >= min(IDLE * 2 ** (context.starts - 1), LONGEST_IDLE):
            _take_up(case, swept)
        return
    leave(case)
    asked = [ask(case, obligation, UNRECEIPTED) for obligation in case.obligations()]
    if any(asked):
        case.reload()
    # The next way may have asked to come back, and no machine is there any more to do so.
    again = [obligation for obligation in case.obligations() if due(obligation)]
    for obligation in case.obligations():
        if not due(obligation) and unreported(case, obligation, UNRECEIPTED):
            swept.overdue += 1
            again.append(obligation.model_copy(update={"failure": "no_receipt"}))
    deliver(case, again)
    close(case)


def _runs(case: Case, running: Running) -> bool:
    """Tell whether the execution's machine runs. Most do, and only wait for their customer: those are in the list.

    To ask after each of them, every minute, would meet AWS's throttling once they are many. The list is some seconds
    old: who died since is still in it and is found by the next sweep, and who is not in it is asked after.
    """
    context = case.context
    if start_name(context.execution, context.starts) in running(context.release):
        return True
    return case.ports.machines.runs(context.tenant, context.release, context.execution, context.starts)


def _unfinished(obligations: list[Obligation]) -> bool:
    return not obligations or any(obligation.status is ObligationStatus.OWED for obligation in obligations)


def _take_up(case: Case, swept: Swept) -> None:
    """Start another machine, which goes on where the ledger says that the last one stood.

    The context is saved first: of two sweeps at once only one gets to start, and one that dies here leaves a start
    that never ran, which the next sweep takes up in turn.
    """
    context: ExecutionContext = case.context
    if context.starts >= MAX_STARTS:
        swept.stuck += 1
        return
    fact = Fact(
        kind="taken up",
        step="sweep",
        outcome=context.status.value,
        reason="its machine ended before everything was done",
        facts={"start": context.starts + 1, "at": context.at},
    )
    where = {"at": context.at, "since": context.since, "reached_at": context.reached_at}
    case.save(fact, starts=context.starts + 1, started_at=case.ports.clock(), **where)
    case.commit()
    case.ports.machines.start(context.tenant, context.release, context.execution, context.starts + 1)
    swept.taken_up += 1
