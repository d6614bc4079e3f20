"""What came in: one interaction, whatever the channel."""

from typing import Annotated

from pydantic import AwareDatetime, BaseModel, ConfigDict

from followthrough.contracts.consent import Signal
from followthrough.personal import PERSONAL, PersonalText


class Sender(BaseModel):
    """Who speaks: `phone` in E.164, known to the ledger only by the random id `subject`."""

    model_config = ConfigDict(frozen=True)

    subject: str
    phone: Annotated[str | None, PERSONAL] = None


class Interaction(BaseModel):
    """One thing that a party said to a tenant.

    `id` is `<channel>-<provider's message id>`: the same message delivered twice is the same interaction.
    `recipient` is the tenant's own address that was spoken to; `signal` what the party says of being written to at all,
    `aside` why it is kept and neither answered nor acted on. Times are aware UTC.
    """

    model_config = ConfigDict(frozen=True)

    id: str
    tenant: str
    channel: str
    sender: Sender
    recipient: str
    text: PersonalText
    received_at: AwareDatetime
    signal: Signal | None = None
    aside: str | None = None
