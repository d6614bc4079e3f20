"""The smallest parts of the tenant language: names, expressions, wordings, spans of time, values, refusals."""

from datetime import timedelta
from decimal import Decimal
from typing import Annotated, Any, Final, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Discriminator, StringConstraints, Tag

from followthrough.tenant.duration import parse_duration

Name = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
"""A name that may be used in expressions: lower case, digits and underscores."""

Expression = Annotated[str, StringConstraints(pattern=r"^=", max_length=1000)]
Wording = dict[str, str]
"""A text in each language, by language code."""

WORD: Final = r"^[^\W\d_]+$"
"""One word: letters of any language, and nothing else."""

OperationName = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*$")]
"""`<system>.<operation>`, for example `calendar.hold`."""

Duration = Annotated[timedelta, BeforeValidator(parse_duration)]
"""Written as "15 minutes", "2 hours" or "1 day"."""


def _exact(value: Any) -> Any:
    """Keep decimals as the text that was written: exact, and the same again when a stored release is read."""
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, dict):
        return {key: _exact(part) for key, part in value.items()}
    return [_exact(part) for part in value] if isinstance(value, list) else value


Value = Annotated[Any, BeforeValidator(_exact)]
"""A literal, an expression, or a list or mapping of these."""


class Part(BaseModel):
    """Base of every part of the language."""

    model_config = ConfigDict(extra="forbid", populate_by_name=True, frozen=True)


TAG: Final = "one of: "
"""How the tags of unions begin, so that no tag can be mistaken for a key in the path of a mistake."""


def by_key(*keys: str) -> Discriminator:
    """Choose among models by the key that only one of them has, so that a mistake is told once and not per model."""

    def choose(value: object) -> str:
        names = value if isinstance(value, dict) else type(value).model_fields if isinstance(value, Part) else ()
        return TAG + next((key for key in names if key in keys), "unknown").replace(" ", "_")

    return Discriminator(choose)


def word_or_refuse(value: object) -> str:
    """Choose between a word and a mapping that refuses."""
    return TAG + ("refuse" if isinstance(value, dict | Part) else "word")


def _irreversible(value: object) -> object:
    """Only `true` or a reason: what can be undone says nothing."""
    if value is True or (isinstance(value, str) and " " in value.strip()):
        return value
    raise ValueError("write `irreversible: true`, or a sentence that says why it may stand although a later step fails")


Irreversible = Annotated[bool | str, BeforeValidator(_irreversible)]
"""`true`, or why what was done may stand although a later step fails."""


class Refuse(Part):
    """End the chain with a refusal; the message explains it to the customer."""

    refuse: Name


CreateOrRefuse = Annotated[
    Annotated[Literal["create"], Tag(TAG + "word")] | Annotated[Refuse, Tag(TAG + "refuse")],
    Discriminator(word_or_refuse),
]
TellOrRefuse = Annotated[
    Annotated[str, StringConstraints(pattern=r"^tell [a-z][a-z0-9_]*$"), Tag(TAG + "word")]
    | Annotated[Refuse, Tag(TAG + "refuse")],
    Discriminator(word_or_refuse),
]
