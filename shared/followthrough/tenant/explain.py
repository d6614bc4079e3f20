"""A mistake of form in an operator's words: what is wrong, and what to write."""

import types
from collections.abc import Callable, Iterator, Mapping
from typing import Annotated, Any, Final, Literal, Union, get_args, get_origin

from pydantic import Tag
from pydantic_core import ErrorDetails

from followthrough.tenant.complaints import nearest
from followthrough.tenant.models import CONFIRMATIONS, TAG, VERBS, Part, Tenant
from followthrough.tenant.parts import WORD
from followthrough.tenant.positions import Path

_SHAPES: Final = {
    "string_type": "a text is needed here: put it in quotes if it looks like something else",
    "dict_type": "a mapping of keys and values is needed here",
    "model_type": "a mapping of keys and values is needed here",
    "model_attributes_type": "a mapping of keys and values is needed here",
    "list_type": "a list is needed here: write each item on a line that begins with `- `",
    "int_type": "a whole number is needed here",
    "int_parsing": "a whole number is needed here",
    "int_from_float": "a whole number is needed here",
    "too_short": "this must not be empty",
}
_PATTERNS: Final = {
    r"^=": "an expression begins with `=`, for example `=patient.id`",
    r"^[a-z][a-z0-9_]{0,39}$": "a name is a letter and up to 39 more lower-case letters, digits and underscores",
    r"^[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*$": "name a system and what it shall do, for example `calendar.hold`",
    WORD: "write one word here, in letters only",
    r"^[A-Z]{3}$": "a currency is three capital letters, for example USD",
    r"^tell [a-z][a-z0-9_]*$": "write `tell` and an operator's name, or `{refuse: <message>}`",
}


def in_words(mistake: ErrorDetails, path: Path) -> str:
    """Say what is wrong at `path`."""
    say = _SAYINGS.get(mistake["type"])
    if say is not None:
        return say(mistake, path)
    return _SHAPES.get(mistake["type"]) or mistake["msg"][:1].lower() + mistake["msg"][1:]


def _unknown_key(mistake: ErrorDetails, path: Path) -> str:
    allowed = allowed_keys(mistake, path[:-1])
    return f"`{path[-1]}` is not known here{nearest(str(path[-1]), allowed)}: there is {', '.join(allowed)}"


def _pattern(mistake: ErrorDetails, _: Path) -> str:
    pattern = mistake.get("ctx", {}).get("pattern", "")
    return _PATTERNS.get(pattern, "a name has lower-case letters, digits and hyphens")


def allowed_keys(mistake: ErrorDetails, path: Path) -> list[str]:
    """List the keys that may stand in the mapping at `path`."""
    if mistake["type"] == "union_tag_invalid":
        return list(CONFIRMATIONS if "confirm" in path or "otherwise" in path else VERBS)
    model = _model_at([part for part in mistake["loc"] if part != "[key]"][:-1])
    return [field.alias or name for name, field in model.model_fields.items()] if model else []


def expected_words(mistake: ErrorDetails) -> list[str]:
    """Return the words of which one is expected, nearest first."""
    words = str(mistake.get("ctx", {}).get("expected", "")).replace("'", "").replace(" or ", ", ").split(", ")
    given = mistake["input"]
    return sorted(words, key=lambda word: not (isinstance(given, str) and nearest(given, [word])))


def _which(mistake: ErrorDetails, path: Path) -> str:
    given = mistake["input"]
    allowed = allowed_keys(mistake, path)
    what = "a confirmation" if "tell" in allowed else "a step"
    if not isinstance(given, Mapping):
        return f"{what} is a mapping that begins with one of {', '.join(allowed)}"
    hint = next((found for key in given if (found := nearest(str(key), allowed))), "")
    return f"{what} needs one of {', '.join(allowed)}{hint}"


def _hint(mistake: ErrorDetails) -> str:
    given = mistake["input"]
    return nearest(given, expected_words(mistake)) if isinstance(given, str) else ""


def _model_at(loc: list[str | int]) -> type[Part] | None:
    """Walk the models along pydantic's own path, whose tags tell which model of a union was meant."""
    found: Any = Tenant
    for part in loc:
        found = _step_into(found, part)
    models = [each for each in _options(found) if isinstance(each, type) and issubclass(each, Part)]
    return models[0] if models else None


def _step_into(annotation: Any, part: str | int) -> Any:
    if isinstance(part, str) and part.startswith(TAG):
        return next((each for each, tag in _tagged(annotation) if tag == part), None)
    for each in _options(annotation):
        if isinstance(each, type) and issubclass(each, Part):
            fields = {field.alias or name: field for name, field in each.model_fields.items()}
            return fields[str(part)].annotation if str(part) in fields else None
        if get_origin(each) in {dict, list}:
            return get_args(each)[-1]
    return None


def _options(annotation: Any) -> Iterator[Any]:
    origin = get_origin(annotation)
    if origin is Annotated:
        yield from _options(get_args(annotation)[0])
    elif origin in {Union, types.UnionType}:
        for each in get_args(annotation):
            yield from _options(each)
    elif origin is not Literal:
        yield annotation


def _tagged(annotation: Any) -> Iterator[tuple[Any, str]]:
    if get_origin(annotation) is Annotated:
        for mark in get_args(annotation)[1:]:
            if isinstance(mark, Tag):
                yield get_args(annotation)[0], mark.tag
        yield from _tagged(get_args(annotation)[0])
    elif get_origin(annotation) in {Union, types.UnionType}:
        for each in get_args(annotation):
            yield from _tagged(each)


_SAYINGS: Final[Mapping[str, Callable[[ErrorDetails, Path], str]]] = {
    "too_long": lambda mistake, _: f"there are too many here: at most {mistake.get('ctx', {}).get('max_length')}",
    "missing": lambda _, path: f"`{path[-1]}` is missing here",
    "extra_forbidden": _unknown_key,
    "union_tag_invalid": _which,
    "literal_error": lambda mistake, _: f"write {mistake.get('ctx', {}).get('expected', '')}{_hint(mistake)}",
    "string_pattern_mismatch": _pattern,
    "value_error": lambda mistake, _: str(mistake.get("ctx", {}).get("error", mistake["msg"])),
}
