"""What the records are made of that operations take and give, one file for each kind of system.

Money is integer minor units, times are aware UTC, phone numbers E.164. An effect's id is a hash over the JSON of its
request, so a *field* that is renamed changes the ids of effects in flight: classes may be renamed, fields may not.
"""

from typing import Annotated

from pydantic import BaseModel, ConfigDict

from followthrough.personal import PERSONAL

OptionalPersonal = Annotated[str | None, PERSONAL]


class Question(BaseModel):
    """Base of what operations take: unknown fields are the operator's typo, so they are refused."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Given(BaseModel):
    """Base of what operations give."""

    model_config = ConfigDict(frozen=True)
