"""The handler of the hourly seal."""

from collections.abc import Callable
from typing import Any

from aws_lambda_powertools import Logger

from followthrough import runtime
from followthrough.clock import utc_now
from followthrough.handlers.traces import name_of, where
from followthrough.integration.workshop import S3Uploads
from followthrough.ledger.dynamodb.seals import S3Seals
from followthrough.ledger.dynamodb.traces import Traces
from followthrough.ledger.seals import seal

_log = Logger(service="followthrough")


class NotSealedError(Exception):
    """Some tenants could not be sealed; the next run seals the hours that they miss."""


def seal_entry() -> Callable[[dict[str, Any], object], dict[str, Any]]:
    """Make the handler that seals every tenant; one that fails does not keep the others waiting."""

    def handler(_event: dict[str, Any], _context: object) -> dict[str, Any]:
        env = runtime.settings()
        chains = Traces(runtime.client("dynamodb"), env.TRACES_TABLE)
        seals = S3Seals(runtime.client("s3"), env.SEALS_BUCKET)
        failed: list[str] = []
        done: dict[str, Any] = {}
        for tenant in S3Uploads(runtime.client("s3"), env.BUCKET).tenants():
            try:
                made = seal(chains, seals, tenant, utc_now())
            except Exception as error:  # noqa: BLE001  whatever it is, the other tenants come next
                failed.append(tenant)
                _log.error("seal broke", extra={"tenant": tenant, "error": name_of(error), "at": where(error)})
            else:
                done[tenant] = {"hour": made.hour, "chains": len(made.chains)} if made else None
                _log.info("sealed", extra={"tenant": tenant, "seal": done[tenant]})
        if failed:
            raise NotSealedError(", ".join(failed))
        return done

    return handler
