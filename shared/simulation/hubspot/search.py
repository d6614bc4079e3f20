"""HubSpot's search as the sandbox does it: filters, sorting, pages.

Source: https://developers.hubspot.com/docs/api-reference/search/guide.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from fnmatch import fnmatchcase
from typing import Any

MOST_GROUPS = 5
MOST_FILTERS = 6
LONGEST_PAGE = 200

Properties = Mapping[str, str]


class BadSearchError(Exception):
    """The search is malformed; the message is HubSpot's."""


def matching(records: Sequence[tuple[str, Properties]], search: Any, known: Callable[[str], bool]) -> list[str]:
    """Return the ids of the records that match, sorted. Raises BadSearchError."""
    groups = search.get("filterGroups", [])
    if len(groups) > MOST_GROUPS or any(len(group.get("filters", [])) > MOST_FILTERS for group in groups):
        raise BadSearchError("There was a problem with the request: too many filter groups or filters.")
    for condition in (condition for group in groups for condition in group.get("filters", [])):
        if not known(condition.get("propertyName", "")):
            raise BadSearchError(f"There was a problem with the request: no property {condition.get('propertyName')}.")
        if condition.get("operator") not in OPERATORS:
            raise BadSearchError("There was a problem with the request: no such operator.")
    found = [(id_, shown) for id_, shown in records if not groups or any(_all_fit(shown, group) for group in groups)]
    for order in reversed(search.get("sorts", [])):
        name, falling = order["propertyName"], order.get("direction") == "DESCENDING"
        found.sort(key=lambda record, name=name: record[1].get(name, ""), reverse=falling)  # type: ignore[misc]
    return [id_ for id_, _ in found]


def page(ids: Sequence[str], search: Any) -> tuple[Sequence[str], str | None]:
    """Cut one page out of the found ids, and name where the next one begins. Raises BadSearchError."""
    limit = search.get("limit", 10)
    if not isinstance(limit, int) or not 0 < limit <= LONGEST_PAGE:
        raise BadSearchError(f"There was a problem with the request: limit must be at most {LONGEST_PAGE}.")
    after = str(search.get("after") or "0")
    if not after.isdecimal():
        raise BadSearchError("There was a problem with the request: invalid after.")
    begin = int(after)
    end = begin + limit
    return ids[begin:end], str(end) if end < len(ids) else None


def _all_fit(shown: Properties, group: Any) -> bool:
    return all(
        OPERATORS[condition["operator"]](shown.get(condition["propertyName"]), str(condition.get("value", "")))
        for condition in group["filters"]
    )


def _has_token(text: str | None, wanted: str) -> bool:
    """Tell whether a word of the text, HTML aside, is the wanted one; `*` in the wanted word stands for anything."""
    words = re.findall(r"\w+", re.sub(r"<[^>]*>", " ", text or "").lower())
    return any(fnmatchcase(word, wanted.lower()) for word in words)


OPERATORS: Mapping[str, Callable[[str | None, str], bool]] = {
    "EQ": lambda text, wanted: text is not None and text.lower() == wanted.lower(),
    "NEQ": lambda text, wanted: text is None or text.lower() != wanted.lower(),
    "HAS_PROPERTY": lambda text, _: bool(text),
    "NOT_HAS_PROPERTY": lambda text, _: not text,
    "CONTAINS_TOKEN": _has_token,
    "NOT_CONTAINS_TOKEN": lambda text, wanted: not _has_token(text, wanted),
}
