"""SES's mails, and what they are to us: translations in both directions.

Source: https://docs.aws.amazon.com/ses/latest/APIReference-V2/API_SendEmail.html
"""

import re
from typing import TYPE_CHECKING

from followthrough.contracts.call import Answer, Call
from followthrough.contracts.evidence import Evidence
from followthrough.contracts.messaging import NewMail, Sent
from followthrough.integration.aws import Accepted, headers
from followthrough.integration.reply import answered_at
from followthrough.integration.ses.failures import NAME
from followthrough.integration.ses.settings import SesSettings
from followthrough.integration.shapes import read

if TYPE_CHECKING:
    from mypy_boto3_sesv2.type_defs import MessageTagTypeDef, SendEmailRequestTypeDef, SendEmailResponseTypeDef


def mail_payload(settings: SesSettings, request: NewMail, call: Call) -> "SendEmailRequestTypeDef":
    """Ours to theirs: a mail in plain text, tagged with our reference."""
    subject = " ".join(request.subject.split())  # a line break would end the header
    payload: SendEmailRequestTypeDef = {
        "FromEmailAddress": settings.sender,
        "Destination": {"ToAddresses": [request.to]},
        "Content": {
            "Simple": {
                "Subject": {"Data": subject, "Charset": "UTF-8"},
                "Body": {"Text": {"Data": request.body, "Charset": "UTF-8"}},
            }
        },
        # They come back with every report of a delivery or a bounce.
        "EmailTags": [
            _tag("followthrough_reference", call.reference),
            _tag("tenant", call.tenant),
            _tag("execution", call.execution),
        ],
    }
    if settings.configuration_set:
        payload["ConfigurationSetName"] = settings.configuration_set
    return payload


def mail_answer(response: "SendEmailResponseTypeDef", call: Call) -> Answer:
    """Theirs to ours: SES's id for the mail, dated by its own clock."""
    identity = read(Accepted, response, NAME, write=True).id
    at = answered_at(headers(response), call.now)
    return Answer(Sent(id=identity, status="accepted"), Evidence(id=identity, status="accepted", at=at))


def _tag(name: str, value: str) -> "MessageTagTypeDef":
    """Return a tag; SES takes letters, digits, hyphens and underscores only. Source: .../API_MessageTag.html"""
    return {"Name": name, "Value": re.sub(r"[^A-Za-z0-9_-]", "-", value)[:256]}
