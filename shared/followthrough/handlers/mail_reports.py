"""The handler of what SES publishes about mails."""

from collections.abc import Callable
from typing import Any

from aws_lambda_powertools import Logger

from followthrough.agents.work import Ports
from followthrough.confirmation.mail_reports import read_mail_report
from followthrough.confirmation.statuses import OF_MAIL
from followthrough.errors import Malformed
from followthrough.handlers.traces import name_of, where
from followthrough.runtime import ports

Take = Callable[[Ports, str, str, str], None]
"""Takes a status by tenant and the message's provider id."""

_log = Logger(service="followthrough")


class ReportsLeftError(Exception):
    """Some reports could not be taken. Lambda calls twice more with the same event, and to take a report again changes
    nothing.
    """


def mail_report_entry(take: Take) -> Callable[[dict[str, Any], object], None]:
    """Make the handler of SNS's notifications: one report that cannot be taken does not keep the others waiting."""

    def handler(event: dict[str, Any], _context: object) -> None:
        left = [record["Sns"]["MessageId"] for record in event["Records"] if not _taken(record["Sns"], take)]
        if left:
            raise ReportsLeftError(", ".join(left))

    return handler


def _taken(notification: dict[str, Any], take: Take) -> bool:
    about = {"notification": notification["MessageId"]}
    try:
        report = read_mail_report(notification["Message"])
        if report is not None and report.event in OF_MAIL:
            take(ports(), report.tenant, report.message, OF_MAIL[report.event])
    except Malformed as malformed:
        _log.error("mail report refused", extra={"error": str(malformed), **about})
        return False
    except Exception as error:  # noqa: BLE001  whatever it is, the other reports come next
        _log.error("taking a mail report broke", extra={"error": name_of(error), "at": where(error), **about})
        return False
    return True
