"""What runs by the clock: the sweep, and each tenant's part of it, in an invocation of its own."""

from typing import Any

from aws_lambda_powertools import Logger, Metrics
from aws_lambda_powertools.metrics import MetricUnit

from followthrough import runtime
from followthrough.clock import utc_now
from followthrough.handlers.tenants import TenantsLeftError
from followthrough.handlers.traces import name_of, where
from followthrough.operations.sweep import Round, Swept, look_after, rounds

_log = Logger(service="followthrough")
_metrics = Metrics(namespace="Followthrough", service="followthrough")


def sweep(_event: dict[str, Any], _context: object) -> dict[str, int]:
    """Hand what falls due to `sweep_tenant`, and return how much it was, by tenant."""
    handed_over: dict[str, int] = {}
    failed: list[str] = []
    for it in rounds(runtime.agenda(), utc_now()):
        try:
            runtime.client("lambda").invoke(
                FunctionName=runtime.settings().SWEEP_TENANT,
                InvocationType="Event",
                Payload=it.model_dump_json().encode(),
            )
        except Exception as error:  # noqa: BLE001  whatever it is, the other tenants come next
            failed.append(it.tenant)
            _log.error("sweep broke", extra={"tenant": it.tenant, "error": name_of(error), "at": where(error)})
        else:
            handed_over[it.tenant] = handed_over.get(it.tenant, 0) + len(it.due)
    _log.info("sweep done", extra={"due": handed_over})
    if failed:
        raise TenantsLeftError(", ".join(failed))
    return handed_over


def sweep_tenant(event: dict[str, Any], _context: object) -> dict[str, int]:
    """Look after what of one tenant falls due, and return what was done."""
    it = Round.model_validate(event)
    swept = look_after(runtime.ports(), it)
    counts = _counts(it.tenant, swept)
    _log.info("tenant swept", extra={"tenant": it.tenant, **counts})
    # In CloudWatch's embedded format: alarms stand on all but `taken_up`.
    for name in ("taken_up", "overdue", "stuck", "broken"):
        _metrics.add_metric(name=name, unit=MetricUnit.Count, value=counts[name])
    _metrics.flush_metrics()
    return counts


def _counts(tenant: str, swept: Swept) -> dict[str, int]:
    """Log what could not be looked after; return the numbers."""
    for whom, error in swept.broken.items():
        told = {"tenant": tenant, "whom": whom, "error": name_of(error), "at": where(error)}
        _log.error("sweep broke for one of many", extra=told)
    counts = {name: value for name, value in vars(swept).items() if isinstance(value, int)}
    return {**counts, "broken": len(swept.broken)}
