"""What we read of a provider's answer, as a schema: what does not fit is a failure of the system, with its place.

One boundary for every adapter (anti-corruption layer): behind it are our models, and no KeyError.
"""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Annotated, Any, Final, TypeVar

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, StringConstraints, ValidationError
from pydantic_core import from_json

from followthrough.errors import OutcomeUnknown, SystemFailure, Unreachable

MALFORMED: Final = "malformed_answer"

Id = Annotated[str, StringConstraints(min_length=1, max_length=255)]
"""What a provider calls a record."""


def _in_utc(moment: datetime) -> datetime:
    if not FIRST_YEAR <= moment.year <= LAST_YEAR:
        raise ValueError("no time that anything happens at")
    return moment.astimezone(UTC)


FIRST_YEAR, LAST_YEAR = 1970, 2999

Moment = Annotated[AwareDatetime, AfterValidator(_in_utc)]
"""A time with its zone, in UTC from here on."""

Text = Annotated[str, StringConstraints(max_length=10_000)]
"""Words of theirs that are kept: a context with all that it holds has to fit into the ledger's items."""


class Shape(BaseModel):
    """Base of what is read of an answer. Nothing is converted that is not what JSON says, and what is not read may be
    anything: providers add fields as they like.
    """

    model_config = ConfigDict(frozen=True, strict=True, extra="ignore")


AnyShape = TypeVar("AnyShape", bound=Shape)


def read(shape: type[AnyShape], answer: bytes | Mapping[str, Any], system: str, *, write: bool) -> AnyShape:
    """Read an answer: JSON as it came, or what a vendor's package made of it.

    Raises Unreachable for a read, which may be repeated, and OutcomeUnknown for a write: each names the field and what
    was expected there, never what was found.
    """
    try:
        return shape.model_validate_json(answer) if isinstance(answer, bytes) else shape.model_validate(answer)
    except ValidationError as wrong:
        raise malformed(system, _where(wrong), write=write) from None


def is_word(code: object) -> bool:
    """Tell whether something is a code, and no text of theirs that might quote anybody."""
    return isinstance(code, str) and re.fullmatch(r"[A-Za-z0-9_.-]{1,64}", code) is not None


def is_object(answer: bytes) -> bool:
    """Tell whether an answer is a JSON object, and not deeper than any real one: vendors' packages recurse through
    it.
    """
    try:
        return isinstance(from_json(answer, allow_inf_nan=False), dict)
    except ValueError:
        return False


def malformed(system: str, detail: str, *, write: bool) -> SystemFailure:
    """Return the failure that an answer stands for which cannot be read."""
    return (OutcomeUnknown if write else Unreachable)(system, MALFORMED, detail)


def _where(wrong: ValidationError) -> str:
    """Name the first place that does not fit. A key of theirs may be anybody's name, so it is a star."""
    error = wrong.errors(include_url=False, include_context=False, include_input=False)[0]
    place = [str(it) if isinstance(it, int) or re.fullmatch(r"[A-Za-z_]{1,40}", it) else "*" for it in error["loc"]]
    return f"{'.'.join(place) or 'answer'}: {error['type']}"
