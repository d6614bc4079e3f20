"""The handler of the hourly seal."""

from collections.abc import Callable
from typing import Any

from followthrough import runtime
from followthrough.aws.seals import S3Seals
from followthrough.clock import utc_now
from followthrough.handlers.tenants import TenantsLeftError, for_each_tenant
from followthrough.ledger.dynamodb.traces import Traces
from followthrough.ledger.seals import seal


def seal_entry() -> Callable[[dict[str, Any], object], dict[str, Any]]:
    """Make the handler that seals every tenant; the next run seals the hours that one misses."""

    def handler(_event: dict[str, Any], _context: object) -> dict[str, Any]:
        env = runtime.settings()
        chains = Traces(runtime.client("dynamodb"), env.TRACES_TABLE)
        seals = S3Seals(runtime.client("s3"), env.SEALS_BUCKET)

        def seal_one(tenant: str) -> dict[str, Any] | None:
            made = seal(chains, seals, tenant, utc_now())
            return {"hour": made.hour, "chains": len(made.chains)} if made else None

        done, failed = for_each_tenant("seal", seal_one)
        if failed:
            raise TenantsLeftError(", ".join(failed))
        return done

    return handler
