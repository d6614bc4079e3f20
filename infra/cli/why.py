"""Explain a decision in a paragraph, from what its trace entry keeps."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from babel.numbers import format_currency

from followthrough.errors import Missing
from followthrough.ledger.models import TraceEntry
from followthrough.tenant.money import to_major

_KINDS = (
    "decided",
    "identified",
    "retrieved",
    "answered",
    "acted",
    "ended",
    "effect",
    "undo",
    "told",
    "closed",
    "delayed",
)
"""What a step's entries can be, the kind that explains most first."""


def explain(entries: Sequence[TraceEntry], step: str) -> dict[str, Any]:
    """Return the last decision of a step with its explanation. Raises Missing with the steps that there are."""
    own = [entry for entry in entries if entry.fact.step == step and entry.fact.kind in _KINDS]
    if not own:
        steps = dict.fromkeys(entry.fact.step for entry in entries if entry.fact.kind in _KINDS)
        raise Missing(f"nothing was decided at {step!r}; there are: {', '.join(steps)}")
    entry = min(reversed(own), key=lambda it: _KINDS.index(it.fact.kind))
    fact = entry.fact
    release = fact.facts.get("release") or _release(entries)
    return {
        "execution": entry.execution,
        "sequence": entry.sequence,
        "at": entry.at.isoformat(),
        "step": step,
        "kind": fact.kind,
        "outcome": fact.outcome,
        "reason": fact.reason,
        "fired": fact.facts.get("fired"),
        "not_fired": fact.facts.get("not fired", []),
        "inputs": fact.personal.get("inputs"),
        "result": fact.personal.get("result"),
        "release": release,
        "hash": entry.hash,
        "explanation": _paragraph(entry, release),
    }


def _paragraph(entry: TraceEntry, release: str | None) -> str:
    fact = entry.fact
    said = [f"On {_day(entry.at)}, step “{fact.step}” came out as “{fact.outcome}”: {_sentence(fact.reason)}"]
    inputs = fact.personal.get("inputs")
    if inputs:
        said.append(f"What was looked at: {_values(_priced(inputs, fact.facts))}.")
    elif inputs is None and fact.kind == "decided":
        said.append("What was looked at was personal and has been erased.")
    if fact.facts.get("not fired"):
        said.append(f"What did not apply: {'; '.join(fact.facts['not fired'])}.")
    result = fact.personal.get("result")
    if isinstance(result, Mapping) and result and fact.kind == "decided":
        said.append(f"The result: {_values(_priced(result, fact.facts))}.")
    if release:
        said.append(f"These were the rules of release {release}, which this request began with and kept.")
    return " ".join(said)


def _priced(values: Mapping[str, Any], facts: Mapping[str, Any]) -> Mapping[str, Any]:
    """Write what is money as people do."""
    amounts = {name: values[name] for name in facts.get("money", []) if isinstance(values.get(name), int)}
    currency = facts.get("currency", "")
    return {
        **values,
        **{name: format_currency(to_major(it, currency), currency, locale="en_US") for name, it in amounts.items()},
    }


def _release(entries: Sequence[TraceEntry]) -> str | None:
    return next((entry.fact.facts.get("release") for entry in entries if entry.fact.kind == "accepted"), None)


def _sentence(reason: str) -> str:
    return reason if reason.endswith((".", "!", "?")) else f"{reason}."


def _values(values: Mapping[str, Any]) -> str:
    return ", ".join(f"{name} is {_value(value)}" for name, value in values.items())


def _value(value: Any) -> str:
    if value is None:
        return "not known"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Mapping):
        return f"({_values(value)})"
    if isinstance(value, list):
        return "; ".join(_value(one) for one in value) or "nothing"
    return str(value)


def _day(at: datetime) -> str:
    return f"{at.day} {at:%B %Y} at {at:%H:%M} UTC"
