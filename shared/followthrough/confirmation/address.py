"""Where the customer's mail address is known from."""

from followthrough.engine.case import Case
from followthrough.engine.variables import variables
from followthrough.tenant import scopes
from followthrough.tenant.expressions import NotEvaluated, evaluate


def customers_mail(case: Case) -> str | None:
    """Return the address that the service knows of its customer; None where it knows none.

    It is looked up as at the service's end, however the chain ended: what was not retrieved by then, is empty or was
    erased gives no address.
    """
    if case.context.service is None or case.service.customer is None:
        return None
    scope = scopes.before(case.tenant, case.service, None, case.ports.systems.operations())
    try:
        found = evaluate(case.service.customer.mail, scope, variables(case), case.tenant.home)
    except NotEvaluated:
        return None
    return found.strip() or None if isinstance(found, str) else None
