"""From plain data to the models, with every mistake of form at its place.

One mistake must not hide the others: a wrong part is reported, mended or left out, and the rest is read again. What
was left out is remembered, so that nobody is told that it is missing.
"""

from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from followthrough.errors import Problem
from followthrough.tenant.complaints import nearest
from followthrough.tenant.explain import allowed_keys, expected_words, in_words
from followthrough.tenant.models import TAG, VERBS, Tenant
from followthrough.tenant.positions import Path, Place, Places, path_in_words
from followthrough.tenant.segments import Encoding

_ROUNDS: Final = 60
_STAND_INS: Final[dict[str, Any]] = {
    "tenant": "unnamed",
    "name": "unnamed",
    "locale": "en-US",
    "languages": ["en"],
    "time_zone": "UTC",
    "currency": "USD",
    "channels": {},
    "systems": {},
    "operators": {},
    "messages": {},
    "not understood": {"ask": "unnamed", "give up": "unnamed"},
    "alerts": {"by": ["unnamed"], "say": "unnamed"},
    "otherwise": [{"tell": "customer", "by": ["unnamed"], "say": "unnamed"}],
}


class TextLength(NamedTuple):
    """A wording that is told by text, and how it is sent at a usual length of what it shows."""

    path: str
    encoding: Encoding
    characters: int
    parts: int


MOST_TOLD: Final = 200
"""Mistakes, and warnings: who has that many mends some before anybody looks for more."""


class Enough(Exception):  # noqa: N818  what is said when nothing more is to be told
    """A report is full: whatever else a file holds, it is not looked at."""


@dataclass
class Report:
    """Collects mistakes and warnings and knows where they stand in the file, also after something was left out."""

    places: Places
    problems: list[Problem]
    kept: dict[Path, list[int]] = field(default_factory=dict)
    renamed: dict[Path, str] = field(default_factory=dict)
    left_out: set[Path] = field(default_factory=set)
    names: set[str] = field(default_factory=set)
    """Every word that was left out: nobody is told that something of this name does not exist."""
    warnings: list[Problem] = field(default_factory=list)
    """What may be meant so: it is told, and refuses nothing."""
    texts: list[TextLength] = field(default_factory=list)
    surprises: set[Place] = field(init=False)
    _told: set[Problem] = field(default_factory=set)

    def __post_init__(self) -> None:
        """Remember the places that are wrong as YAML."""
        self.surprises = {(problem.line, problem.column) for problem in self.problems}

    def add(self, path: Path, message: str, *, key: bool = False) -> None:
        """Report a mistake at a value, or at its key."""
        self._add(self.problems, self._at(path, key=key), path, message)

    def add_inside(self, path: Path, text: str, offset: int, message: str) -> None:
        """Report a mistake at a character of the text that stands at `path`."""
        self._add(self.problems, self._inside(path, text, offset), path, message)

    def warn(self, path: Path, message: str, *, key: bool = False) -> None:
        """Warn of something at a value, or at its key."""
        self._add(self.warnings, self._at(path, key=key), path, message)

    def warn_inside(self, path: Path, text: str, offset: int, message: str) -> None:
        """Warn of something at a character of the text that stands at `path`."""
        self._add(self.warnings, self._inside(path, text, offset), path, message)

    def original(self, path: Path) -> Path:
        """Return where something stood before anything was left out."""
        found: Path = ()
        mended: Path = ()
        for part in path:
            mended = (*mended, part)
            if isinstance(part, int):
                kept = self.kept.get(found)
                found = (*found, kept[part] if kept is not None and part < len(kept) else part)
            else:
                found = (*found, self.renamed.get((*found, part), part))
        return found

    def _at(self, path: Path, *, key: bool) -> Place:
        original = self.original(path)
        return self.places.key(original) if key else self.places.value(original)

    def _inside(self, path: Path, text: str, offset: int) -> Place:
        before = text[:offset].split("\n")
        return self.places.inside(self.original(path), len(before), len(before[-1]) + 1)

    def _add(self, found: list[Problem], place: Place, path: Path, message: str) -> None:
        problem = Problem(*place, path_in_words(self.original(path)), message)
        # A word that readers disagree on is told once, as that: whatever else it may be is not known yet.
        if problem in self._told or place in self.surprises:
            return
        if len(found) >= MOST_TOLD:
            raise Enough
        self._told.add(problem)
        found.append(problem)


def shape(data: Any, report: Report) -> Tenant | None:
    """Return as much of a tenant as could be read; None when that is nothing. Mistakes go to the report."""
    if not isinstance(data, dict):
        report.add((), "a tenant's file is a mapping that begins with `tenant: ...`")
        return None
    for _ in range(_ROUNDS):
        try:
            return Tenant.model_validate(data, by_alias=True, by_name=False)
        except ValidationError as error:
            mistakes = error.errors(include_url=False)
            meant = _meant(mistakes)
            for mistake in mistakes:
                if mistake["type"] != "missing" or _path(mistake) not in meant:
                    _report(mistake, report)
            for mistake in sorted(mistakes, key=_from_the_end, reverse=True):
                _mend(mistake, data, report)
    return None


