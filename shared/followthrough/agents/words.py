"""Which values expressions and messages may use, and how a case's words are rendered."""

from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel

from followthrough.agents.work import Case
from followthrough.tenant.expressions import evaluate, is_expression
from followthrough.tenant.models import Wording
from followthrough.tenant.templates import render


def variables(case: Case) -> dict[str, Any]:
    """Return everything that is known now, by the names that expressions and messages use.

    A step's variable is there only when the step was done, so no words can claim what has no evidence.
    """
    interaction = case.interaction()
    return {
        "tenant": {"name": case.tenant.name},
        "reference": case.context.reference,
        "interaction": {
            "channel": interaction.channel.value,
            "text": interaction.text,
            "received_at": interaction.received_at.isoformat(),
            "sender": {"phone": interaction.sender.phone},
        },
        "inputs": case.context.inputs,
        **({"service": {"title": spoken(case, case.service.title)}} if case.context.service else {}),
        **case.context.variables,
    }


def spoken(case: Case, wording: Wording) -> str:
    """Return a plain wording in the customer's language, else in the tenant's first one."""
    return wording.get(case.context.language) or wording[case.tenant.languages[0]]


def words(case: Case, message: str, more: Mapping[str, Any] | None = None, language: str | None = None) -> str:
    """Render one of the tenant's messages in the customer's language, or in `language`."""
    return render(
        case.tenant.messages[message],
        language or case.context.language,
        {**variables(case), **(more or {})},
        case.tenant.currency,
        case.tenant.time_zone,
    )


def fill(case: Case, takes: type[BaseModel], values: Mapping[str, Any], extra: Mapping[str, Any]) -> BaseModel:
    """Build an operation's request: `with:` evaluated, and what the step itself adds.

    An optional field whose variable is not there (the step before it was not reached) stays empty.
    """
    known = variables(case)
    filled = {
        name: evaluate(value, known) if is_expression(value) else value
        for name, value in values.items()
        if takes.model_fields[name].is_required() or _has_values(value, known)
    }
    return takes.model_validate({**filled, **extra})
