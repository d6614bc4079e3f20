"""Check that what a tenant charges can be charged: its payment provider may count the currency in another way."""

from followthrough.tenant.checks.review import Review
from followthrough.tenant.models import ActStep
from followthrough.tenant.money import to_major, to_minor


def check(review: Review) -> None:
    """Report a currency that a provider does not take, and sums that it has no units for."""
    steps = _steps(review)
    currency = review.tenant.currency
    if not steps:
        return
    if None in steps.values():
        systems = ", ".join(f"`{name}`" for name, step in steps.items() if step is None)
        review.report.add(("currency",), f"{systems} takes no payments in {currency}")
        return
    step = max(step for step in steps.values() if step is not None)
    for name, table in review.tenant.tables.items():
        money = [output for output, kind in table.outputs.items() if kind == "money"]
        for index, row in enumerate(table.rows):
            part = "otherwise" if row.otherwise is not None else "then"
            for output, value in ((row.otherwise or row.then) or {}).items():
                if output in money and not _fits(value, currency, step):
                    least = to_major(step, currency)
                    message = f"{currency} is charged in steps of {least}: write a multiple of it"
                    review.report.add(("tables", name, "rows", index, part, output), message)


def _steps(review: Review) -> dict[str, int | None]:
    """Return what sums must be a multiple of, by the system that charges them."""
    found: dict[str, int | None] = {}
    for _, _, service in review.services():
        for step in service.steps:
            system, _, name = step.using.partition(".") if isinstance(step, ActStep) else ("", "", "")
            config = review.tenant.systems.get(system)
            operation = review.operations.get(config.adapter, {}).get(name) if config else None
            if operation is not None and operation.sums is not None:
                found[system] = operation.sums(review.tenant.currency)
    return found


def _fits(value: object, currency: str, step: int) -> bool:
    try:
        return to_minor(value, currency) % step == 0
    except ValueError:
        return True  # that it is no money at all is said where tables are checked
