"""What a tenant and its stage say of the mail it sends."""

from pydantic import BaseModel, ConfigDict, Field

from followthrough.contracts.settings import FromStage


class SesSettings(BaseModel):
    """`from` is a verified address. `configuration_set` has SES report deliveries and bounces."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)

    sender: str = Field(alias="from", min_length=3)
    configuration_set: FromStage = ""


class SesSecret(BaseModel):
    """None: the function's own role may send."""

    model_config = ConfigDict(frozen=True, extra="forbid")
