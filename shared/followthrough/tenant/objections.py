"""What CEL objects to in an expression, in an operator's words, and what to write instead."""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Final

from followthrough.tenant.complaints import Mistake, unknown_variable
from followthrough.tenant.dialect import ITEM, MONEY
from followthrough.tenant.types import Many, Scope, at, known

_Say = Callable[[re.Match[str], str, int, Scope], Mistake]

CHOOSE_ONE: Final = "take one by a `choose` step; an expression can only say how many there are, with size()"

_KINDS: Final = {
    "string": "text",
    "int": "a whole number",
    "double": "a number with decimals",
    "bool": "yes or no",
    "google.protobuf.Timestamp": "a time",
    "google.protobuf.Duration": "a span of time",
    "null": "nothing",
    "dyn": "anything",
    MONEY: "money",
    ITEM: "one of a list",
}
_NUMBERS: Final = {"a whole number", "a number with decimals"}
_COMPARISONS: Final = {"_==_", "_!=_", "_<_", "_<=_", "_>_", "_>=_"}
_EITHER: Final = "_?_:_"
_LOGIC: Final = {"_&&_", "_||_", "!_"}
_AMOUNT: Final = f'write the amount as {MONEY}("200.00")'
_SLIPS: Final = (
    (re.compile(r"=[^=]"), "to compare, write `==`"),
    (re.compile(r"and\b", re.IGNORECASE), "write `&&`"),
    (re.compile(r"or\b", re.IGNORECASE), "write `||`"),
    (re.compile(r"\s*$"), "it ends too early"),
)
"""What people write where CEL wants something else."""


def mistake_of(said: str, source: str, offset: int, scope: Scope) -> Mistake:
    """Turn CEL's words about a place of an expression into ours."""
    for pattern, say in _SAYINGS.items():
        if match := re.match(pattern, said):
            return say(match, source, offset, scope)
    return Mistake(f"the expression does not fit ({said})", offset)


def _plainly(message: str) -> _Say:
    """Say the same whatever stands there."""
    return lambda match, _source, offset, _scope: Mistake(message.format(*map(_kind, match.groups())), offset)


def _unread(match: re.Match[str], source: str, offset: int, _: Scope) -> Mistake:
    slip = next((advice for found, advice in _SLIPS if found.match(source, offset)), None)
    why = f": {slip}" if slip else f" ({match.string.partition(' expecting ')[0].lower()})"
    return Mistake(f"the expression cannot be read from here on{why}", offset)


def _unlike(match: re.Match[str], _source: str, offset: int, _scope: Scope) -> Mistake:
    return Mistake(_mismatch(match[1], [_kind(name) for name in re.split(r", (?![^(]*\))", match[2])]), offset)


def _kind(name: str) -> str:
    return _KINDS.get(name) or ("a list" if name.startswith("list(") else name)


def _undeclared(match: re.Match[str], source: str, offset: int, scope: Scope) -> Mistake:
    path = match[1]
    if re.match(r"\s*\(", source[offset:]) and path not in known(scope):
        return Mistake(f"there is no function `{path}`", offset)
    begins = source.rfind(path, 0, offset + len(path))
    # CEL names as much of a path as it understood; people should see all of it.
    longer = re.match(r"[\w.]+", source[begins:]) if begins >= 0 else None
    return unknown_variable(longer[0] if longer else path, scope, max(begins, 0))


def _no_parts(match: re.Match[str], source: str, offset: int, scope: Scope) -> Mistake:
    """Say that something has no parts that could be named behind a dot, at that dot."""
    if match[1] == ITEM:
        lists = [path for path in known(scope) if isinstance(at(scope, path.split(".")), Many)]
        named = max(lists, key=lambda path: source.rfind(path, 0, offset), default="this")
        return Mistake(f"`{named}` is a list: {CHOOSE_ONE}", offset)
    before = re.search(r"[\w.]+$", source[:offset])
    name = f"`{before[0]}`" if before else "this"
    return Mistake(f"{name} is {_kind(match[1])} and has no parts: leave out what stands behind the dot", offset)


def _mismatch(function: str, given: Sequence[str]) -> str:
    operator = function.replace("_", " ").replace("@", "").strip()
    compares = function in _COMPARISONS
    if function in _LOGIC or (function == _EITHER and given[0] != "yes or no"):
        wrong = next(each for each in given if each != "yes or no")
        return f"`{operator}` needs what is yes or no, and this is {wrong}: compare it with something"
    if function == _EITHER:
        return f"on both sides of `:` stands the same kind of value, and these are {' and '.join(given[1:])}"
    said = f"`{operator}` does not work with {' and '.join(given)}"
    if compares:
        said = f"{given[0]} cannot be compared with {given[-1]}"
    advice = "write 3.0 instead of 3" if compares and set(given) == _NUMBERS else _about_money(function, given)
    return f"{said}: {advice}" if advice else said


def _about_money(function: str, given: Sequence[str]) -> str | None:
    """Say what can be done with money instead; None where that is nothing."""
    if "money" not in given:
        return None
    if function == "_*_":
        return "money is multiplied by a whole number only, so say the amounts in a decision table"
    if function in {"_/_", "_%_"}:
        return "money may not come out even, so say the amounts in a decision table"
    return None if _NUMBERS.isdisjoint(given) else _AMOUNT


_SAYINGS: Final[Mapping[str, _Say]] = {
    r"undeclared reference to '([\w.]+)'": _undeclared,
    rf"found no matching overload for '{MONEY}'": _plainly(f"`{MONEY}` is given an amount in quotes: {_AMOUNT}"),
    r"found no matching overload for '([^']+)' applied to '\((.*)\)'": _unlike,
    r"expression of type '(.+)' cannot be the operand of a select": _no_parts,
    r"expression of type '(.+)' cannot be the range": _plainly("only a list can be gone through, and this is {}"),
    r"reserved identifier: (\w+)": _plainly("`{}` is a reserved word of expressions"),
    r"Syntax error": _unread,
    r".*recursion": _plainly("the expression is nested too deeply: split it into several rules"),
    r"invalid int literal": _plainly("this number is larger than an expression can hold"),
}
"""How each thing that CEL says is said, by how it begins."""
