"""Decision tables after DMN: the first row whose cells all hold gives the outputs."""

import operator
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final, assert_never

from followthrough.tenant.complaints import never
from followthrough.tenant.expressions import compile_expression, evaluate
from followthrough.tenant.home import Home
from followthrough.tenant.models import OutputType, Table
from followthrough.tenant.money import to_major, to_minor
from followthrough.tenant.types import OneOf, Plain, Scope, Type

_COMPARISON: Final = re.compile(r"(>=|<=|>|<)\s*(-?\d{1,15}(?:\.\d{1,9})?)")
_NUMBER: Final = re.compile(r"-?\d{1,15}(\.\d{1,9})?")
_HOLDS: Final[Mapping[str, Callable[[Any, Any], bool]]] = {
    ">=": operator.ge,
    "<=": operator.le,
    ">": operator.gt,
    "<": operator.lt,
}
_NUMBERS: Final = {Plain.WHOLE, Plain.NUMBER, Plain.MONEY}


@dataclass(frozen=True)
class Verdict:
    """What a table decided: the 0-based row that fired, its outputs as JSON values (money in minor units), the values
    that were looked at and which of them are money, and for every row before it which cell did not hold.
    """

    row: int
    outputs: Mapping[str, Any]
    inputs: Mapping[str, Any]
    money: tuple[str, ...]
    why: tuple[str, ...]


def decide(table: Table, scope: Scope, variables: Mapping[str, Any], home: Home) -> Verdict:
    """Decide by the first row that holds; `otherwise` always does. Cells are compared with amounts as people write
    them, not with minor units. Raises NotEvaluated.
    """
    inputs = {name: evaluate(text, scope, variables, home) for name, text in table.inputs.items()}
    money = tuple(name for name, text in table.inputs.items() if _is_money(text, scope, home))
    written = {name: to_major(it, home.currency) if name in money else it for name, it in inputs.items()}
    why: list[str] = []
    for number, row in enumerate(table.rows):
        failed = next((name for name, cell in (row.if_ or {}).items() if not holds(cell, written[name])), None)
        if failed is None:
            outputs = row.otherwise if row.otherwise is not None else row.then or {}
            return Verdict(number, _outputs(table, outputs, home.currency), inputs, money, tuple(why))
        why.append(f"row {number + 1}: {failed} is not {_cell_in_words((row.if_ or {})[failed])}")
    raise AssertionError("a published table ends with `otherwise`")


def _is_money(text: str, scope: Scope, home: Home) -> bool:
    return compile_expression(text, scope, home).type is Plain.MONEY


def holds(cell: Any, value: Any) -> bool:
    """Whether a cell holds for a value: a literal, one of a list, or a comparison such as ">= 3"."""
    if isinstance(cell, list):
        return any(holds(one, value) for one in cell)
    if value is None or isinstance(value, bool | str):
        return type(cell) is type(value) and bool(cell == value)
    number = Decimal(str(value))
    if isinstance(cell, str) and (match := _COMPARISON.fullmatch(cell.strip())):
        return _HOLDS[match[1]](number, Decimal(match[2]))
    return not isinstance(cell, bool) and bool(_NUMBER.fullmatch(str(cell))) and Decimal(str(cell)) == number


def cell_mistake(cell: Any, of: Type) -> str | None:
    """Say why a cell cannot be compared with a value of this type; None when it can."""
    if isinstance(cell, list):
        return next((said for one in cell if (said := cell_mistake(one, of))), None if cell else "the list is empty")
    if isinstance(cell, dict) or cell is None:
        return 'a cell is a value, a list of values, or a comparison such as ">= 3"'
    if of in _NUMBERS:
        fine = _COMPARISON.fullmatch(str(cell).strip()) or _NUMBER.fullmatch(str(cell))
        return None if fine and not isinstance(cell, bool) else f'`{cell}` is compared with a number: write 3 or ">= 3"'
    if of is Plain.YES_NO:
        return None if isinstance(cell, bool) else f"`{cell}` is compared with yes or no: write true or false"
    return _word_mistake(cell, of) if of is Plain.TEXT or isinstance(of, OneOf) else None


def _word_mistake(cell: Any, of: Type) -> str | None:
    if not isinstance(cell, str) or _COMPARISON.fullmatch(cell.strip()):
        return f"`{cell}` is compared with a text: write a text, in quotes if it looks like a number"
    return never("this", cell, of) if isinstance(of, OneOf) and cell not in of.words else None


def output_mistake(value: Any, kind: OutputType, currency: str) -> str | None:
    """Say why a value cannot be this output; None when it can."""
    try:
        _output(value, kind, currency)
    except ValueError as error:
        return str(error)
    return None


def covers(earlier: Mapping[str, Any], later: Mapping[str, Any]) -> bool:
    """Whether every case of the later row is already one of the earlier row's, so that it can never fire."""
    return all(name in later and _includes(cell, later[name]) for name, cell in earlier.items())


def _includes(cell: Any, other: Any) -> bool:
    many = cell if isinstance(cell, list) else [cell]
    return all(any(type(one) is type(each) and one == each for one in many)
               for each in (other if isinstance(other, list) else [other]))  # fmt: skip


def _outputs(table: Table, values: Mapping[str, Any], currency: str) -> dict[str, Any]:
    return {name: _output(values[name], kind, currency) for name, kind in table.outputs.items()}


def _output(value: Any, kind: OutputType, currency: str) -> Any:
    match kind:
        case "money" | "signed money":
            minor = to_minor(value, currency)
            if minor < 0 and kind == "money":
                raise ValueError(f"{value} is less than nothing: if that is meant, let the column be `signed money`")
            return minor
        case "number":
            if not isinstance(value, bool) and _NUMBER.fullmatch(str(value)):
                return float(value)
        case "yes/no":
            if isinstance(value, bool):
                return value
        case "text":
            if isinstance(value, str):
                return value
        case _:
            assert_never(kind)
    raise ValueError(f"`{value}` is not {'a yes/no (write true or false)' if kind == 'yes/no' else f'a {kind}'}")


def _cell_in_words(cell: Any) -> str:
    return " or ".join(map(str, cell)) if isinstance(cell, list) else str(cell)
