"""Which values expressions and messages may use at a case's step, and how its words are rendered."""

from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel

from followthrough.engine.case import Case
from followthrough.ledger.models import Status
from followthrough.tenant import expressions, filling, scopes, templates
from followthrough.tenant.formats import formats_for, in_language
from followthrough.tenant.types import Scope


def variables(case: Case, language: str | None = None) -> dict[str, Any]:
    """Return everything that is known now, by the names that expressions and messages use.

    A step's variable is there only when the step was done, so no words can claim what has no evidence. The service's
    title is in `language`, the customer's if none is said.
    """
    interaction = case.interaction
    context = case.context
    formats = formats_for(case.tenant, language or context.language)
    service = {"service": {"title": in_language(case.service.title, formats)}} if context.service else {}
    return {
        "tenant": {"name": case.tenant.name},
        "language": context.language,
        "reference": context.reference,
        "now": case.now.isoformat(),
        "interaction": {
            "channel": interaction.channel,
            "text": interaction.text,
            "received_at": interaction.received_at.isoformat(),
            "sender": {"phone": interaction.sender.phone},
        },
        "inputs": context.inputs,
        **service,
        **context.variables,
    }


def scope(case: Case, at: str | None = None) -> Scope:
    """Return the types of what is known: at a step of the chain (by its name, else the step in hand), or when
    everything is over.
    """
    operations = case.ports.systems.operations()
    if case.context.status not in {Status.OPEN, Status.COMPLETED} or case.context.service is None:
        return scopes.otherwise(case.tenant, operations)
    name = at or case.work.step
    step = name if any(it.name == name for it in case.service.steps) else None
    return scopes.before(case.tenant, case.service, step, operations)


def evaluate(case: Case, expression: str, at: str | None = None) -> Any:
    """Return an expression's value at a step, else at the step in hand. Raises NotEvaluated."""
    return expressions.evaluate(expression, scope(case, at), variables(case), case.tenant.home)


def holds(case: Case, expression: str, at: str | None = None) -> bool:
    """Tell whether a condition holds at a step, else at the step in hand; only a true truth does."""
    return evaluate(case, expression, at) is True


def worded(case: Case, message: str, more: Mapping[str, Any] | None = None, language: str | None = None) -> str:
    """Render one of the tenant's messages in the customer's language, or in `language`."""
    formats = formats_for(case.tenant, language or case.context.language)
    return templates.render(case.tenant.messages[message], formats, {**variables(case, language), **(more or {})})


def fill(case: Case, takes: type[BaseModel], values: Mapping[str, Any], said: str | None = None) -> BaseModel:
    """Build an operation's request: its `with:` evaluated, and the words that the step says, if any."""
    filled = filling.fill(values, takes, scope(case), variables(case), case.tenant.home)
    field = filling.words_field(takes)
    return takes.model_validate({**filled, **({field: said} if field and said is not None else {})})
