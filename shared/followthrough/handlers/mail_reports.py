"""The handler of what SES publishes about mails."""

from collections.abc import Callable
from typing import Any

from aws_lambda_powertools import Logger

from followthrough.engine.ports import Ports
from followthrough.errors import Malformed
from followthrough.handlers.traces import name_of, where
from followthrough.runtime import ports

_log = Logger(service="followthrough")


class ReportsLeftError(Exception):
    """Some reports could not be taken. Lambda calls twice more with the same event, and to take a report again changes
    nothing.
    """


def mail_report_entry(
    receive: Callable[[str, Ports], None],
) -> Callable[[dict[str, Any], object], None]:
    """Make the handler of SNS's notifications: one report that cannot be taken does not keep the others waiting."""

    def handler(event: dict[str, Any], _context: object) -> None:
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
