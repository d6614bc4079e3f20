"""Handlers of what runs by the clock."""

from collections.abc import Callable
from dataclasses import asdict
from typing import Any

from aws_lambda_powertools import Logger, Metrics
from aws_lambda_powertools.metrics import MetricUnit

from followthrough import runtime
from followthrough.agents.work import Ports
from followthrough.handlers.traces import name_of, where
from followthrough.integration.workshop import S3Uploads
from followthrough.operations.sweep import Swept

_log = Logger(service="followthrough")
_metrics = Metrics(namespace="Followthrough", service="followthrough")


class NotSweptError(Exception):
    """Some tenants could not be looked after; the next run tries again, and the alarm on errors tells."""


def each_tenant(sweep: Callable[[Ports, str], Swept]) -> Callable[[dict[str, Any], object], dict[str, Any]]:
    """Make a handler that looks after one tenant after the other; one that fails does not keep the others waiting."""

    def handler(_event: dict[str, Any], _context: object) -> dict[str, Any]:
        failed: list[str] = []
        done: dict[str, Any] = {}
        for tenant in S3Uploads(runtime.client("s3"), runtime.settings().BUCKET).tenants():
            try:
                done[tenant] = asdict(sweep(runtime.ports(), tenant))
            except Exception as error:  # noqa: BLE001  whatever it is, the other tenants come next
                failed.append(tenant)
                _log.error("sweep broke", extra={"tenant": tenant, "error": name_of(error), "at": where(error)})
            else:
                _log.info("swept", extra={"tenant": tenant, **done[tenant]})
        _count(done)
        if failed:
            raise NotSweptError(", ".join(failed))
        return done

    return handler


def _count(done: dict[str, Any]) -> None:
    """Write metrics in CloudWatch's embedded format: alarms stand on `overdue` and `stuck`."""
    for name in ("taken_up", "overdue", "stuck"):
        _metrics.add_metric(name=name, unit=MetricUnit.Count, value=sum(swept[name] for swept in done.values()))
    _metrics.flush_metrics()
