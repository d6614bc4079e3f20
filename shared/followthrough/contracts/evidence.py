"""The proof of what a system did."""

from pydantic import AwareDatetime, BaseModel, ConfigDict


class Evidence(BaseModel):
    """The provider's own proof: its id and status of the thing done, and when it said so."""

    model_config = ConfigDict(frozen=True)

    id: str
    status: str
    at: AwareDatetime
