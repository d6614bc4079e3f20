"""Find what was left behind, and bring it to its end (reconciliation). Safe to run at any time, and twice at once.

Nothing here knows how something came to be left behind: a crash, an outage, a machine that was stopped. It looks at
what the ledger says, and at whether anybody is still at work on it.

A sweep reads what falls due, and no more; each tenant's part is looked after by itself, so that a slow one delays no
other. What is looked at falls due again: soon, where somebody is to come back, and ever more rarely where a machine
runs and waits for its customer.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final, assert_never

from pydantic import BaseModel

from followthrough.agents.confirm import leave
from followthrough.confirmation.asking import ask, ask_next, unreported
from followthrough.confirmation.closing import close
from followthrough.confirmation.delivery import deliver, due
from followthrough.engine.case import Case
from followthrough.engine.ports import Ports
from followthrough.engine.work import Work
from followthrough.errors import Conflict
from followthrough.interaction.conversation import advance
from followthrough.ledger.due import IDLE, UNREAD, Due, DueExecution, DueMessage
from followthrough.ledger.models import ExecutionContext, Fact, Obligation, ObligationStatus, Status
from followthrough.ledger.stores import Agenda

UNRECEIPTED = timedelta(hours=1)
"""How long a provider may take to report before the next way is tried."""

LONGEST_IDLE = timedelta(hours=1)
"""Each machine that died doubles the time until the next one, up to this: an outage must not use up all of them.

So does each look at a machine that runs: whoever waits for days is looked at once an hour. Step Functions answers 10 to
15 such questions a second, which is some 40,000 executions that wait at a time; the quota can be raised:
https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html
"""

MAX_STARTS = 10
"""After so many machines, some five hours, a person has to look: the next one would die as well."""

_MOST_AT_ONCE: Final = 100
"""What is looked after in one invocation: its five minutes are enough for it, and its 256 KB by far."""


class Round(BaseModel):
    """What of one tenant is to be looked after."""

    tenant: str
    due: list[Due]


@dataclass
class Swept:
    """What was done: messages brought to an execution, machines started anew, confirmations that were overdue, and
    executions that were given up on, which is an alarm. `broken` is what could not be looked after, by the id of the
    interaction or the execution, and why.
    """

    reminded: int = 0
    taken_up: int = 0
    overdue: int = 0
    stuck: int = 0
    broken: dict[str, Exception] = field(default_factory=dict)


def rounds(agenda: Agenda, now: datetime) -> Iterator[Round]:
    """Yield what falls due, by tenant."""
    by_tenant: dict[str, list[Due]] = {}
    for one in agenda.due(now):
        by_tenant.setdefault(one.tenant, []).append(one)
    for tenant, found in by_tenant.items():
        parts = range(0, len(found), _MOST_AT_ONCE)
        yield from (Round(tenant=tenant, due=found[start : start + _MOST_AT_ONCE]) for start in parts)


def look_after(ports: Ports, it: Round) -> Swept:
    """Look after interactions, executions and obligations of one tenant. One that cannot be looked after does not keep
    those behind it waiting, now and at every sweep to come.
    """
    swept, spoken = Swept(), set[str]()
    for one in it.due:
        with _alone(one, swept):
            # Postponed first: who comes second leaves it alone, and what kills this process does not meet the next one
            # at once. Whatever happens, it falls due again.
            mine = ports.agenda.postpone(one, ports.clock() + IDLE)
            again = None if mine is None else _look(ports, mine, spoken, swept)
            if mine is not None and again is not None:
                ports.agenda.postpone(mine, again)
    return swept


@contextmanager
def _alone(one: Due, swept: Swept) -> Iterator[None]:
    try:
        yield
    except Conflict:
        # Somebody else is at work on it after all.
        return
    except Exception as error:  # noqa: BLE001  whatever it is, the others come next
        swept.broken[one.execution if isinstance(one, DueExecution) else one.interaction] = error


def _look(ports: Ports, one: Due, spoken: set[str], swept: Swept) -> datetime | None:
    """Look after one; return when it falls due again, None for when it does already."""
    match one:
        case DueExecution():
            return _look_after(ports, one.tenant, one.execution, swept)
        case DueMessage():
            if one.subject not in spoken:
                spoken.add(one.subject)
                _remind(ports, one, swept)
            return _later(ports, one.received_at, UNREAD)
        case _:
            assert_never(one)


def _later(ports: Ports, since: datetime, least: timedelta) -> datetime:
    """Return when to look again at what has been so since then: ever more rarely."""
    now = ports.clock()
    return now + min(max(now - since, least), LONGEST_IDLE)


def _remind(ports: Ports, message: DueMessage, swept: Swept) -> None:
    """Bring a conversation's messages to an execution. Where nobody takes them, its open execution's machine may have
    died while it waited: it is looked after now, and not when it falls due.
    """
    tenant, subject = message.tenant, message.subject
    advance(ports, tenant, subject)
    swept.reminded += 1
    holder = ports.conversations.conversation(tenant, subject).execution
    if holder is not None:
        _look_after(ports, tenant, holder, swept)


def _look_after(ports: Ports, tenant: str, execution: str, swept: Swept) -> datetime | None:
    case = Case.load_everything(Work(tenant=tenant, execution=execution), ports)
    context = case.context
    if context.closed_at is not None:
        return None
    saved_at = max(filter(None, (context.opened_at, context.reached_at, context.started_at)))
    if ports.machines.runs(tenant, context.release, execution, context.starts):
        return _later(ports, saved_at, IDLE)
    if context.status is Status.OPEN or _unfinished(case.obligations()):
        patience: timedelta = min(IDLE * 2 ** (context.starts - 1), LONGEST_IDLE)
        if ports.clock() - saved_at < patience:
            return saved_at + patience
        _take_up(case, swept)
        return None
    _see_told(case, swept)
    return _next_ask(case, case.obligations())


def _see_told(case: Case, swept: Swept) -> None:
    """See to what is owed where the chain has ended: ask for receipts, go the next way, close."""
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
    # Who gave one up owes the operators an alert.
    deliver(case, [it for it in case.obligations() if it.status is ObligationStatus.OWED])
    close(case)


def _next_ask(case: Case, obligations: Iterable[Obligation]) -> datetime | None:
    """Return when the first receipt that is missing is asked for; None where another way is to be tried soon."""
    if case.context.closed_at is not None or any(due(it) for it in obligations):
        return None
    moments = [at for it in obligations if (at := ask_next(case, it, UNRECEIPTED)) is not None]
    return min(moments, default=None)


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
