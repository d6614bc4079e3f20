"""What a tenant and its stage say of the mail it sends."""

from pydantic import BaseModel, ConfigDict, Field

from followthrough.contracts.address import Address
from followthrough.contracts.settings import FromStage, ManyFromStage


class SesSettings(BaseModel):
    """`from` is a verified address, one of the `senders` that were given to the tenant or of a domain among them: what
    is verified is so for the whole account. `configuration_set` has SES report deliveries and bounces.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)

    sender: Address = Field(alias="from")
    configuration_set: FromStage = ""
    senders: ManyFromStage = ()


class SesSecret(BaseModel):
    """None: the function's own role may send."""

    model_config = ConfigDict(frozen=True, extra="forbid")
