"""A step's `with`, filled with values when it runs."""

from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel

from followthrough.tenant.expressions import NotEvaluated, compile_expression, evaluate
from followthrough.tenant.home import Home
from followthrough.tenant.money import to_minor
from followthrough.tenant.types import Maybe, Plain, Scope, of_model

WORDS = ("text", "body")
"""The fields in which operations take words: a step's `say` fills the one that its operation has."""


def words_field(takes: type[BaseModel]) -> str | None:
    """Return the field that a step's `say` fills, None when the operation takes no words."""
    return next((name for name in WORDS if name in takes.model_fields), None)


def fill(
    with_: Mapping[str, Any], takes: type[BaseModel], scope: Scope, variables: Mapping[str, Any], home: Home
) -> dict[str, Any]:
    """Return the values of those keys that `takes` has, as JSON values ready for `takes.model_validate`.

    Amounts written as literals become minor units. What may be missing and is missing is left out. Raises NotEvaluated.
    """
    fields = of_model(takes).fields
    filled: dict[str, Any] = {}
    for name, value in with_.items():
        if name not in fields or _is_missing(value, scope, variables, home):
            continue
        wanted = fields[name]
        of = wanted.of if isinstance(wanted, Maybe) else wanted
        literal_money = of is Plain.MONEY and not _is_expression(value)
        filled[name] = to_minor(value, home.currency) if literal_money else _value(value, scope, variables, home)
    return filled


def _value(value: Any, scope: Scope, variables: Mapping[str, Any], home: Home) -> Any:
    if _is_expression(value):
        return evaluate(value, scope, variables, home)
    if isinstance(value, Mapping):
        return {name: _value(part, scope, variables, home) for name, part in value.items()}
    return [_value(item, scope, variables, home) for item in value] if isinstance(value, list) else value


def _is_missing(value: Any, scope: Scope, variables: Mapping[str, Any], home: Home) -> bool:
    if not _is_expression(value) or not isinstance(compile_expression(value, scope, home).type, Maybe):
        return False
    try:
        return evaluate(value, scope, variables, home) is None
    except NotEvaluated:
        return True


def _is_expression(value: object) -> bool:
    return isinstance(value, str) and value.startswith("=")
