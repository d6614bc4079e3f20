"""CEL as tenants write it: money is a type of its own, which only money is compared with and added to.

CEL has no money. So an expression is checked where `money` is a type that the tables below describe, and runs where it
is what is stored: a whole number of minor units. What the checker lets pass means the same in both. An item of a list
of records is a type without any operation: all that an expression can say of such a list is how many there are.
"""

import json
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any, Final

from cel_expr_python import cel

from followthrough.tenant.types import Many, OneOf, Plain, Type

MONEY: Final = "money"
"""The type's name to the checker, and the function that makes it of a text: `money("200.00")`."""

ITEM: Final = "item"
"""The type of a record in a list."""

HOURS_UNTIL: Final = "hours_until"

_CHECKED: Final[Mapping[Plain, Any]] = {
    Plain.TEXT: cel.Type.STRING,
    Plain.WHOLE: cel.Type.INT,
    Plain.NUMBER: cel.Type.DOUBLE,
    Plain.MONEY: cel.Type.AbstractType(MONEY),
    Plain.TIME: cel.Type.TIMESTAMP,
    Plain.YES_NO: cel.Type.BOOL,
    Plain.ANYTHING: cel.Type.DYN,
}
_RUNNING: Final[Mapping[Plain, Any]] = {**_CHECKED, Plain.MONEY: cel.Type.INT}

_LIST: Final = {"type_name": "list", "params": [{"type_name": "T", "is_type_param": True}]}
_COMPARED: Final = [
    (of, of, "bool") for of in ("bool", "int", "uint", "double", "string", "bytes", "timestamp", "duration", MONEY)
]
_OPERATORS: Final[Mapping[str, list[tuple[Any, Any, Any]]]] = {
    **dict.fromkeys(("_<_", "_<=_", "_>_", "_>=_"), _COMPARED),
    "_+_": [
        *((of, of, of) for of in ("int", "uint", "double", "string", "bytes", "duration", MONEY)),
        ("timestamp", "duration", "timestamp"),
        ("duration", "timestamp", "timestamp"),
        (_LIST, _LIST, _LIST),
    ],
    "_-_": [
        *((of, of, of) for of in ("int", "uint", "double", "duration", MONEY)),
        ("timestamp", "timestamp", "duration"),
        ("timestamp", "duration", "timestamp"),
    ],
    "_*_": [*((of, of, of) for of in ("int", "uint", "double")), (MONEY, "int", MONEY), ("int", MONEY, MONEY)],
}
"""The operators that know money, with all that CEL's own know: a function can be declared only as a whole. After
https://github.com/google/cel-spec/blob/master/doc/langdef.md#list-of-standard-definitions
"""


Declared = tuple[tuple[str, Type], ...]
"""The variables that an expression may look at, with their types."""


@lru_cache(maxsize=256)
def checking(declared: Declared) -> Any:
    """Return the environment in which an expression is checked; each takes a tenth of a megabyte."""
    return cel.NewEnv(config=_CONFIG, variables={name: _type(of, _CHECKED) for name, of in declared})


@lru_cache(maxsize=256)
def running(declared: Declared) -> Any:
    """Return the environment in which an expression runs. `money` and `hours_until` are given when it is run."""
    shown = {name: _type(of, _RUNNING) for name, of in declared}
    return cel.NewEnv(variables=shown, extensions=[_FUNCTIONS])


def _type(of: Type, plain: Mapping[Plain, Any]) -> Any:
    match of:
        case Plain():
            return plain[of]
        case OneOf():
            return cel.Type.STRING
        case Many(Plain() | OneOf() as inner):
            return cel.Type.List(_type(inner, plain))
    # A record in a list is a truth where it runs: it is only counted.
    return cel.Type.List(cel.Type.AbstractType(ITEM) if plain is _CHECKED else cel.Type.BOOL)


def _overloads(name: str, overloads: list[tuple[Any, Any, Any]]) -> Iterator[dict[str, Any]]:
    for number, (left, right, result) in enumerate(overloads):
        yield {"id": f"{name}{number}", "args": [_written(left), _written(right)], "return": _written(result)}


def _written(of: Any) -> Any:
    return {"type_name": of} if isinstance(of, str) else of


def _function(name: str, takes: str, gives: str) -> dict[str, Any]:
    return {"name": name, "overloads": [{"id": name, "args": [_written(takes)], "return": _written(gives)}]}


_CONFIG: Final = cel.NewEnvConfigFromYaml(
    # JSON is YAML.
    json.dumps(
        {
            "name": "tenants",
            "stdlib": {"exclude_functions": [{"name": name} for name in _OPERATORS]},
            "functions": [
                *({"name": name, "overloads": list(_overloads(name, each))} for name, each in _OPERATORS.items()),
                _function(MONEY, "string", MONEY),
                _function(HOURS_UNTIL, "timestamp", "int"),
            ],
        }
    )
)
_FUNCTIONS: Final = cel.CelExtension(
    "tenants",
    [
        cel.FunctionDecl(MONEY, [cel.Overload(MONEY, cel.Type.INT, [cel.Type.STRING])]),
        cel.FunctionDecl(HOURS_UNTIL, [cel.Overload(HOURS_UNTIL, cel.Type.INT, [cel.Type.TIMESTAMP])]),
    ],
)
