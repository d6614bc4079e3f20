"""What SES says became of a mail, read from the events that it publishes to a topic.

Source: https://docs.aws.amazon.com/ses/latest/dg/event-publishing-retrieving-sns-contents.html
"""

from dataclasses import dataclass

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from followthrough.errors import Malformed

_GREETING = "Successfully validated SNS topic for Amazon SES event publishing."
"""What SES publishes once, when its event destination is made; no event, and documented nowhere."""


@dataclass(frozen=True)
class MailReport:
    """SES's word (its `eventType`) on the mail with this id, which it sent for a tenant."""

    tenant: str
    message: str
    event: str


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


def read_mail_report(text: str) -> MailReport | None:
    """Read what SES published; None when it concerns no tenant. Raises Malformed, whose message quotes nothing: the
    event holds addresses.
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
    return MailReport(tenants[0], event.mail.message, event.kind) if tenants else None
