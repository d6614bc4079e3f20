"""The handler of the sweep."""

from collections.abc import Callable
from dataclasses import asdict
from typing import Any

from aws_lambda_powertools import Metrics
from aws_lambda_powertools.metrics import MetricUnit

from followthrough import runtime
from followthrough.agents.work import Ports
from followthrough.handlers.tenants import TenantsLeftError, for_each_tenant
from followthrough.operations.sweep import Swept

_metrics = Metrics(namespace="Followthrough", service="followthrough")


def each_tenant(sweep: Callable[[Ports, str], Swept]) -> Callable[[dict[str, Any], object], dict[str, Any]]:
    """Make a handler that looks after every tenant."""

    def handler(_event: dict[str, Any], _context: object) -> dict[str, Any]:
        done, failed = for_each_tenant("sweep", lambda tenant: asdict(sweep(runtime.ports(), tenant)))
        _count(done)
        if failed:
            raise TenantsLeftError(", ".join(failed))
        return done

    return handler


def _count(done: dict[str, Any]) -> None:
    """Write metrics in CloudWatch's embedded format: alarms stand on `overdue` and `stuck`."""
    for name in ("taken_up", "overdue", "stuck"):
        _metrics.add_metric(name=name, unit=MetricUnit.Count, value=sum(swept[name] for swept in done.values()))
    _metrics.flush_metrics()