def _meant(mistakes: list[ErrorDetails]) -> set[Path]:
    """Return the missing keys that were only misspelt: they are told once, where they were misspelt."""
    missing = {_path(mistake) for mistake in mistakes if mistake["type"] == "missing"}
    found: set[Path] = set()
    for mistake in mistakes:
        path = _path(mistake)
        if mistake["type"] == "extra_forbidden":
            siblings = [str(each[-1]) for each in missing if each[:-1] == path[:-1]]
            found |= {(*path[:-1], name) for name in siblings if nearest(str(path[-1]), [name])}
    return found


def _report(mistake: ErrorDetails, report: Report) -> None:
    path = _path(mistake)
    if mistake["type"] == "missing" and _was_left_out(path, report):
        return
    if mistake["type"] == "too_short" and any(gone[: len(path)] == report.original(path) for gone in report.left_out):
        return
    report.add(path, in_words(mistake, path), key=mistake["type"] == "extra_forbidden")


def _was_left_out(path: Path, report: Report) -> bool:
    return report.original(path) in report.left_out


def _mend(mistake: ErrorDetails, data: dict[str, Any], report: Report) -> None:
    """Rename a misspelt key, or leave out the smallest part that is wrong."""
    path = _path(mistake)
    if mistake["type"] == "missing":
        if len(path) == 1 and path[0] in _STAND_INS:
            data[str(path[0])] = _STAND_INS[str(path[0])]
            report.left_out.add(path)
            return
        path = path[:-1]
    elif _rename(mistake, path, data, report) or _reword(mistake, path, data):
        return
    _leave_out(path, data, report)


def _rename(mistake: ErrorDetails, path: Path, data: Any, report: Report) -> bool:
    """Read a misspelt key as the one that was meant, so that what stands under it is checked as well."""
    kind = mistake["type"]
    holder_path = path[:-1] if kind == "extra_forbidden" else path
    holder = _look(data, holder_path)
    if kind not in {"extra_forbidden", "union_tag_invalid"} or not isinstance(holder, dict):
        return False
    wrong = [str(path[-1])] if kind == "extra_forbidden" else list(holder)
    for key in wrong:
        meant = nearest(key, [each for each in allowed_keys(mistake, holder_path) if each not in holder])
        if meant and key in holder:
            new = meant.split("`")[1]
            report.renamed[*report.original(holder_path), new] = key
            holder[new] = holder.pop(key)
            return True
    return False


def _reword(mistake: ErrorDetails, path: Path, data: Any) -> bool:
    """Read a misspelt word as the one that was meant."""
    holder = _look(data, path[:-1])
    if mistake["type"] != "literal_error" or not isinstance(holder, dict):
        return False
    holder[str(path[-1])] = expected_words(mistake)[0]
    return True


def _leave_out(path: Path, data: dict[str, Any], report: Report) -> None:
    if path[-1:] and path[-1] in VERBS and isinstance(path[-2], int):
        path = path[:-1]  # a step without its verb is none
    holder = _look(data, path[:-1])
    original = report.original(path)
    gone = None
    if isinstance(holder, dict) and path and path[-1] in holder:
        gone = holder.pop(str(path[-1]))
    elif isinstance(holder, list) and path and isinstance(path[-1], int) and path[-1] < len(holder):
        gone = holder.pop(path[-1])
        where = report.original(path[:-1])
        report.kept.setdefault(where, list(range(len(holder) + 1))).pop(path[-1])
    elif len(path) > 1:
        _leave_out(path[:-1], data, report)
        return
    report.left_out.add(original)
    report.names.update(_words(gone), {str(part) for part in path[-1:]})


def _path(mistake: ErrorDetails) -> Path:
    """Return the path in the data: the tags of unions and the mark of a key are pydantic's own."""
    return tuple(
        part for part in mistake["loc"] if not (isinstance(part, str) and part.startswith(TAG)) and part != "[key]"
    )


def _from_the_end(mistake: ErrorDetails) -> tuple[tuple[int, int, str], ...]:
    return tuple((1, part, "") if isinstance(part, int) else (0, 0, part) for part in _path(mistake))


def _look(data: Any, path: Path) -> Any:
    for part in path:
        if isinstance(data, dict):
            data = data.get(part)
        else:
            data = data[part] if isinstance(data, list) and isinstance(part, int) and part < len(data) else None
    return data


def _words(value: Any) -> set[str]:
    if isinstance(value, dict):
        return set().union(*({str(key)} | _words(part) for key, part in value.items())) if value else set()
    if isinstance(value, list):
        return set().union(*map(_words, value)) if value else set()
    return {value, value.lower()} if isinstance(value, str) else set()
