"""What a drawn tenant says, in a form that can be read back: what was done, what stands, and why.

The customer of a finished chain reads `[act id]` for each act whose variable exists; of any other, three lists.
"""

import re
from collections.abc import Iterable, Mapping
from typing import Any, Final

DONE: Final = "Finished:"
_LISTS: Final = ("stands", "undone", "unknown")

MESSAGES: Final[Mapping[str, str]] = {
    "which": "What would you like? We do everything.",
    "give_up": "Because of give_up.",
    "failed": "Because of failed.",
    "expired": "Because of expired.",
    "unsettled": "Because of unsettled.",
    "not_done": "Not finished ({{ outcome.status }}). {{ outcome.reason }} "
    + " ".join(f"{name}: {{{{ outcome.{name} | join: ', ' }}}};" for name in _LISTS)
    + " Ref. {{ reference }}.",
    "alert": "Alert: {{ problem.step }} ({{ problem.code }}). Ref. {{ reference }}.",
}
"""The messages that every drawn tenant has."""


def done_words(steps: Iterable[Mapping[str, Any]]) -> str:
    """Return the message of a finished chain, which names each act by its evidence."""
    claims = [_claim(step) for step in steps if "act" in step]
    return f"{DONE} {{{{ service.title }}}}. {''.join(claims)} Ref. {{{{ reference }}}}."


def _claim(step: Mapping[str, Any]) -> str:
    name = step["act"]
    claim = f"[{name} {{{{ {name}.id }}}}]"
    maybe = "only if" in step or step.get("if it fails") == "tell desk"
    return f"{{% if {name} %}}{claim}{{% endif %}}" if maybe else claim


def claimed(heard: str) -> dict[str, str]:
    """Return the acts that a finished chain's message names, with their ids."""
    return dict(re.findall(r"\[(\w+) (\S*?)\]", heard))


def listed(heard: str) -> dict[str, list[str]]:
    """Return the lists of acts in the message of a chain that did not finish."""
    found = dict(re.findall(r"(stands|undone|unknown): ([\w, ]*);", heard))
    return {name: sorted(filter(None, found[name].split(", "))) for name in _LISTS}


def reason(heard: str) -> str:
    """Return the name of the message that explained why a chain did not finish."""
    found = re.search(r"Because of (\w+)\.", heard)
    return found[1] if found else ""
