"""The longest words that a message can become, as far as that can be known before it is said.

Two texts are made of a template: `known` holds what it says at its longest with every word of which nothing is known
left out, `likely` also these, at a length that names and notes usually have.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import lru_cache
from typing import Final

from liquid.ast import BlockNode, Node
from liquid.builtin.content import ContentNode
from liquid.builtin.expressions import FilteredExpression, Literal, Path
from liquid.builtin.output import OutputNode
from liquid.builtin.tags.for_tag import ForNode
from liquid.builtin.tags.if_tag import IfNode
from liquid.builtin.tags.unless_tag import UnlessNode

from followthrough.tenant.formats import Formats
from followthrough.tenant.segments import segments, strange
from followthrough.tenant.templates import parsed, render
from followthrough.tenant.types import Many, Maybe, Plain, Scope, at

_NAME: Final = "x" * 30
"""A name, an id, a label: what a system gives."""

_WORDS: Final = "x" * 300
"""What a customer said."""

_ITEMS: Final = 5
"""How many there are of what is listed, where that is not known."""

_SIZES: Final = {Plain.WHOLE: "9" * 6, Plain.NUMBER: "99999.99", Plain.YES_NO: "false"}
_MONEY: Final = 9_999_999
"""In minor units."""


@dataclass(frozen=True)
class Longest:
    """What a message becomes at its longest."""

    known: str = ""
    likely: str = ""

    def __add__(self, other: "Longest") -> "Longest":
        """Say one after the other."""
        return Longest(self.known + other.known, self.likely + other.likely)

    def __mul__(self, times: int) -> "Longest":
        """Say it several times."""
        return Longest(self.known * times, self.likely * times)


@dataclass(frozen=True)
class Known:
    """What is known of what a template shows: the variables' types, some variables' very words, how many are listed."""

    formats: Formats
    scope: Scope
    words: Mapping[str, Longest]
    many: Mapping[str, int]


def longest(template: str, known: Known) -> Longest:
    """Return what a template becomes at its longest. Raises Mistake where it cannot be read."""
    found = _nodes(parsed(template).nodes, known)
    return Longest(found.known.strip(), found.likely.strip())


def widest(texts: Iterable[Longest]) -> Longest:
    """Return the longest of several, of which only one is said."""
    every = list(texts)
    one = Longest(_widest(each.known for each in every), _widest(each.likely for each in every))
    return one if every else Longest()


def _widest(texts: Iterable[str]) -> str:
    """Return the text that takes most; a letter that would make it take more than the others is put at its end."""
    every = list(texts)
    longest_one = max(every, key=lambda text: segments(text).units, default="")
    odd = next((letter for text in every if (letter := strange(text))), None)
    return longest_one if odd is None or strange(longest_one) else longest_one[:-1] + odd


def _nodes(nodes: Iterable[Node], known: Known) -> Longest:
    return sum((_node(node, known) for node in nodes), Longest())


def _node(node: Node, known: Known) -> Longest:
    match node:
        case ContentNode():
            return Longest(node.text, node.text)
        case OutputNode():
            assert isinstance(node.expression, FilteredExpression), "a checked template shows variables"
            return _shown(node.expression, known)
        case BlockNode():
            return _nodes(node.nodes, known)
        case ForNode():
            return _node(node.block, _within(node, known)) * known.many.get(str(node.expression.iterable), _ITEMS)
        case IfNode() | UnlessNode():
            branches = [node.consequence, *(each.block for each in node.alternatives)]
            return widest(_node(each, known) for each in [*branches, *([node.default] if node.default else [])])
        case _:
            return Longest()


def _within(loop: ForNode, known: Known) -> Known:
    """Add what is known inside a loop: one of the listed, and the place of it."""
    listed = at(known.scope, str(loop.expression.iterable).split("."))
    item = listed.of if isinstance(listed, Many) else Plain.ANYTHING
    index = Longest("9", "9")
    words = {**known.words, "forloop.index": index, "forloop.length": index}
    return replace(known, scope={**known.scope, str(loop.expression.identifier): item}, words=words)


def _shown(expression: FilteredExpression, known: Known) -> Longest:
    shown = _value(expression.left, known)
    for each in expression.filters or []:
        if each.name in _FORMATS:
            text = _FORMATS[each.name](known.formats, each.name)
            shown = Longest(text, text)
        elif each.name == "size":
            shown = Longest("99", "99")
        elif each.name == "join":
            shown = Longest("", shown.likely * _ITEMS)
        elif each.name == "default":
            shown = widest([shown, *(_value(argument.value, known) for argument in each.args[:1])])
    return shown


def _value(expression: object, known: Known) -> Longest:
    match expression:
        case Literal():
            return Longest(str(expression.value), str(expression.value))
        case Path():
            return _variable([str(part) for part in expression.path], known)
        case _:
            return Longest()


def _variable(path: list[str], known: Known) -> Longest:
    name = ".".join(path)
    if name in known.words:
        return known.words[name]
    of = at(known.scope, path)
    of = of.of if isinstance(of, Maybe) else of
    if isinstance(of, Plain) and of in _SIZES:
        return Longest(_SIZES[of], _SIZES[of])
    said = path[0] == "inputs" or name == "interaction.text"
    return Longest("", _WORDS if said else _NAME)


@lru_cache(maxsize=64)
def _moment(formats: Formats, name: str) -> str:
    """Return the longest that a filter makes of a moment: every weekday of every month, late in the day."""
    days = [datetime(2026, month, day, 22, 58, tzinfo=UTC) for month in range(1, 13) for day in range(20, 27)]
    return _widest({_formatted(formats, name, day.isoformat()) for day in days})


def _money(formats: Formats, name: str) -> str:
    return _formatted(formats, name, _MONEY)


def _formatted(formats: Formats, name: str, value: object) -> str:
    return render({formats.language: f"{{{{ value | {name} }}}}"}, formats, {"value": value})


_FORMATS: Final[Mapping[str, Callable[[Formats, str], str]]] = {
    "money": _money,
    "date": _moment,
    "date_long": _moment,
    "time": _moment,
}
