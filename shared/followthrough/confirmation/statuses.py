"""What a provider's word on a message says about the confirmation that it carries.

Twilio's statuses: https://www.twilio.com/docs/messaging/api/message-resource#message-status-values
SES's events: https://docs.aws.amazon.com/ses/latest/dg/event-publishing-retrieving-sns-contents.html
"""

from collections.abc import Mapping
from typing import Final

OF_MAIL: Final[Mapping[str, str]] = {
    "Delivery": "delivered",
    "Complaint": "complained",
    "Bounce": "bounced",
    "Reject": "rejected",
    "Rendering Failure": "not_rendered",
}
"""SES's event to our word for it; every other event settles nothing.

Who complains about a mail has got it. A bounce is the last word even where SES calls it transient: "soft bounces are
only included when SES fails to deliver the email after retrying for a period of time", and until then it tells of a
DeliveryDelay. Source: https://docs.aws.amazon.com/cdk/api/v2/python/aws_cdk.aws_ses/EmailSendingEvent.html
"""

DELIVERED: Final = frozenset({"delivered", "read", "complained"})
FAILED: Final = frozenset({"undelivered", "failed", "canceled", "bounced", "rejected", "not_rendered"})
FINAL: Final = DELIVERED | FAILED
