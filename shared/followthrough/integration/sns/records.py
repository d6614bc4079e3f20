"""SNS's notices, and what they are to us: translations in both directions.

Source: https://docs.aws.amazon.com/sns/latest/api/API_Publish.html
"""

from typing import TYPE_CHECKING, Final

from followthrough.contracts.call import Answer, Call
from followthrough.contracts.evidence import Evidence
from followthrough.contracts.messaging import NewNotice, Sent, topic_name
from followthrough.integration.aws import Accepted, headers
from followthrough.integration.reply import answered_at
from followthrough.integration.shapes import read
from followthrough.integration.sns.failures import NAME
from followthrough.integration.sns.settings import SnsSettings

if TYPE_CHECKING:
    from mypy_boto3_sns.type_defs import PublishInputTypeDef, PublishResponseTypeDef

SUBJECT_LENGTH: Final = 99
"""A subject must be shorter than 100 characters, in one line. Source: .../API_Publish.html"""


def notice_payload(settings: SnsSettings, request: NewNotice, call: Call) -> "PublishInputTypeDef":
    """Ours to theirs: a notice to one of the tenant's own topics."""
    return {
        "TopicArn": f"{settings.topic_arn_prefix}{topic_name(call.tenant, request.topic)}",
        "Subject": _subject(request.subject),
        "Message": request.body,
    }


def notice_answer(response: "PublishResponseTypeDef", call: Call) -> Answer:
    """Theirs to ours: SNS's id for the notice, dated by its own clock."""
    identity = read(Accepted, response, NAME, write=True).id
    at = answered_at(headers(response), call.now)
    return Answer(Sent(id=identity, status="accepted"), Evidence(id=identity, status="accepted", at=at))


def _subject(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= SUBJECT_LENGTH else f"{line[: SUBJECT_LENGTH - 1]}…"
