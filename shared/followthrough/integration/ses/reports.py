"""What SES says became of a mail, read from the events that it publishes to a topic.

Source: https://docs.aws.amazon.com/ses/latest/dg/event-publishing-retrieving-sns-contents.html
"""

from collections.abc import Mapping
from typing import Final

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from followthrough.contracts.report import DeliveryReport, Settled
from followthrough.errors import Malformed

_GREETING = "Successfully validated SNS topic for Amazon SES event publishing."
"""What SES publishes once, when its event destination is made; no event, and documented nowhere."""


SETTLED: Final[Mapping[str, Settled]] = {
    "Delivery": "delivered",
    "Complaint": "complained",
    "Bounce": "bounced",
    "Reject": "rejected",
    "Rendering Failure": "not_rendered",
}
"""SES's event (its `eventType`) to our word for it; every other event settles nothing.

A bounce is the last word even where SES calls it transient: "soft bounces are only included when SES fails to deliver
the email after retrying for a period of time", and until then it tells of a DeliveryDelay.
Source: https://docs.aws.amazon.com/cdk/api/v2/python/aws_cdk.aws_ses/EmailSendingEvent.html
"""


class _Mail(BaseModel):
    """The mail that an event is about; SES adds fields as it likes. A tag may have several values."""

    model_config = ConfigDict(frozen=True)

    message: str = Field(alias="messageId", min_length=1)
    tags: dict[str, list[str]] = {}


class _Event(BaseModel):
    """One event."""

    model_config = ConfigDict(frozen=True)

    kind: str = Field(alias="eventType", min_length=1)
    mail: _Mail


def read_mail_report(text: str) -> DeliveryReport | None:
    """Read what SES published; None when it concerns no tenant or settles nothing. Raises Malformed, whose message
    quotes nothing: the event holds addresses.
    """
    if text == _GREETING:
        return None
    try:
        event = _Event.model_validate_json(text)
    except ValidationError as wrong:
        places = sorted({".".join(map(str, error["loc"])) or "JSON" for error in wrong.errors(include_input=False)})
        raise Malformed(f"not an event of SES: {', '.join(places)}") from None
    # The adapter tags every mail. One without was sent by hand, with the stage's configuration set.
    tenants = event.mail.tags.get("tenant", [])
    status = SETTLED.get(event.kind)
    return DeliveryReport(tenants[0], event.mail.message, status) if tenants and status else None
