"""Whether a party wants to be written to, and the words by which they say so that a provider acts on by itself."""

from typing import Final, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict

Signal = Literal["stop", "start", "help", "flood"]
"""A message that is about being written to at all, and not about any service; `flood` is one too many."""

BLOCKING: Final = frozenset({"stop", "stopall", "unsubscribe", "cancel", "end", "quit", "revoke", "optout"})
"""Words that, alone in a text, have the provider block every further text to the number, unless it was told otherwise:
then a text is refused until the customer sends "start".

Sources: https://help.twilio.com/articles/223134027 ("Twilio Support for Opt-out Keywords") and
https://www.twilio.com/docs/messaging/tutorials/advanced-opt-out
"""


class Consent(BaseModel):
    """What a party said last of being written to: since when, and by what (`sms-SM...`, an interaction, which has the
    words; or `effect ...`, which their provider refused).
    """

    model_config = ConfigDict(frozen=True)

    given: bool
    since: AwareDatetime
    source: str
