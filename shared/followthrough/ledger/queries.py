"""What can be asked of the ledger across executions, and the answers. Nothing in them is personal."""

from datetime import date, datetime
from typing import Self

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, model_validator

from followthrough.ledger.models import Status, Summary

_OWN_REFERENCE = 8
_HEX = frozenset("0123456789abcdefABCDEF")
_BY = ("day", "party", "service", "status", "reference")


class Query(BaseModel):
    """Which executions: those of one `day` (UTC), `party` (a subject's id), `service`, `status` or `reference` (what a
    provider calls anything that was done in them: a payment, a booking, a text; or our own eight characters).

    `since` and `until` limit when they were opened, the first included and the last not. `after` is the `next` of the
    page before. Raises ValueError unless exactly one criterion is given and the rest goes with it.
    """

    model_config = ConfigDict(frozen=True)

    day: date | None = None
    party: str | None = Field(default=None, min_length=1)
    service: str | None = Field(default=None, min_length=1)
    status: Status | None = None
    reference: str | None = Field(default=None, min_length=1)
    since: AwareDatetime | None = None
    until: AwareDatetime | None = None
    limit: int = Field(default=100, ge=1, le=1000)
    after: str | None = Field(default=None, pattern=r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z#.+$")

    @property
    def by(self) -> tuple[str, str]:
        """The criterion and its value: `("day", "2026-11-22")`."""
        ((name, value),) = ((name, getattr(self, name)) for name in _BY if getattr(self, name) is not None)
        return name, reference_key(value) if name == "reference" else str(value)

    @model_validator(mode="after")
    def _one_criterion(self) -> Self:
        given = [name for name in _BY if getattr(self, name) is not None]
        if len(given) != 1:
            raise ValueError(f"ask by one of {', '.join(_BY)}, not by {' and '.join(given) or 'none'}")
        if self.since is not None and self.until is not None and self.since >= self.until:
            raise ValueError("since comes before until")
        if self.after is not None and not self._has(datetime.fromisoformat(self.after.partition("#")[0])):
            raise ValueError("after is the end of a page of another query")
        return self

    def _has(self, opened_at: datetime) -> bool:
        began = self.since is None or opened_at >= self.since
        return began and (self.until is None or opened_at < self.until) and self.day in {None, opened_at.date()}


class Page(BaseModel):
    """Some executions, newest first; `next` is where the next page begins (`Query.after`), None when there is none."""

    model_config = ConfigDict(frozen=True)

    executions: list[Summary]
    next: str | None = None


def reference_key(reference: str) -> str:
    """Return a reference as it is looked up: people write our own eight hexadecimal characters as they like."""
    own = len(reference) == _OWN_REFERENCE and _HEX.issuperset(reference)
    return reference.upper() if own else reference
