"""What SES's errors mean for us: what every AWS service's mean.

Sources: https://docs.aws.amazon.com/ses/latest/APIReference-V2/API_SendEmail.html#API_SendEmail_Errors and
https://docs.aws.amazon.com/ses/latest/dg/manage-sending-quotas-errors.html
"""

from functools import partial
from typing import Final

from followthrough.integration import aws

NAME: Final = "ses"

translated = partial(aws.translated, NAME)
"""Raise the SystemFailure that stands for whatever a write to SES raises inside the block."""
