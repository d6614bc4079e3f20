"""CEL, wrapped once: type-checked when a tenant is published, never silently wrong when it runs.

Variables go in and results come out as JSON values: a time is ISO 8601 text, money a whole number of minor units.
Inside, times are CEL timestamps, so that they compare as moments and `hours_until(slot.start) < 24` works (whole
hours, rounded down, from the variable `now`); `slot.start.getHours()` is what the tenant's own clock shows. An amount
is written `money("200.00")`. CEL sees a record as its dotted fields, and of a list of records only how many there are.
An expression that is a bare path (`=slot`) is looked up and not evaluated, so it may name anything.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any, Final, assert_never

from cel_expr_python import cel

from followthrough.errors import FollowthroughError
from followthrough.tenant.complaints import Mistake, raise_all
from followthrough.tenant.dialect import HOURS_UNTIL, MONEY, checking, running
from followthrough.tenant.growth import growing
from followthrough.tenant.home import Home
from followthrough.tenant.money import to_minor
from followthrough.tenant.objections import mistake_of
from followthrough.tenant.readings import local, misreadings
from followthrough.tenant.syntax import tree
from followthrough.tenant.types import Many, Maybe, OneOf, Plain, Record, Scope, Type, at, in_words

LONGEST: Final = 1000
"""An expression's characters."""

LONGEST_TEXT: Final = 10_000
MOST_ITEMS: Final = 1_000
MOST_LETTERS: Final = 100_000
"""Of all texts that one expression looks at: a loop may look at all of them ten thousand times."""

_PATH: Final = re.compile(r"[a-z_][a-z0-9_]*(\.[a-z_][a-z0-9_]*)*")
_RESULTS: Final[Mapping[str, Plain]] = {
    "STRING": Plain.TEXT,
    "INT": Plain.WHOLE,
    "UINT": Plain.WHOLE,
    "DOUBLE": Plain.NUMBER,
    "TIMESTAMP": Plain.TIME,
    "BOOL": Plain.YES_NO,
    "DYN": Plain.ANYTHING,
    MONEY: Plain.MONEY,
}


class NotEvaluated(FollowthroughError):  # noqa: N818
    """An expression gave no value. The message quotes the expression, never the data."""


@dataclass(frozen=True)
class Compiled:
    """A checked expression: the type of its value, and either the path it names or the CEL program."""

    type: Type
    path: tuple[str, ...] | None
    program: Any
    environment: Any
    variables: Mapping[str, Type]


def compile_expression(text: str, scope: Scope, home: Home) -> Compiled:
    """Check an expression (with its leading `=`) against the variables that exist. Raises Mistake with its place."""
    source = text.removeprefix("=")
    if len(source) > LONGEST:
        raise Mistake(f"an expression has at most {LONGEST} characters: move part of it into a decision table")
    grown = growing(source)
    if grown is not None:
        raise Mistake("where an expression goes through a list it may neither add up nor make another list", grown)
    path = source.strip()
    if not path:
        raise Mistake("an expression is missing after `=`")
    if _PATH.fullmatch(path) and path not in {"true", "false", "null"}:
        named = at(scope, path.split("."))
        if named is None or path.split(".")[0] not in scope:
            raise mistake_of(f"undeclared reference to '{path}'", source, source.find(path), scope)
        return Compiled(named, tuple(path.split(".")), None, None, {})
    declared = flatten(scope)
    mentioned = tuple((name, of) for name, of in declared.items() if name in source)
    found = _compiled(source, mentioned, home)
    if found.failure is not None:
        raise_all(_mistakes(found.failure, source, scope))
    raise_all([Mistake(message, offset) for message, offset in found.misread])
    return Compiled(_result(found.gives, source), None, found.program, found.environment, dict(mentioned))


def evaluate(text: str, scope: Scope, variables: Mapping[str, Any], home: Home) -> Any:
    """Return an expression's value as a JSON value. Raises NotEvaluated; what is missing is an error, never false."""
    try:
        compiled = compile_expression(text, scope, home)
    except Mistake as mistake:
        raise NotEvaluated(f"`{text}` does not fit what is known here") from mistake
    if compiled.path is not None:
        return look_up(compiled.path, variables, text)
    found = {name: _find(name.split("."), variables) for name in compiled.variables}
    data = {name: _to_cel(value, compiled.variables[name], text) for name, value in found.items() if value is not None}
    if sum(map(_letters, data.values())) > MOST_LETTERS:
        raise NotEvaluated(f"`{text}` looks at more than {MOST_LETTERS} characters")
    try:
        activation = compiled.environment.Activation(data, functions=_functions(variables, home))
        value = compiled.program.eval(activation)
    except RuntimeError:
        raise NotEvaluated(f"`{text}` took more steps than an expression may") from None
    # CEL returns its errors: anything that looked at the value without this line would take an error for true.
    if value.type() == cel.Type.ERROR:
        raise NotEvaluated(f"`{text}` has no value with what is known now")
    return _from_cel(value.plain_value(), text)


def looked_at(text: str, scope: Scope, variables: Mapping[str, Any], home: Home) -> dict[str, Any]:
    """Return the values that an expression looks at, by name; None for what is missing, and of a list how many."""
    compiled = compile_expression(text, scope, home)
    names = [".".join(compiled.path)] if compiled.path is not None else list(compiled.variables)
    if HOURS_UNTIL in text:
        names.append("now")
    mentioned = [name for name in names if re.search(rf"(?<![\w.]){re.escape(name)}(?!\w)", text) or name == "now"]
    found = {name: _find(name.split("."), variables) for name in mentioned}
    return {name: len(value) if isinstance(value, list) else value for name, value in found.items()}


