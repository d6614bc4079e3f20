"""The mark that a model's field holds personal data.

A field typed `Annotated[str, PERSONAL]` is encrypted under its subject's key wherever it is stored, and never logged.
"""

from collections.abc import Iterator
from typing import Annotated, Any, Final

from pydantic import BaseModel


class _Personal:
    """Marks a field; there is one instance."""

    def __repr__(self) -> str:
        return "PERSONAL"


PERSONAL: Final = _Personal()

PersonalText = Annotated[str, PERSONAL]
PersonalFacts = Annotated[dict[str, Any], PERSONAL]


def personal_fields(model: type[BaseModel]) -> Iterator[str]:
    """Name the fields of `model` that are marked personal (also where the mark stands inside an optional)."""
    for name, field in model.model_fields.items():
        if PERSONAL in field.metadata or "PERSONAL" in repr(field.annotation):
            yield name
