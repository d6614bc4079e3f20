"""Do something for every tenant, one after the other."""

from collections.abc import Callable
from typing import Any

from aws_lambda_powertools import Logger

from followthrough import runtime
from followthrough.aws.uploads import S3Uploads
from followthrough.handlers.traces import name_of, where

_log = Logger(service="followthrough")


class TenantsLeftError(Exception):
    """Something could not be done for some tenants; the next run tries again, and the alarm on errors tells."""


def for_each_tenant(what: str, do: Callable[[str], Any]) -> tuple[dict[str, Any], list[str]]:
    """Return what was done by tenant, and for whom it failed: one that fails does not keep the others waiting."""
    failed: list[str] = []
    done: dict[str, Any] = {}
    for tenant in S3Uploads(runtime.client("s3"), runtime.settings().BUCKET).tenants():
        try:
            done[tenant] = do(tenant)
        except Exception as error:  # noqa: BLE001  whatever it is, the other tenants come next
            failed.append(tenant)
            _log.error(f"{what} broke", extra={"tenant": tenant, "error": name_of(error), "at": where(error)})
        else:
            _log.info(f"{what} done", extra={"tenant": tenant, what: done[tenant]})
    return done, failed
