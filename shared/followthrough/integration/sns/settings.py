"""What a stage says of its tenants' topics."""

from pydantic import BaseModel, ConfigDict

from followthrough.contracts.settings import FromStage


class SnsSettings(BaseModel):
    """`topic_arn_prefix` is what stands before the tenant's name in its topics' ARNs."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    topic_arn_prefix: FromStage = ""


class SnsSecret(BaseModel):
    """None: the function's own role may publish."""

    model_config = ConfigDict(frozen=True, extra="forbid")
