"""The handler of the sweep."""

from collections.abc import Callable
from typing import Any

from aws_lambda_powertools import Logger, Metrics
from aws_lambda_powertools.metrics import MetricUnit

from followthrough import runtime
from followthrough.engine.ports import Ports
from followthrough.handlers.tenants import TenantsLeftError, for_each_tenant
from followthrough.handlers.traces import name_of, where
from followthrough.operations.sweep import Swept

_log = Logger(service="followthrough")
_metrics = Metrics(namespace="Followthrough", service="followthrough")


def each_tenant(sweep: Callable[[Ports, str], Swept]) -> Callable[[dict[str, Any], object], dict[str, Any]]:
    """Make a handler that looks after every tenant."""

    def handler(_event: dict[str, Any], _context: object) -> dict[str, Any]:
        done, failed = for_each_tenant("sweep", lambda tenant: _tell(tenant, sweep(runtime.ports(), tenant)))
        _count(done)
        if failed:
            raise TenantsLeftError(", ".join(failed))
        return done

    return handler


def _tell(tenant: str, swept: Swept) -> dict[str, int]:
    """Log what could not be looked after; return the numbers."""
    for whom, error in swept.broken.items():
        told = {"tenant": tenant, "whom": whom, "error": name_of(error), "at": where(error)}
        _log.error("sweep broke for one of many", extra=told)
    counts = {name: value for name, value in vars(swept).items() if isinstance(value, int)}
    return {**counts, "broken": len(swept.broken)}


def _count(done: dict[str, Any]) -> None:
    """Write metrics in CloudWatch's embedded format: alarms stand on all but `taken_up`."""
    for name in ("taken_up", "overdue", "stuck", "broken"):
        _metrics.add_metric(name=name, unit=MetricUnit.Count, value=sum(swept[name] for swept in done.values()))
    _metrics.flush_metrics()
