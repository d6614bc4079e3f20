"""What a tenant says of its Twilio account, and what it keeps secret."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from followthrough.integration.credentials import Credential

Number = Annotated[str, StringConstraints(pattern=r"^\+[1-9]\d{6,14}$")]


class TwilioSettings(BaseModel):
    """`from` is the tenant's number at Twilio, in E.164."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)

    sender: Number = Field(alias="from")


class TwilioSecret(BaseModel):
    """The account and its auth token."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    account_sid: str
    auth_token: Credential
