"""An execution closes when every party has been told, or could not be told in any way."""

from followthrough.agents.work import Case
from followthrough.errors import Conflict
from followthrough.ledger.jitter import tries
from followthrough.ledger.models import Fact, Obligation, ObligationStatus

_TOLD = {ObligationStatus.DELIVERED, ObligationStatus.EXHAUSTED}


def close_if_told(case: Case) -> bool:
    """Close the execution if nothing is owed any more; True when it is closed."""
    context = case.context
    if context.closed_at is not None:
        return True
    obligations = case.ports.ledger.obligations(context.tenant, context.execution)
    if not obligations or not all(resolved(obligation) for obligation in obligations):
        return False
    fact = Fact(
        kind="closed",
        step="confirm",
        outcome=context.status.value,
        reason="every party has been told",
        facts={"obligations": {it.id: it.status.value for it in obligations}},
    )
    return _close(case, fact)


def _close(case: Case, fact: Fact) -> bool:
    """Receipts and the chain's own end may come at the same moment: who loses reads again, and finds it closed."""
    for _ in tries():
        try:
            case.save(fact, closed_at=case.ports.clock())
        except Conflict:
            case.context = case.ports.ledger.load(case.context.tenant, case.context.execution)
            if case.context.closed_at is None:
                continue
        return True
    raise Conflict(f"execution {case.context.execution} kept changing")


def resolved(obligation: Obligation) -> bool:
    """Tell whether nothing more can be learnt of this confirmation.

    Notices and mails to operators are as far as they get when the provider accepted them: SNS tells nobody whether a
    subscriber read it. A customer's text is resolved by the carrier's receipt.
    """
    accepted = obligation.status is ObligationStatus.SENT and obligation.party == "operator"
    return accepted or obligation.status in _TOLD
