"""How an expression may be misread although it is well-formed: what it compares in vain, amounts, clocks, templates."""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Final

from followthrough.tenant.complaints import never
from followthrough.tenant.dialect import MONEY
from followthrough.tenant.home import Home
from followthrough.tenant.money import to_minor
from followthrough.tenant.objections import CHOOSE_ONE
from followthrough.tenant.syntax import Call, Items, Name, Part, Text, every
from followthrough.tenant.types import Many, OneOf, Record, Type
from followthrough.tenant.zones import zone_mistake

BRACES: Final = re.compile(r"\{\{|\{%")
"""How a part of a template begins."""

_EQUALITIES: Final = {"_==_", "_!=_"}
_IN: Final = "@in"
_CLOCK: Final = "timestamp_to_"
"""How CEL's overloads begin that read a clock or a calendar, such as `getHours`."""

_ELSEWHERE: Final = "_with_tz"
_OFFSET: Final = re.compile(r"[+-]?\d\d:\d\d")


def local(source: str, parts: Part, home: Home) -> str:
    """Have an expression read the tenant's own clock: `getHours()` becomes `getHours("America/Chicago")`. CEL's own
    default is UTC.
    """
    for at in sorted((part.at for part in every(parts) if _reads_clock(part)), reverse=True):
        source = f"{source[: at + 1]}{json.dumps(home.time_zone)}{source[at + 1 :]}"
    return source


def _reads_clock(part: Part) -> bool:
    if not isinstance(part, Call) or len(part.parts) > 1 or not part.function.startswith("get"):
        return False
    return any(name.startswith(_CLOCK) for name in part.overloads)


def misreadings(parts: Part, variables: Mapping[str, Type], home: Home) -> Iterator[tuple[str, int]]:
    """Yield what is wrong, each with its place."""
    for part in every(parts):
        match part:
            case Text():
                if BRACES.search(part.value):
                    yield "no template is filled in here: join texts and variables with `+`", part.at
            case Call(function="money"):
                yield from _amount(part, home)
            case Call(parts=(_, Text() as zone)) if any(name.endswith(_ELSEWHERE) for name in part.overloads):
                if not _OFFSET.fullmatch(zone.value) and (wrong := zone_mistake(zone.value)):
                    yield wrong, zone.at
            case Call(function="_[_]", parts=(Name() as whole, _)) if _of_records(variables.get(whole.path)):
                yield f"`{whole.path}` is a list: {CHOOSE_ONE}", part.at
            case Call():
                yield from _compared(part, variables)


def _of_records(of: Type | None) -> bool:
    return isinstance(of, Many) and isinstance(of.of, Record)


def _amount(part: Call, home: Home) -> Iterator[tuple[str, int]]:
    given = part.parts[0]
    if not isinstance(given, Text):
        yield f'`{MONEY}` is given an amount that is written out, such as {MONEY}("200.00")', part.at
        return
    try:
        to_minor(given.value, home.currency)
    except ValueError as error:
        yield str(error), given.at


def _compared(part: Call, variables: Mapping[str, Type]) -> Iterator[tuple[str, int]]:
    """Yield the words that a choice is compared with and never is."""
    for one, other in _pairs(part):
        for name, text in ((one, other), (other, one)):
            if not isinstance(name, Name) or not isinstance(text, Text):
                continue
            of = variables.get(name.path)
            if isinstance(of, OneOf) and text.value not in of.words:
                yield never(f"`{name.path}`", text.value, of), text.at


def _pairs(part: Call) -> list[tuple[Part, Part]]:
    """Return what is compared with what."""
    if part.function in _EQUALITIES:
        return [(part.parts[0], part.parts[1])]
    if part.function == _IN and isinstance(part.parts[1], Items):
        return [(part.parts[0], each) for each in part.parts[1].parts]
    return []
