"""Whatever happens to a good file, it loads or says what is wrong at places that exist."""

import json
from pathlib import Path
from typing import Any

import yaml
from hypothesis import HealthCheck, given, settings, strategies as st

from followthrough.errors import Misconfigured, Problem
from followthrough.tenant.positions import read
from tests.tenant.adapters import loaded

TEXT = (Path(__file__).parents[2] / "tenants" / "brightsmile" / "tenant.yaml").read_text()
DATA = json.loads(json.dumps(read(TEXT).data, default=str))

Path_ = tuple[str | int, ...]


def _paths(data: Any, path: Path_ = ()) -> list[Path_]:
    items = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    return [found for key, part in items for found in ((*path, key), *_paths(part, (*path, key)))]


PATHS = _paths(DATA)
WORDS = ["", "=", "=true", "=patient", "=nope.x", "x", "a b", "yes", "no", "=1 +", "{{ x", "{{ slot }}", "{% if", "> 3"]
VALUES = st.one_of(
    st.sampled_from(WORDS),
    st.text(max_size=12),
    st.integers(),
    st.booleans(),
    st.none(),
    st.floats(allow_nan=False, allow_infinity=False),
    st.sampled_from([[], {}, [[]], {"": {}}, {"a": 1}, ["x"], [None], {"refuse": 3}, {"tell": []}]),
    st.sampled_from(PATHS).map(lambda path: _at(DATA, path)),
)
CHANGES = st.tuples(st.sampled_from(PATHS), st.sampled_from(["set", "delete", "rename", "double"]), VALUES)


def _at(data: Any, path: Path_) -> Any:
    for part in path:
        data = data[part]
    return data


def _change(data: Any, path: Path_, how: str, value: Any) -> None:
    try:
        holder = _at(data, path[:-1])
        key: Any = path[-1]
        if how == "set":
            holder[key] = value
        elif how == "delete":
            del holder[key]
        elif how == "rename" and isinstance(holder, dict):
            holder[f"{key}{value}" if isinstance(value, str) else str(key)[1:]] = holder.pop(key)
        elif isinstance(holder, list):
            holder.append(holder[key])
    except (KeyError, IndexError, TypeError):
        return  # an earlier change took this place away


def test_unchanged() -> None:
    """The file loads as it is, and as it is written anew: what the others find is due to their change."""
    assert loaded(TEXT) == loaded(yaml.safe_dump(DATA, allow_unicode=True, sort_keys=False))


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(CHANGES, min_size=1, max_size=3))
def test_mutations(changes: list[tuple[Path_, str, Any]]) -> None:
    """Renaming, deleting, doubling or replacing anything is no crash, and every problem has a place in the file."""
    data = json.loads(json.dumps(DATA))
    for path, how, value in changes:
        _change(data, path, how, value)
    text = yaml.safe_dump(data, allow_unicode=True, sort_keys=False, width=10_000)
    _check(text)


@settings(max_examples=75, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.integers(0, len(TEXT) - 1), st.integers(0, 30), st.text(max_size=10))
def test_broken_text(start: int, size: int, instead: str) -> None:
    """Cutting anything out of the file's text, or writing anything into it, is never a crash either."""
    _check(TEXT[:start] + instead + TEXT[start + size :])


def _check(text: str) -> None:
    lines = [*text.splitlines(), ""]
    for problem in _problems(text):
        assert problem.message
        assert 1 <= problem.line <= len(lines), problem
        assert 1 <= problem.column <= len(lines[problem.line - 1]) + 1, problem


def _problems(text: str) -> list[Problem]:
    try:
        loaded(text)
    except Misconfigured as misconfigured:
        return misconfigured.problems
    return []
