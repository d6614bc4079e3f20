"""What a template mentions, checked against what exists where it is said."""

from collections.abc import Iterable
from typing import Final

from liquid.ast import BlockNode, ConditionalBlockNode, Node
from liquid.builtin.content import ContentNode
from liquid.builtin.expressions import (
    BooleanExpression,
    FilteredExpression,
    KeywordArgument,
    Literal,
    LoopExpression,
    Nil,
    Path,
    PositionalArgument,
)
from liquid.builtin.expressions.logical import (
    ContainsExpression,
    EqExpression,
    GeExpression,
    GtExpression,
    LeExpression,
    LogicalAndExpression,
    LogicalOrExpression,
    LtExpression,
    NeExpression,
)
from liquid.builtin.expressions.primitive import Blank, Empty
from liquid.builtin.output import OutputNode
from liquid.builtin.tags.for_tag import BreakNode, ContinueNode, ForNode
from liquid.builtin.tags.if_tag import IfNode
from liquid.builtin.tags.unless_tag import UnlessNode
from liquid.expression import Expression

from followthrough.tenant.complaints import Mistake, raise_all, unknown_variable
from followthrough.tenant.types import Many, Maybe, Plain, Record, Scope, Type, at, fits, in_words, record

_COMPARISONS: Final = (
    EqExpression, NeExpression, LtExpression, LeExpression, GtExpression, GeExpression, ContainsExpression,
    LogicalAndExpression, LogicalOrExpression,
)  # fmt: skip
_CONSTANTS: Final = (Nil, Empty, Blank)
_LITERALS: Final[dict[type, Type]] = {str: Plain.TEXT, int: Plain.WHOLE, float: Plain.NUMBER, bool: Plain.YES_NO}
_WANTED: Final = {"money": Plain.MONEY, "date": Plain.TIME, "date_long": Plain.TIME, "time": Plain.TIME}
_FORLOOP: Final = record(
    "forloop",
    {"index": Plain.WHOLE, "length": Plain.WHOLE, "first": Plain.YES_NO, "last": Plain.YES_NO},
)


def check_nodes(nodes: Iterable[Node], scope: Scope | None, loops: int = 0) -> None:
    """Check the nodes of a template; without a scope only that they belong to our part of Liquid. Raises Mistake."""
    found: list[Mistake] = []
    for node in nodes:
        try:
            _check_node(node, scope, loops)
        except Mistake as mistake:
            found += mistake.all
    raise_all(found)


def _check_node(node: Node, scope: Scope | None, loops: int) -> None:
    match node:
        case ContentNode() | BreakNode() | ContinueNode():
            return
        case OutputNode():
            _output(node.expression, scope)
        case BlockNode():
            check_nodes(node.nodes, scope, loops)
        case ForNode():
            _loop(node, scope, loops)
        case IfNode() | UnlessNode():
            _expression(node.condition, scope)
            certain = _certain(node.condition) if isinstance(node, IfNode) else set()
            check_nodes([node.consequence], _with(scope, certain), loops)
            for alternative in node.alternatives:
                _alternative(alternative, scope, loops)
            check_nodes([node.default] if node.default else [], scope, loops)
        case _:
            raise Mistake("this tag cannot be used in messages", max(node.token.start_index, 0))


def _alternative(node: ConditionalBlockNode, scope: Scope | None, loops: int) -> None:
    _expression(node.expression, scope)
    check_nodes([node.block], _with(scope, _certain(node.expression)), loops)


def _loop(node: ForNode, scope: Scope | None, loops: int) -> None:
    loop: LoopExpression = node.expression
    place = max(loop.token.start_index, 0)
    if loops:
        raise Mistake("a `for` cannot stand inside another `for`", place)
    if not isinstance(loop.iterable, Path):
        raise Mistake("a `for` goes through a list that has a name", place)
    of = _path(loop.iterable, scope)
    for part in (loop.limit, loop.offset):
        if part is not None:
            _expression(part, scope)
    if not (isinstance(of, Many) or of is Plain.ANYTHING):
        raise Mistake(f"`{loop.iterable}` is {in_words(of)}, and a `for` goes through a list", place)
    item: Type = of.of if isinstance(of, Many) else Plain.ANYTHING
    inner = None if scope is None else {**scope, str(loop.identifier): item, "forloop": _FORLOOP}
    check_nodes([node.block], inner, loops + 1)
    check_nodes([node.default] if node.default else [], scope, loops)


