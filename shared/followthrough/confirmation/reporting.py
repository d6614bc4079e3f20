"""Which providers say later what became of a confirmation."""

from followthrough.contracts.manifest import Reported
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
