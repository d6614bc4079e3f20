"""A provider's later word on what became of a confirmation."""

from contextlib import suppress
from typing import Any

from followthrough.confirmation.closing import close, close_if_told
from followthrough.confirmation.delivery import deliver_owed
from followthrough.confirmation.obligations import fact
from followthrough.contracts.report import DELIVERED, DeliveryReport
from followthrough.engine.case import Case
from followthrough.engine.ports import Ports
from followthrough.engine.work import Work
from followthrough.errors import Conflict
from followthrough.ledger.jitter import tries
from followthrough.ledger.models import Obligation, ObligationStatus
from followthrough.ledger.stores import Carried


def take(ports: Ports, report: DeliveryReport) -> None:
    """Take what became of a message. Statuses only move forward, however late they arrive.

    That an earlier way failed is known already; that it worked after all is good news at any time. A mail that is
    reported as bounced after it was delivered stays delivered.

    A provider says it once: who loses a race reads again. Raises Conflict where that never ends.
    """
    for _ in tries():
        with suppress(Conflict):
            _take(ports, report.tenant, report.message, report.status)
            return
    raise Conflict(f"what carries message {report.message} kept changing")


def _take(ports: Ports, tenant: str, message: str, status: str) -> None:
    found = ports.ledger.find_receipt(tenant, message)
    if found is None:
        # The carrier is faster than our own record of its answer, which looks here as soon as it is written: so one of
        # the two sees the other.
        ports.ledger.keep_early(tenant, message, status)
        found = ports.ledger.find_receipt(tenant, message)
    if found is None:
        return
    case = Case.load_everything(Work(tenant=tenant, execution=found.execution), ports)
    if case.context.closed_at is not None and status not in DELIVERED:
        # Who was erased while the words were on their way is told nothing more.
        return
    moved = [_move(case, one, message, status) for one in _carried(case, found, message)]
    if any(one.status is ObligationStatus.SENT and one.failure for one in moved):
        # Written first: should the next way ask to come back later, or nobody get to it, the ledger knows that this one
        # failed, and the sweep comes soon.
        case.come_back()
        deliver_owed(case)
    # Where nothing moves any more, who took the status first may have died before closing.
    told = close_if_told(case)
    case.commit()
    if not told:
        close(case)


def _carried(case: Case, found: Carried, message: str) -> list[Obligation]:
    """Return every confirmation that a message carries: the same words to the same address are sent only once."""
    return [it for it in case.obligations() if it.id == found.obligation or (it.receipt and it.receipt.id == message)]


def _move(case: Case, obligation: Obligation, message: str, status: str) -> Obligation:
    """Move a confirmation to where a status of its message, or of one that went before, says that it is."""
    if obligation.status is not ObligationStatus.SENT or obligation.receipt is None:
        return obligation
    receipt: Any = message
    if status in DELIVERED:
        moved = _arrived(case, obligation, message)
        receipt = moved.receipt.model_dump(mode="json") if moved.receipt else None
    elif obligation.receipt.id == message:
        moved = obligation.model_copy(update={"failure": status})
    else:
        return obligation
    case.move(moved, fact(moved, f"{moved.way} reports it as {status}", {"receipt": receipt}))
    return moved


def _arrived(case: Case, obligation: Obligation, message: str) -> Obligation:
    """Return it as delivered by the message's own way, whichever was tried since."""
    sent = next((it for it in case.effects() if it.evidence and it.evidence.id == message), None)
    by = {"way": sent.system, "receipt": sent.evidence} if sent else {}
    return obligation.model_copy(update={"status": ObligationStatus.DELIVERED, "failure": None, **by})
