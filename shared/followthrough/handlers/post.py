"""Handlers of what channels' providers post."""

import json
from collections.abc import Callable
from typing import Any

from aws_lambda_powertools import Logger, Metrics
from aws_lambda_powertools.metrics import MetricUnit

from followthrough.engine.ports import Ports
from followthrough.errors import NotAccepted, NotReady
from followthrough.handlers.invocation import Invocation, seconds_for_systems
from followthrough.handlers.traces import name_of, where
from followthrough.integration.credentials import Secrets
from followthrough.integration.limits import within
from followthrough.interaction.channel import Channel
from followthrough.interaction.gateway import read_post
from followthrough.interaction.post import Post
from followthrough.runtime import ports, secrets, settings

_log = Logger(service="followthrough")
_metrics = Metrics(namespace="Followthrough", service="followthrough")


def post_entry(
    channel: Channel, receive: Callable[[Channel, Post, Ports, Secrets], None]
) -> Callable[[dict[str, Any], Invocation], dict[str, Any]]:
    """Make the handler of one of a channel's webhooks. What is accepted is answered as its provider expects."""

    def handler(event: dict[str, Any], context: Invocation) -> dict[str, Any]:
        try:
            with within(seconds_for_systems(context)):
                receive(channel, read_post(event, settings().PUBLIC_URL), ports(), secrets())
        except NotAccepted as refusal:
            _log.warning("not accepted", extra={"status": refusal.status, "error": type(refusal).__name__})
            if isinstance(refusal, NotReady):
                # In CloudWatch's embedded format: an alarm stands on it, for nobody can write to this tenant.
                _metrics.add_metric(name="not_ready", unit=MetricUnit.Count, value=1)
                _metrics.flush_metrics()
                return _answer(refusal.status, "application/json", json.dumps({"error": "not ready: try again"}))
            return _answer(refusal.status, "application/json", json.dumps({"error": str(refusal)}))
        except Exception as error:  # noqa: BLE001  the gateway would answer 500 too, but log the text
            _log.error("receiving broke", extra={"error": name_of(error), "at": where(error)})
            return _answer(500, "application/json", json.dumps({"error": "try again"}))
        return _answer(200, channel.accepted.content_type, channel.accepted.body)

    return handler


def _answer(status: int, content_type: str, body: str) -> dict[str, Any]:
    return {"statusCode": status, "headers": {"content-type": content_type}, "body": body}
