"""What SNS's errors mean for us: what every AWS service's mean.

Source: https://docs.aws.amazon.com/sns/latest/api/API_Publish.html#API_Publish_Errors
"""

from functools import partial
from typing import Final

from followthrough.integration import aws

NAME: Final = "sns"

translated = partial(aws.translated, NAME)
"""Raise the SystemFailure that stands for whatever a write to SNS raises inside the block."""
