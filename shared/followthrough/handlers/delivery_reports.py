"""What providers report on our messages: read by the channel or the vendor, taken by the confirmation layer."""

from collections.abc import Callable
from typing import Any

from aws_lambda_powertools import Logger

from followthrough.confirmation.receipts import take
from followthrough.engine.ports import Ports
from followthrough.errors import Malformed
from followthrough.handlers.invocation import Invocation, seconds_for_systems
from followthrough.handlers.traces import name_of, where
from followthrough.integration.credentials import Secrets
from followthrough.integration.limits import within
from followthrough.integration.ses.reports import read_mail_report
from followthrough.interaction.channel import Channel
from followthrough.interaction.post import Post
from followthrough.interaction.reception import read_report
from followthrough.runtime import ports

_log = Logger(service="followthrough")


class ReportsLeftError(Exception):
    """Some reports could not be taken. Lambda calls twice more with the same event, and to take a report again changes
    nothing.
    """


def receive_report(channel: Channel, post: Post, ports: Ports, secrets: Secrets) -> None:
    """Accept what a channel's provider posts about a message. Raises NotAccepted."""
    report = read_report(channel, post, ports.releases, secrets)
    if report is not None:
        take(ports, report)


def receive_mail_report(text: str, ports: Ports) -> None:
    """Accept what SES published about a mail. Raises Malformed."""
    report = read_mail_report(text)
    if report is not None:
        take(ports, report)


def mail_report_entry(
    receive: Callable[[str, Ports], None] = receive_mail_report,
) -> Callable[[dict[str, Any], Invocation], None]:
    """Make the handler of SNS's notifications: one report that cannot be taken does not keep the others waiting."""

    def handler(event: dict[str, Any], context: Invocation) -> None:
        with within(seconds_for_systems(context)):
            left = [record["Sns"]["MessageId"] for record in event["Records"] if not _received(record["Sns"], receive)]
        if left:
            raise ReportsLeftError(", ".join(left))

    return handler


def _received(notification: dict[str, Any], receive: Callable[[str, Ports], None]) -> bool:
    about = {"notification": notification["MessageId"]}
    try:
        receive(notification["Message"], ports())
    except Malformed as malformed:
        _log.error("mail report refused", extra={"error": str(malformed), **about})
        return False
    except Exception as error:  # noqa: BLE001  whatever it is, the other reports come next
        _log.error("taking a mail report broke", extra={"error": name_of(error), "at": where(error), **about})
        return False
    return True
