"""The handler of S3's notifications that a tenant's file was uploaded."""

from collections.abc import Callable
from typing import Any
from urllib.parse import unquote_plus

from aws_lambda_powertools import Logger

from followthrough import runtime
from followthrough.aws.secrets import SecretsManager
from followthrough.aws.senders import AwsSenders
from followthrough.aws.uploads import S3Uploads
from followthrough.aws.workshop import AwsWorkshop
from followthrough.clock import utc_now
from followthrough.handlers.traces import name_of
from followthrough.integration.connections import Connections
from followthrough.integration.registry import operations, settings_of
from followthrough.interaction.registry import providers
from followthrough.routing.publish import Publishing, failed, publish
from followthrough.routing.releases import Live
from followthrough.tenant.load import load

_log = Logger(service="followthrough")


def publish_entry() -> Callable[[dict[str, Any], object], None]:
    """Make the handler of S3's notifications. Keys arrive URL-encoded."""

    def handler(event: dict[str, Any], _context: object) -> None:
        for record in event["Records"]:
            key = unquote_plus(record["s3"]["object"]["key"])
            live = _published(key, _publishing())
            _log.info("published", extra={"key": key, "release": live.release if live else None})

    return handler


def _published(key: str, publishing: Publishing) -> Live | None:
    """Publish, and tell also what nobody foresaw: a machine that AWS refuses, a store that does not answer."""
    try:
        return publish(key, publishing)
    except Exception as error:
        failed(key, publishing, name_of(error))
        raise


def _publishing() -> Publishing:
    env = runtime.settings()
    prefix = f"followthrough-{env.STAGE}-"
    machines, sns = runtime.machines(), runtime.client("sns")
    return Publishing(
        uploads=S3Uploads(runtime.client("s3"), env.BUCKET),
        workshop=AwsWorkshop(machines, sns, env.MACHINE_ROLE, prefix, env.OPERATORS_TOPIC),
        releases=runtime.releases(),
        load=lambda text: load(text, operations(), settings_of(), providers()),
        functions=env.FUNCTIONS,
        # Not those that remember: what was given, and a secret that was mended, a minute ago counts.
        senders=AwsSenders(runtime.client("dynamodb"), env.TENANTS_TABLE).of,
        systems=Connections(
            SecretsManager(runtime.client("secretsmanager"), env.STAGE), env.ENDPOINTS, runtime.stage()
        ),
        clock=utc_now,
    )
