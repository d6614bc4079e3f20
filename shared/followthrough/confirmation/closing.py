"""An execution closes when every party has been told, or could not be told in any way."""

from contextlib import suppress

from followthrough.confirmation.reporting import reported
from followthrough.engine.case import Case
from followthrough.errors import Conflict
from followthrough.ledger.jitter import tries
from followthrough.ledger.models import Fact, Obligation, ObligationStatus
from followthrough.tenant.models import Tenant
from followthrough.tenant.scopes import Operations

_TOLD = {ObligationStatus.DELIVERED, ObligationStatus.EXHAUSTED}


def close_if_told(case: Case) -> bool:
    """Close the execution, with the visit's next transaction, if nothing is owed any more; True when it is closed."""
    context = case.context
    if context.closed_at is not None:
        return True
    obligations, operations = case.obligations(), case.ports.systems.operations()
    if not obligations or not all(resolved(it, case.tenant, operations) for it in obligations):
        return False
    fact = Fact(
        kind="closed",
        step="confirm",
        outcome=context.status.value,
        reason="every party has been told",
        facts={"obligations": {it.id: it.status.value for it in obligations}},
    )
    case.save(fact, closed_at=case.ports.clock())
    return True


def close(case: Case) -> None:
    """Write what is pending, and close the execution now if everybody has been told.

    Receipts and the chain's own end may come at the same moment, and each may know the other's confirmation only as it
    was before: so who wrote second looks again at what there is. Raises Conflict where that never ends.
    """
    case.commit()
    if case.overtaken:
        case.reload()
    for _ in tries():
        if not close_if_told(case):
            return
        with suppress(Conflict):
            case.commit()
            return
        case.reload()
    raise Conflict(f"execution {case.context.execution} kept changing")


def resolved(obligation: Obligation, tenant: Tenant, operations: Operations) -> bool:
    """Tell whether nothing more can be learnt of this confirmation: it arrived, every way was tried, or a provider
    accepted it that will not report (`reported` of the operation that sent it).
    """
    if obligation.status is ObligationStatus.SENT:
        return reported(obligation, tenant, operations) is None
    return obligation.status in _TOLD
