"""What has to be looked at again, and when, should nobody finish it before."""

from datetime import datetime, timedelta
from typing import Annotated, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from followthrough.ledger.models import ExecutionContext

UNREAD = timedelta(seconds=30)
"""How long a message may lie in an inbox before somebody is reminded of it; ingress takes a second."""

IDLE = timedelta(minutes=2)
"""How long an execution may have saved nothing before its machine is looked for; a new start is visible well before."""


class DueExecution(BaseModel):
    """An execution that is not closed."""

    model_config = ConfigDict(frozen=True)

    kind: Literal["execution"] = "execution"
    tenant: str
    execution: str
    at: AwareDatetime


class DueMessage(BaseModel):
    """A message that no execution has taken."""

    model_config = ConfigDict(frozen=True)

    kind: Literal["message"] = "message"
    tenant: str
    subject: str
    interaction: str
    received_at: AwareDatetime
    at: AwareDatetime


Due = Annotated[DueExecution | DueMessage, Field(discriminator="kind")]
"""Something to be looked at, and `at` what moment."""


def execution_due(context: ExecutionContext, saved_at: datetime) -> datetime | None:
    """Return when an execution falls due that is saved now; None for one that is closed."""
    return saved_at + IDLE if context.closed_at is None else None
