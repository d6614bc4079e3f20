"""Ask a provider for the receipt that did not come."""

from datetime import datetime, timedelta

from followthrough.confirmation.obligations import fact
from followthrough.confirmation.receipts import take
from followthrough.confirmation.reporting import reported
from followthrough.contracts.messaging import FindSent, Sent
from followthrough.contracts.report import DeliveryReport
from followthrough.engine.case import Case
from followthrough.engine.effects import Exchange
from followthrough.errors import SystemFailure
from followthrough.ledger.models import Obligation, ObligationStatus

UNREPORTED = timedelta(minutes=5)
"""After how long without a report the provider is asked first: nearly all reports come within seconds, so this one is
lost or the phone is off; and who can be told by another way should not wait an hour because of a lost report.
"""


def unreported(case: Case, obligation: Obligation, since: timedelta) -> bool:
    """Tell whether a provider accepted this longer ago than that, and has not reported although it does so."""
    if obligation.status is not ObligationStatus.SENT or obligation.failure or obligation.receipt is None:
        return False
    late = obligation.receipt.at < case.ports.clock() - since
    return late and reported(obligation, case.tenant, case.ports.systems.operations()) is not None


def ask(case: Case, obligation: Obligation, given_up: timedelta) -> bool:
    """Ask how a confirmation stands that has waited for its receipt too long, put the answer on record, and take it as
    a receipt; True when somebody was asked. After `given_up` its way is. Raises Conflict.

    It is asked after 5, 10, 20 and 40 minutes, and once more before it is given up: a phone that is off for long is no
    reason to ask every minute.
    """
    receipt, way = obligation.receipt, obligation.way
    if receipt is None or way is None or not unreported(case, obligation, min(_next(obligation), given_up)):
        return False
    how = reported(obligation, case.tenant, case.ports.systems.operations())
    if how is None or how.ask is None:
        return False
    began = case.ports.clock()
    try:
        adapter = case.ports.systems.adapter(case.tenant, way)
        answer = adapter.run(how.ask, FindSent(id=receipt.id), case.call(obligation.id, began))
    except SystemFailure as failure:
        _note(case, obligation, began, f"{way} was asked how it stands and could not answer: {failure.code}")
        return True
    assert isinstance(answer.result, Sent)
    _note(case, obligation, began, f"{way} was asked how it stands, and says {answer.result.status}")
    if answer.result.settled is not None:
        take(case.ports, DeliveryReport(obligation.tenant, receipt.id, answer.result.settled))
    return True


def ask_next(case: Case, obligation: Obligation, given_up: timedelta) -> datetime | None:
    """Return when this confirmation's receipt is asked for, or its way given up, should none come; None where nothing
    more is to come.
    """
    receipt = obligation.receipt
    if not unreported(case, obligation, -given_up) or receipt is None:
        return None
    how = reported(obligation, case.tenant, case.ports.systems.operations())
    asks = how is not None and how.ask is not None
    return receipt.at + (min(_next(obligation), given_up) if asks else given_up)


def _next(obligation: Obligation) -> timedelta:
    """Return how long after it was sent it is asked next."""
    assert obligation.receipt is not None
    sent, asked = obligation.receipt.at, obligation.asked_at
    # Who was asked before it was sent was asked about a way that failed since.
    return 2 * (asked - sent) if asked is not None and asked > sent else UNREPORTED


def _note(case: Case, obligation: Obligation, began: datetime, said: str) -> None:
    assert obligation.receipt is not None
    now = case.ports.clock()
    noted = obligation.model_copy(update={"asked_at": now})
    told = {"receipt": obligation.receipt.id, **Exchange("ask", began).took(now)}
    case.move(noted, fact(noted, said, told))
    case.commit()
