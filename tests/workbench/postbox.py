"""Mail and notices that keep what was sent, in the place of SES and SNS."""

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, ClassVar

from pydantic import BaseModel

from followthrough.contracts.call import Answer, Call
from followthrough.contracts.evidence import Evidence
from followthrough.contracts.manifest import Operation
from followthrough.contracts.messaging import NewMail, NewNotice, Sent
from followthrough.integration.ses.adapter import Ses
from followthrough.integration.ses.settings import SesSecret, SesSettings
from followthrough.integration.sns.adapter import Sns
from followthrough.integration.sns.settings import SnsSecret, SnsSettings

if TYPE_CHECKING:
    from followthrough.errors import OutcomeUnknown, SystemFailure


def published(tenant: str, message: str, event: str) -> str:
    """Return what SES publishes about a mail, as far as anybody reads it."""
    return json.dumps({"eventType": event, "mail": {"messageId": message, "tags": {"tenant": [tenant]}}})


class Postbox:
    """What mail and notices have in common: `sent` in order; each of `failures` befalls one call, the oldest first.

    A failure in `after` befalls a call that has been done.
    """

    name: ClassVar[str] = ""

    def __init__(self, settings: object = None, secret: object = None, endpoint: str | None = None) -> None:
        self.sent: list[BaseModel] = []
        self.failures: list[SystemFailure] = []
        self.after: list[OutcomeUnknown] = []

    def run(self, operation: str, request: BaseModel, call: Call) -> Answer:
        """Keep it, or fail."""
        if self.failures:
            raise self.failures.pop(0)
        self.sent.append(request)
        if self.after:
            raise self.after.pop(0)
        identity = f"{self.name}-{len(self.sent)}"
        return Answer(Sent(id=identity, status="accepted"), Evidence(id=identity, status="accepted", at=call.now))

    def read_back(self, operation: str, request: BaseModel, call: Call) -> Answer | None:
        """Nothing can be looked up, as in the real ones."""
        raise ValueError(f"{self.name}: {operation} is not settled by reading back")


class MailBox(Postbox):
    """Mail."""

    name: ClassVar[str] = "ses"
    Settings: ClassVar[type[BaseModel]] = SesSettings
    Secret: ClassVar[type[BaseModel]] = SesSecret
    operations: ClassVar[Mapping[str, Operation]] = Ses.operations

    def __init__(self, settings: object = None, secret: object = None, endpoint: str | None = None) -> None:
        super().__init__(settings, secret, endpoint)
        self.bouncing: set[str] = set()
        """Addresses that do not exist."""
        self._reported = 0

    def due_reports(self, tenant: str) -> list[str]:
        """Return what SES publishes about the mails that were sent since it was last asked."""
        first, self._reported = self._reported, len(self.sent)
        return [self._report(tenant, number) for number in range(first, len(self.sent))]

    def _report(self, tenant: str, number: int) -> str:
        mail = self.sent[number]
        assert isinstance(mail, NewMail)
        bounces = mail.to in self.bouncing
        return published(tenant, f"{self.name}-{number + 1}", "Bounce" if bounces else "Delivery")

    def bodies(self, to: str = "") -> list[str]:
        """Return the mails to an address, or all."""
        return [it.body for it in self.sent if isinstance(it, NewMail) and to in {"", it.to}]


class NoticeBoard(Postbox):
    """Notices."""

    name: ClassVar[str] = "sns"
    Settings: ClassVar[type[BaseModel]] = SnsSettings
    Secret: ClassVar[type[BaseModel]] = SnsSecret
    operations: ClassVar[Mapping[str, Operation]] = Sns.operations

    def bodies(self, topic: str = "") -> list[str]:
        """Return the notices on a topic, or all."""
        return [it.body for it in self.sent if isinstance(it, NewNotice) and topic in {"", it.topic}]
