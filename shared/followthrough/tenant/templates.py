"""The words that parties read: a small part of Liquid that can name what exists and nothing else.

There are no assignments, captures, includes, ranges or cases, one level of `for`, and a handful of filters, so that a
template can exhaust neither memory nor time. What does not exist is an error when a tenant is published; in an `if`
it counts as false when the message is rendered.
"""

from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache
from typing import Any, Final

from liquid import Environment, FalsyStrictUndefined, Mode
from liquid.builtin.filters.array import first, join, last
from liquid.builtin.filters.misc import default, size
from liquid.builtin.filters.string import capitalize, downcase, strip, upcase
from liquid.exceptions import LiquidError
from liquid.template import BoundTemplate

from followthrough.errors import FollowthroughError
from followthrough.tenant.complaints import Mistake
from followthrough.tenant.formats import FORMATS, Formats, date_filter, date_long, money, time_filter
from followthrough.tenant.mentions import check_nodes
from followthrough.tenant.types import Scope

LONGEST: Final = 2_000
"""A template's characters."""

LONGEST_OUTPUT: Final = 4_000
"""A message's characters."""

LONGEST_TEXT: Final = 2_000
"""How much of one variable a message shows: a customer's words may be long."""

MOST_ITEMS: Final = 50

_TAGS: Final = frozenset({"if", "unless", "for", "break", "continue"})
_FILTERS: Final[Mapping[str, Any]] = {
    "capitalize": capitalize,
    "date": date_filter,
    "date_long": date_long,
    "default": default,
    "downcase": downcase,
    "first": first,
    "join": join,
    "last": last,
    "money": money,
    "size": size,
    "strip": strip,
    "time": time_filter,
    "upcase": upcase,
}


class NotWorded(FollowthroughError):  # noqa: N818
    """A message could not be rendered. The message says why and never quotes the data."""


class _Words(Environment):
    loop_iteration_limit = 200
    output_stream_limit = LONGEST_OUTPUT
    block_nesting_limit = 10
    context_depth_limit = 12

    def setup_tags_and_filters(self, *, extra: bool = False) -> None:
        super().setup_tags_and_filters(extra=extra)
        # Names that are no words are the parser's own: literal text, output, and tags out of place.
        self.tags = {
            name: tag for name, tag in self.tags.items() if name in _TAGS or not name.isalpha() or name in _OWN
        }
        self.filters = dict(_FILTERS)


_OWN: Final = frozenset({"content", "output", "illegal", "literal", "statement"})


def check(template: str, scope: Scope | None) -> None:
    """Check a template against the variables that exist where it is said (None: only its form). Raises Mistake."""
    check_nodes(parsed(template).nodes, scope)


def variables(template: str) -> set[str]:
    """Return the dotted paths that a template mentions. Raises Mistake."""
    found = parsed(template).analyze().globals
    return {".".join(map(str, each.segments)) for uses in found.values() for each in uses}


def render(wording: Mapping[str, str], formats: Formats, values: Mapping[str, Any]) -> str:
    """Say a wording in the language spoken, else in the tenant's first. Values are JSON values. Raises NotWorded."""
    spoken = formats if wording.get(formats.language) else replace(formats, language=formats.fallback)
    template = wording.get(spoken.language)
    if template is None:
        raise NotWorded(f"there are no words in {formats.language} or {formats.fallback}")
    try:
        return parsed(template).render(**{**_capped(values), FORMATS: spoken}).strip()
    except Mistake as mistake:
        raise NotWorded("the template is not valid") from mistake
    except LiquidError as error:
        raise NotWorded(f"the template could not be rendered: {type(error).__name__}") from None


@lru_cache(maxsize=512)
def parsed(template: str) -> BoundTemplate:
    """Read a template that holds nothing but our part of Liquid. Raises Mistake."""
    if len(template) > LONGEST:
        raise Mistake(f"a message has at most {LONGEST} characters")
    try:
        parsed = _ENVIRONMENT.from_string(template)
    except LiquidError as error:
        token = error.token
        raise Mistake(_in_words(str(error.message)), max(token.start_index, 0) if token else 0) from None
    except RecursionError:
        raise Mistake("the message is nested too deeply") from None
    check_nodes(parsed.nodes, None)
    return parsed


def _in_words(message: str) -> str:
    if "unexpected tag" in message or "unknown tag" in message:
        return f"{message}: messages have `if`, `unless` and `for`"
    return f"the message cannot be read ({message})"


def _capped(value: Any) -> Any:
    if isinstance(value, str):
        return value[:LONGEST_TEXT]
    if isinstance(value, Mapping):
        return {name: _capped(part) for name, part in value.items()}
    return [_capped(item) for item in value[:MOST_ITEMS]] if isinstance(value, list | tuple) else value


_ENVIRONMENT: Final = _Words(undefined=FalsyStrictUndefined, tolerance=Mode.STRICT)
