"""Stripe's way with forms: `metadata[a]=b&expand[0]=c` is a mapping in a mapping, a list in a mapping.

Source: https://docs.stripe.com/api (nested parameters)
"""

import re
from collections.abc import Iterable, Mapping
from typing import Any


def nested(form: Mapping[str, list[str]]) -> dict[str, Any]:
    """Read a form into mappings; the last value of a name wins. Lists stay mappings from their index, in order."""
    tree: dict[str, Any] = {}
    for name, values in form.items():
        first, *rest = re.findall(r"[^\[\]]+", name) or [name]
        place = tree
        for key in (first, *rest)[:-1]:
            inner = place.setdefault(key, {})
            if not isinstance(inner, dict):
                inner = place[key] = {}
            place = inner
        place[(first, *rest)[-1]] = values[-1]
    return tree


class BadParameterError(Exception):
    """A parameter that Stripe refuses before anything is done: its code, its name and a sentence."""

    def __init__(self, code: str, param: str, message: str) -> None:
        """Keep what the error body says."""
        self.code, self.param, self.message = code, param, message
        super().__init__(message)


def checked(form: dict[str, Any], known: Iterable[str], needed: Iterable[str] = ()) -> dict[str, Any]:
    """Return the form. Raises BadParameterError for an unknown parameter and for a missing one."""
    for name in form:
        if name not in {*known, *needed, "expand"}:
            raise BadParameterError("parameter_unknown", name, f"Received unknown parameter: {name}")
    for name in needed:
        if form.get(name) in {None, ""}:
            raise BadParameterError("parameter_missing", name, f"Missing required param: {name}.")
    return form


def whole(form: Mapping[str, Any], name: str, otherwise: int) -> int:
    """Read a positive integer. Raises BadParameterError."""
    value = str(form.get(name, otherwise))
    if not re.fullmatch(r"[1-9]\d{0,8}", value):
        raise BadParameterError("parameter_invalid_integer", name, f"Invalid integer: {value}")
    return int(value)
