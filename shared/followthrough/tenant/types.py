"""The types of what a tenant's file talks about: plain values, choices, records with named fields, lists of these."""

import types
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import cache
from typing import Annotated, Any, Final, Literal, Union, assert_never, get_args, get_origin

from pydantic import AwareDatetime, BaseModel


class Plain(StrEnum):
    """A value without parts. Money is a whole number of minor units; a time is an aware moment.

    `anything` stands for what could not be found out because of another mistake, so that one mistake is told once.
    """

    TEXT = "text"
    WHOLE = "a whole number"
    NUMBER = "a number with decimals"
    MONEY = "money"
    TIME = "a time"
    YES_NO = "yes or no"
    ANYTHING = "anything"


@dataclass(frozen=True)
class OneOf:
    """A text that is one of these words, and never another."""

    words: tuple[str, ...]


@dataclass(frozen=True)
class Record:
    """Something with named fields."""

    name: str
    parts: "tuple[tuple[str, Type], ...]"

    @property
    def fields(self) -> "Mapping[str, Type]":
        """The fields by name."""
        return dict(self.parts)


@dataclass(frozen=True)
class Many:
    """A list."""

    of: "Type"


@dataclass(frozen=True)
class Maybe:
    """Something that may not be there when it is needed."""

    of: "Type"


Type = Plain | OneOf | Record | Many | Maybe
_MOST_SAID: Final = 9
"""How many words of a choice a sentence lists."""

Scope = Mapping[str, Type]
"""The variables that exist at one point of a service, by name."""


def record(name: str, fields: Mapping[str, Type]) -> Record:
    """Describe something with these fields."""
    return Record(name, tuple(fields.items()))


@cache
def of_model(model: type[BaseModel]) -> Record:
    """Describe what an operation takes or gives. Whole numbers called `amount` are money: so do all ports call it."""
    fields = {name: _of_annotation(field.annotation, name) for name, field in model.model_fields.items()}
    return record(model.__name__, fields)


def at(scope: Scope, path: Sequence[str]) -> Type | None:
    """Return the type at a dotted path, Maybe when any part of the way may be missing; None when there is no such
    path.
    """
    found: Type | None = scope.get(path[0])
    missing = False
    for part in path[1:]:
        if isinstance(found, Maybe):
            missing, found = True, found.of
        if found is Plain.ANYTHING:
            break
        found = found.fields.get(part) if isinstance(found, Record) else None
    return Maybe(found) if missing and found is not None and not isinstance(found, Maybe) else found


def fits(given: Type, wanted: Type) -> bool:
    """Whether a value of type `given` may stand where `wanted` is asked for."""
    if Plain.ANYTHING in {given, wanted} or given == wanted:
        return True
    match given, wanted:
        case Maybe(), _:
            return isinstance(wanted, Maybe) and fits(given.of, wanted.of)
        case _, Maybe():
            return fits(given, wanted.of)
        case Many(), Many():
            return fits(given.of, wanted.of)
        case Record(), Record():
            return all(name in given.fields and fits(given.fields[name], part) for name, part in wanted.parts)
    return _fits_plainly(given, wanted)


def _fits_plainly(given: Type, wanted: Type) -> bool:
    if isinstance(given, OneOf):
        return wanted is Plain.TEXT or (isinstance(wanted, OneOf) and set(given.words) <= set(wanted.words))
    return given is Plain.WHOLE and wanted is Plain.NUMBER


def either(one: Type, other: Type) -> Type:
    """Return the type of a value that is of one type here and of another there; where they differ, the second's."""
    if Plain.ANYTHING in {one, other}:
        return other if one is Plain.ANYTHING else one
    match one, other:
        case OneOf(), OneOf():
            return OneOf((*one.words, *(word for word in other.words if word not in one.words)))
        case Plain.TEXT, OneOf():
            return Plain.TEXT
    return other


def in_words(of: Type) -> str:
    """Say a type as an operator would."""
    match of:
        case Plain():
            return of.value
        case OneOf():
            return f"one of {', '.join(of.words[:_MOST_SAID])}{', ...' if len(of.words) > _MOST_SAID else ''}"
        case Record():
            return f"a record with {', '.join(of.fields)}"
        case Many():
            return f"a list, each {in_words(of.of)}"
        case Maybe():
            return f"{in_words(of.of)}, if it is there at all"
        case _:
            assert_never(of)


def known(scope: Scope) -> Collection[str]:
    """List the dotted paths of a scope, for hints."""
    paths: list[str] = []
    for name, of in scope.items():
        inner = of.of if isinstance(of, Maybe) else of
        paths.append(name)
        if isinstance(inner, Record):
            paths += [f"{name}.{path}" for path in known(inner.fields)]
    return paths


def _of_annotation(annotation: Any, name: str) -> Type:
    origin = get_origin(annotation)
    if origin is Annotated:
        return _of_annotation(get_args(annotation)[0], name)
    if origin in {Union, types.UnionType}:
        rest = [part for part in get_args(annotation) if part is not type(None)]
        inner = _of_annotation(rest[0], name) if len(rest) == 1 else Plain.ANYTHING
        return Maybe(inner) if len(rest) < len(get_args(annotation)) else inner
    if origin is Literal:
        words = get_args(annotation)
        return OneOf(words) if isinstance(words[0], str) else _of_annotation(type(words[0]), name)
    if origin in {list, tuple, Sequence}:
        return Many(_of_annotation(get_args(annotation)[0], name))
    return _of_class(annotation, name)


def _of_class(annotation: Any, name: str) -> Type:
    if annotation is AwareDatetime:
        return Plain.TIME
    if not isinstance(annotation, type):
        return Plain.ANYTHING
    if issubclass(annotation, BaseModel):
        return of_model(annotation)
    for kind, plain in ((bool, Plain.YES_NO), (int, Plain.WHOLE), (float, Plain.NUMBER), (str, Plain.TEXT)):
        if issubclass(annotation, kind):
            return Plain.MONEY if plain is Plain.WHOLE and name == "amount" else plain
    return Plain.TIME if issubclass(annotation, datetime) else Plain.ANYTHING