def constant(text: str, scope: Scope, home: Home) -> Any:
    """Return the value that an expression has whatever the variables hold, or None when it depends on them.

    Raises Mistake.
    """
    compiled = compile_expression(text, scope, home)
    if compiled.path is not None:
        return None
    try:
        value = compiled.program.eval(compiled.environment.Activation({}, functions=_functions({}, home)))
    except RuntimeError:
        raise Mistake("this takes more steps than an expression may: go through fewer things at once") from None
    return None if value.type() == cel.Type.ERROR else value.plain_value()


def look_up(path: tuple[str, ...], variables: Mapping[str, Any], text: str) -> Any:
    """Return what stands at a path. Raises NotEvaluated when it does not exist."""
    found: Any = variables
    for part in path:
        if not isinstance(found, Mapping) or part not in found:
            raise NotEvaluated(f"`{text}` is not known now")
        found = found[part]
    return found


def flatten(scope: Scope, before: str = "") -> dict[str, Type]:
    """List what CEL may see by dotted name: plain values and lists, but nothing that may be missing."""
    flat: dict[str, Type] = {}
    for name, of in scope.items():
        match of:
            case Record():
                flat |= flatten(of.fields, f"{before}{name}.")
            case Maybe():
                continue
            case Plain() | OneOf() | Many():
                flat[before + name] = of
            case _:
                assert_never(of)
    return flat


@dataclass(frozen=True)
class _Program:
    """What CEL makes of an expression: what it says is wrong with it, or the name of what it gives and how it may be
    misread, with the places.
    """

    failure: str | None = None
    gives: str = ""
    misread: tuple[tuple[str, int], ...] = ()
    program: Any = None
    environment: Any = None


@lru_cache(maxsize=2048)
def _compiled(source: str, declared: tuple[tuple[str, Type], ...], home: Home) -> _Program:
    """Check an expression, then compile it as it runs."""
    variables = dict(declared)
    try:
        checked = checking(declared).compile(source)
    except RuntimeError as error:
        return _Program(str(error))
    parts = tree(checked.serialize())
    environment = running(declared)
    program = environment.compile(local(source, parts, home))
    misread = tuple(misreadings(parts, variables, home))
    return _Program(None, checked.return_type().name(), misread, program, environment)


def _result(name: str, source: str) -> Type:
    if name in _RESULTS:
        return _RESULTS[name]
    if name.startswith("LIST<") and name[5:-1] in _RESULTS:
        return Many(_RESULTS[name[5:-1]])
    raise Mistake(
        f"`={source}` gives something that cannot be kept ({name.lower()}): end with a text, number, time or yes/no"
    )


def _mistakes(failure: str, source: str, scope: Scope) -> list[Mistake]:
    found: list[Mistake] = []
    lines = source.split("\n")
    for line, column, said in re.findall(r"ERROR: <input>:(\d+):(\d+): (.*)", failure):
        before = sum(len(one) + 1 for one in lines[: int(line) - 1])
        mistake = mistake_of(said, source, before + int(column) - 1, scope)
        syntax = said.startswith("Syntax error")
        found.append(mistake)
        if syntax:
            break  # what follows a syntax error is a guess
    return found or [Mistake("the expression is nested too deeply: split it into several rules")]


def _find(path: list[str], variables: Mapping[str, Any]) -> Any:
    found: Any = variables
    for part in path:
        found = found.get(part) if isinstance(found, Mapping) else None
    return found


def _to_cel(value: Any, of: Type, text: str) -> Any:
    if isinstance(value, str) and len(value) > LONGEST_TEXT:
        raise NotEvaluated(f"`{text}` looks at a text of more than {LONGEST_TEXT} characters")
    if isinstance(of, Many):
        if len(value) > MOST_ITEMS:
            raise NotEvaluated(f"`{text}` looks at a list of more than {MOST_ITEMS} items")
        plain = isinstance(of.of, Plain | OneOf)
        return [_to_cel(item, of.of, text) for item in value] if plain else [True] * len(value)
    try:
        if of is Plain.TIME and isinstance(value, str):
            return datetime.fromisoformat(value)
        return float(value) if of is Plain.NUMBER else value
    except ValueError:
        raise NotEvaluated(f"`{text}` looks at something that is not {in_words(of)}") from None


def _letters(value: Any) -> int:
    if isinstance(value, list):
        return sum(map(_letters, value))
    return len(value) if isinstance(value, str) else 0


def _from_cel(value: Any, text: str) -> Any:
    if _letters(value) > MOST_LETTERS:
        raise NotEvaluated(f"`{text}` gives more than {MOST_LETTERS} characters")
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
    if isinstance(value, list):
        return [_from_cel(item, text) for item in value]
    if value is None or isinstance(value, str | int | float | bool):
        return value
    raise NotEvaluated(f"`{text}` gives something that cannot be kept")


def _functions(variables: Mapping[str, Any], home: Home) -> list[Any]:
    """Give `money` the tenant's currency, and `hours_until` the moment that the caller calls now: expressions have no
    clock of their own.
    """
    functions = [cel.Function(MONEY, [cel.Type.STRING], False, lambda text: to_minor(text, home.currency))]  # noqa: FBT003
    given = variables.get("now")
    if given is None:
        return functions
    now = datetime.fromisoformat(given) if isinstance(given, str) else given
    return [
        *functions,
        cel.Function(HOURS_UNTIL, [cel.Type.TIMESTAMP], False, lambda time: int((time - now).total_seconds() // 3600)),  # noqa: FBT003
    ]
