"""What a tenant says of its Cal.com account, and what it keeps secret."""

from datetime import timedelta
from typing import Final

from pydantic import BaseModel, ConfigDict, Field

from followthrough.integration.credentials import Credential

LONGEST_HOLD: Final = timedelta(minutes=15)


class CalComSettings(BaseModel):
    """The event type that is booked, and for how many minutes a slot is held while the customer makes up their mind.

    The event type must ask for a phone number and not require a mail address (customers who text have none), nor
    answers that nobody is asked for; it must not wait for the host's confirmation, offer seats, repeat, or take a price
    of its own. Publishing asks Cal.com whether that is so: see readiness.py.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    event_type: int
    hold_minutes: int = Field(default=15, ge=1, le=LONGEST_HOLD // timedelta(minutes=1))


class CalComSecret(BaseModel):
    """An API key of the event type's owner or of a member of its team."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    api_key: Credential