def _output(expression: object, scope: Scope | None) -> None:
    if not isinstance(expression, FilteredExpression):
        raise Mistake("messages show a variable, with filters if need be")
    filters = expression.filters or []
    defaulted = bool(filters) and filters[0].name == "default"
    of = _expression(expression.left, scope, defaulted=defaulted)
    for each in filters:
        if each.name not in _FILTER_NAMES:
            raise Mistake(f"there is no filter `{each.name}`: there is {', '.join(sorted(_FILTER_NAMES))}", _at(each))
        for argument in each.args:
            if not isinstance(argument, PositionalArgument | KeywordArgument):
                raise Mistake(f"`{each.name}` cannot be used like this", _at(each))
            _expression(argument.value, scope)
        wanted = _WANTED.get(each.name)
        if wanted and of is not None and not fits(of, wanted):
            raise Mistake(
                f"`{each.name}` needs {in_words(wanted)}, but `{expression.left}` is {in_words(of)}", _at(each)
            )
        of = _after(each.name, of)
    _shown(expression, of)


def _shown(expression: FilteredExpression, of: Type | None) -> None:
    hint = {Plain.TIME: "`| date_long`, `| date` or `| time`", Plain.MONEY: "`| money`"}
    place = max(expression.token.start_index, 0)
    if isinstance(of, Plain) and of in hint:
        raise Mistake(f"`{expression.left}` is {in_words(of)}: say how to show it, with {hint[of]}", place)
    if isinstance(of, Record):
        raise Mistake(f"`{expression.left}` has several parts: show one of {', '.join(of.fields)}", place)
    if isinstance(of, Many):
        raise Mistake(f'`{expression.left}` is a list: join it with `| join: ", "` or go through it with `for`', place)


def _after(name: str, of: Type | None) -> Type | None:
    if name in {"default", "strip"} or of is None:
        return of
    if name in {"first", "last"}:
        return of.of if isinstance(of, Many) else Plain.ANYTHING
    return Plain.WHOLE if name == "size" else Plain.TEXT


def _expression(expression: object, scope: Scope | None, *, defaulted: bool = False) -> Type | None:
    """Check an expression, and return its type where it has one that matters."""
    match expression:
        case Path():
            return _path(expression, scope, defaulted=defaulted)
        case BooleanExpression():
            inner = expression.expression
            return None if _is_name(inner) and _exists(inner, scope) else _expression(inner, scope)
        case LogicalAndExpression():
            _condition(expression.left, scope)
            _condition(expression.right, _with(scope, _certain(expression.left)))
        case _ if isinstance(expression, _COMPARISONS):
            for side in (expression.left, expression.right):
                _condition(side, scope)
        case Literal():
            return _LITERALS.get(type(expression.value))
        case _ if not isinstance(expression, _CONSTANTS):
            place = expression.token.start_index if isinstance(expression, Expression) else 0
            raise Mistake("this cannot be used in messages: name a variable or write a text or number", max(place, 0))
    return None


def _condition(expression: object, scope: Scope | None) -> None:
    if not (_is_name(expression) and _exists(expression, scope)):
        _expression(expression, scope)


def _path(path: Path, scope: Scope | None, *, defaulted: bool = False) -> Type:
    place = max(path.token.start_index, 0)
    names = [part for part in path.path if isinstance(part, str)]
    if len(names) < len(path.path) or not all(name.isidentifier() for name in names):
        raise Mistake(f"`{path}`: name the parts of a variable with dots", place)
    if scope is None:
        return Plain.ANYTHING
    of = at(scope, names)
    if of is None or (isinstance(of, Maybe) and not defaulted):
        hint = f": say it inside `{{% if {names[0]} %}}`" if isinstance(of, Maybe) else ""
        mistake = unknown_variable(".".join(names), scope, place)
        raise Mistake(mistake.message + hint, place, mistake.unknown)
    return of.of if isinstance(of, Maybe) else of


def _is_name(expression: object) -> bool:
    return isinstance(expression, Path) and len(expression.path) == 1


def _exists(expression: object, scope: Scope | None) -> bool:
    return scope is not None and isinstance(expression, Path) and str(expression.path[0]) in scope


def _certain(condition: object) -> set[str]:
    """Return the variables that are certainly there when a condition holds."""
    match condition:
        case BooleanExpression():
            return _certain(condition.expression)
        case LogicalAndExpression():
            return _certain(condition.left) | _certain(condition.right)
        case Path() if len(condition.path) == 1:
            return {str(condition.path[0])}
    return set()


def _with(scope: Scope | None, certain: set[str]) -> Scope | None:
    if scope is None:
        return None
    return {name: of.of if isinstance(of, Maybe) and name in certain else of for name, of in scope.items()}


def _at(filter_: object) -> int:
    token = getattr(filter_, "token", None)
    return max(token.start_index, 0) if token else 0


_FILTER_NAMES: Final = frozenset(
    {
        "capitalize",
        "date",
        "date_long",
        "default",
        "downcase",
        "first",
        "join",
        "last",
        "money",
        "size",
        "strip",
        "time",
    }
    | {"upcase"}
)
