"""Check the decision tables: what they look at wherever they are used, their cells, and rows that can never fire."""

from typing import Any

from followthrough.tenant.checks.review import Review
from followthrough.tenant.models import DecideStep, Row, Table
from followthrough.tenant.positions import Path
from followthrough.tenant.scopes import before
from followthrough.tenant.tables import cell_mistake, covers, output_mistake
from followthrough.tenant.types import Many, Maybe, Plain, Record, Type, in_words


def check(review: Review) -> None:
    """Report tables that cannot decide every case, and cells that fit neither their input nor their output."""
    for name, table in review.tenant.tables.items():
        path: Path = ("tables", name)
        types = _inputs(review, path, name, table)
        _last_row(review, path, table)
        for index, row in enumerate(table.rows):
            _row(review, (*path, "rows", index), row, table, types)
        _unreachable(review, path, table)


def _inputs(review: Review, path: Path, name: str, table: Table) -> dict[str, Type]:
    """Check the inputs with the variables of every step that uses the table; return their types."""
    types: dict[str, Type] = dict.fromkeys(table.inputs, Plain.ANYTHING)
    for _, _, service in review.services():
        for step in service.steps:
            if not isinstance(step, DecideStep) or step.table != name:
                continue
            scope = before(review.tenant, service, step.name, review.operations)
            for key, text in table.inputs.items():
                of = review.expression((*path, "inputs", key), text, scope)
                types[key] = of
                if isinstance(of, Record | Many | Maybe):
                    review.report.add((*path, "inputs", key), f"a row cannot look at {in_words(of)}")
    return types


def _last_row(review: Review, path: Path, table: Table) -> None:
    others = [index for index, row in enumerate(table.rows) if row.otherwise is not None]
    if not others:
        review.report.add(path, "the last row must be `otherwise`, so that every case is decided", key=True)
    for index in others[1:]:
        review.report.add((*path, "rows", index), "there is already an `otherwise`: a table has one, as its last row")


def _row(review: Review, path: Path, row: Row, table: Table, types: dict[str, Type]) -> None:
    if row.if_ is not None and not row.if_:
        review.report.add((*path, "if"), "an empty `if` always holds: say `otherwise` instead", key=True)
    for name, cell in (row.if_ or {}).items():
        here = (*path, "if", name)
        if review.known(here, name, "input of this table", table.inputs):
            _say(review, here, cell_mistake(cell, types[name]))
    part = "otherwise" if row.otherwise is not None else "then"
    outputs: dict[str, Any] = (row.otherwise if row.otherwise is not None else row.then) or {}
    for name, value in outputs.items():
        here = (*path, part, name)
        if review.known(here, name, "output of this table", table.outputs):
            _say(review, here, output_mistake(value, table.outputs[name], review.tenant.currency))
    for name in table.outputs:
        if name not in outputs:
            review.report.add((*path, part), f"the output `{name}` is missing in this row", key=True)


def _say(review: Review, path: Path, mistake: str | None) -> None:
    if mistake is not None:
        review.report.add(path, mistake)


def _unreachable(review: Review, path: Path, table: Table) -> None:
    earlier: list[tuple[int, dict[str, Any]]] = []
    for index, row in enumerate(table.rows):
        cells = row.if_ or {}
        above = next((number for number, other in earlier if covers(other, cells)), None)
        if above is not None and cells and row.otherwise is None:
            message = f"this row can never be reached: row {above + 1} already holds in all its cases"
            review.report.add((*path, "rows", index), message)
        if cells or row.otherwise is not None:
            earlier.append((index, cells))
