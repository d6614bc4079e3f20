"""An expression as a tree: read out of the form in which CEL stores what it has checked, a protocol buffer.

The fields' numbers are those of https://github.com/google/cel-spec/tree/master/proto/cel/expr: checked.proto and
syntax.proto.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from followthrough.tenant.wire import Message


@dataclass(frozen=True)
class Part:
    """A part of an expression that holds others: a list, a selection, a loop. `at` counts the characters before it."""

    at: int
    parts: "tuple[Part, ...]" = ()


@dataclass(frozen=True)
class Items(Part):
    """A list that is written out."""


@dataclass(frozen=True)
class Name(Part):
    """A variable, by its dotted path. `at` is its last dot, or where it begins."""

    path: str = ""


@dataclass(frozen=True)
class Text(Part):
    """A text that is written out."""

    value: str = ""


@dataclass(frozen=True)
class Call(Part):
    """A function or an operator, and what it is called with: what stands before its dot comes first. `at` is where its
    bracket opens, or its operator stands. `overloads` are those that fit what is known of the types.
    """

    function: str = ""
    overloads: tuple[str, ...] = ()


def tree(serialized: bytes) -> Part:
    """Read a checked expression, as CEL serializes it."""
    checked = Message(serialized).message(_VALUE)
    overloads = {it.number(_KEY): it.message(_VALUE).texts(3) for it in checked.messages(2)}
    places = {it.number(_KEY): it.number(_VALUE) for it in checked.message(5).messages(4)}
    return _Reader(overloads, places).part(checked.message(4))


def every(part: Part) -> Iterator[Part]:
    """Go through a tree."""
    yield part
    for each in part.parts:
        yield from every(each)


_KEY, _VALUE = 1, 2
"""Of an entry of a map; what is serialized is a `google.protobuf.Any`, whose value has the same number."""

_CONSTANT, _NAME, _SELECT, _CALL, _LIST, _MAP, _LOOP = range(3, 10)
_TEXT = 6
"""Of a constant."""

_HOLDS = {_SELECT: (1,), _CALL: (1, 3), _LIST: (1,), _LOOP: (2, 4, 5, 6, 7)}
"""The fields of each kind that hold other parts."""


@dataclass(frozen=True)
class _Reader:
    overloads: Mapping[int, tuple[str, ...]]
    places: Mapping[int, int]

    def part(self, it: Message) -> Part:
        """Read a part, and all that it holds."""
        at = self.places.get(it.number(2), 0)
        if texts := it.message(_CONSTANT).texts(_TEXT):
            return Text(at, value=texts[0])
        if _NAME in it.parts:
            return Name(at, path=it.message(_NAME).texts(1)[0])
        parts = tuple(map(self.part, self._inside(it)))
        if _CALL in it.parts:
            return Call(at, parts, it.message(_CALL).texts(2)[0], self.overloads.get(it.number(2), ()))
        return Items(at, parts) if _LIST in it.parts else Part(at, parts)

    def _inside(self, it: Message) -> Iterator[Message]:
        for kind, fields in _HOLDS.items():
            yield from (each for field in fields for each in it.message(kind).messages(field))
        for entry in it.message(_MAP).messages(2):
            yield from (*entry.messages(3), *entry.messages(4))
