"""Which providers say later what became of a confirmation, and how one asks those that did not."""

from followthrough.agents.work import Case
from followthrough.errors import SystemFailure
from followthrough.integration.manifest import Reported
from followthrough.integration.ports import FindSent, Sent
from followthrough.ledger.models import Obligation
from followthrough.tenant.models import Tenant
from followthrough.tenant.scopes import Operations
from followthrough.tenant.ways import way


def reported(obligation: Obligation, tenant: Tenant, operations: Operations) -> Reported | None:
    """Return how the way that was taken reports; None where nobody will ever know more than that it accepted."""
    if obligation.way is None:
        return None
    can = operations[tenant.systems[obligation.way].adapter]
    sending = way(can)
    return can[sending[0]].reported if sending else None


def asked(case: Case, obligation: Obligation) -> str | None:
    """Ask the provider how a confirmation stands that it has not reported on, and return its word; None where it
    cannot be asked, or does not answer now.
    """
    how = reported(obligation, case.tenant, case.ports.systems.operations())
    if how is None or how.ask is None or obligation.way is None or obligation.receipt is None:
        return None
    adapter = case.ports.systems.adapter(case.tenant, obligation.way)
    call = case.call(obligation.id, case.ports.clock())
    try:
        answer = adapter.run(how.ask, FindSent(id=obligation.receipt.id), call)
    except SystemFailure:
        # It is asked again at the next visit, and after an hour its silence counts.
        return None
    assert isinstance(answer.result, Sent)
    return answer.result.status
