"""Which of an adapter's settings the stage fills in, never a tenant.

A setting typed `FromStage` has the name of a field of `StageSettings`; publishing refuses a tenant that writes one.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Final

from pydantic import BaseModel


class _FromStage:
    """Marks a setting; there is one instance."""

    def __repr__(self) -> str:
        return "FROM_STAGE"


FROM_STAGE: Final = _FromStage()

FromStage = Annotated[str, FROM_STAGE]
ManyFromStage = Annotated[tuple[str, ...], FROM_STAGE]


@dataclass(frozen=True)
class StageSettings:
    """What a stage has for its tenants' systems.

    `topic_arn_prefix` is the ARN of the tenants' topics up to the tenant's name; `configuration_set` the one that all
    mail is sent with; `senders` says from which addresses, and addresses of which domains, a tenant may send mail.
    """

    topic_arn_prefix: str
    configuration_set: str
    senders: Callable[[str], Sequence[str]]

    def setting(self, name: str, tenant: str) -> Any:
        """Return what is filled in for a tenant."""
        value = getattr(self, name)
        return tuple(value(tenant)) if callable(value) else value


def from_stage(settings: type[BaseModel]) -> frozenset[str]:
    """Name the settings that the stage fills in."""
    return frozenset(name for name, field in settings.model_fields.items() if FROM_STAGE in field.metadata)
