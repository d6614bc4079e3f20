"""From the text of a tenant's file to plain data, remembering where everything stands."""

from dataclasses import dataclass, field
from typing import Any, Final

import yaml

from followthrough.errors import Problem
from followthrough.tenant.scalars import Scalar, Surprise, read_key, read_scalar

LARGEST: Final = 256 * 1024
"""In bytes of UTF-8."""

TOO_LARGE: Final = f"the file is larger than {LARGEST // 1024} KB: move what is long elsewhere"

DEEPEST: Final = 20

Path = tuple[str | int, ...]
"""Where something stands in the data: keys and 0-based indexes."""

Place = tuple[int, int]
"""1-based line and column."""


@dataclass
class Places:
    """Where keys and values stand in the text."""

    keys: dict[Path, Place] = field(default_factory=dict)
    values: dict[Path, Place] = field(default_factory=dict)
    inner: dict[Path, Place] = field(default_factory=dict)

    def value(self, path: Path) -> Place:
        """Return where the value at `path` begins, or the nearest thing around it that exists."""
        while path and path not in self.values:
            path = path[:-1]
        return self.values.get(path, (1, 1))

    def key(self, path: Path) -> Place:
        """Return where the key of `path` stands; an item of a list has none, so its value's place."""
        return self.keys.get(path) or self.value(path)

    def inside(self, path: Path, line: int, column: int) -> Place:
        """Return the place of a 1-based line and column within the text at `path`.

        Exact for text on one line and for `|` blocks; elsewhere YAML folds lines, so it is where the text begins.
        """
        start = self.inner.get(path)
        if start is None:
            return self.value(path)
        return (start[0] + line - 1, start[1] + column - 1)


@dataclass
class Document:
    """What a file says: plain data (None when unreadable), where it stands, and what is wrong with it as YAML."""

    data: Any
    places: Places
    problems: list[Problem]


def read(text: str) -> Document:
    """Read one YAML document of mappings with text keys, lists and scalars; decimals stay exact.

    Anchors, tags, several documents, repeated keys and words that readers disagree on are problems, not surprises.
    """
    if len(text.encode(errors="replace")) > LARGEST:
        return _unreadable((1, 1), TOO_LARGE)
    text = text.removeprefix("\ufeff")
    try:
        problems = _forbidden(text)
        if problems:
            return Document(None, Places(), problems)
        node = yaml.compose(text, Loader=yaml.CSafeLoader)
    except yaml.MarkedYAMLError as error:
        place = _place(error.problem_mark or error.context_mark)
        return _unreadable(place, _in_words(error, text, place))
    except (yaml.YAMLError, UnicodeEncodeError):
        return _unreadable((1, 1), "the file holds characters that YAML does not allow: save it as plain UTF-8 text")
    if node is None:
        return _unreadable((1, 1), "the file is empty: it must say at least `tenant: ...`")
    reader = _Reader(text.splitlines())
    data = reader.value(node, ())
    nothing = Problem(1, 1, "(file)", "the file says nothing: it must say at least `tenant: ...`")
    return Document(data, reader.places, reader.problems or ([nothing] if data is None else []))


def path_in_words(path: Path) -> str:
    """Write a path as people do: `services.cleaning.steps[2].using`."""
    words = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in path)
    return words.removeprefix(".") or "(file)"


@dataclass
class _Reader:
    lines: list[str]
    places: Places = field(default_factory=Places)
    problems: list[Problem] = field(default_factory=list)

    def value(self, node: yaml.Node, path: Path) -> Any:
        self.places.values[path] = _place(node.start_mark)
        match node:
            case yaml.MappingNode():
                return self._mapping(node, path)
            case yaml.SequenceNode():
                return [self.value(item, (*path, index)) for index, item in enumerate(node.value)]
            case yaml.ScalarNode():
                return self._scalar(node, path)
        raise AssertionError("YAML has mappings, lists and scalars")

    def _mapping(self, node: yaml.MappingNode, path: Path) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for key_node, value_node in node.value:
            place = _place(key_node.start_mark)
            try:
                key = self._key(key_node)
            except Surprise as surprise:
                self._report(place, path, str(surprise))
                continue
            if key in found:
                first = self.places.keys[*path, key][0]
                self._report(place, (*path, key), f"`{key}` is said twice, first on line {first}: keep one of the two")
                continue
            self.places.keys[*path, key] = place
            found[key] = self.value(value_node, (*path, key))
        return found

    def _key(self, node: yaml.Node) -> str:
        if not isinstance(node, yaml.ScalarNode):
            raise Surprise("a list or mapping cannot be a key: a key is a word")
        text: str = node.value
        return text if node.style else read_key(text)

    def _scalar(self, node: yaml.ScalarNode, path: Path) -> Scalar:
        text: str = node.value
        self._remember_inside(node, path)
        if node.style:
            return text
        try:
            return read_scalar(text)
        except Surprise as surprise:
            self._report(_place(node.start_mark), path, str(surprise))
            return text

    def _remember_inside(self, node: yaml.ScalarNode, path: Path) -> None:
        line, column = _place(node.start_mark)
        if node.style == "|":
            following = self.lines[line] if line < len(self.lines) else ""
            self.places.inner[path] = (line + 1, len(following) - len(following.lstrip()) + 1)
        elif node.start_mark.line == node.end_mark.line:
            self.places.inner[path] = (line, column + bool(node.style))

    def _report(self, place: Place, path: Path, message: str) -> None:
        self.problems.append(Problem(*place, path_in_words(path), message))


def _forbidden(text: str) -> list[Problem]:
    """Look through the events, before anything nested is built, for what this language leaves out."""
    problems: list[Problem] = []
    depth = documents = 0
    for event in yaml.parse(text, Loader=yaml.CSafeLoader):
        message = None
        if isinstance(event, yaml.AliasEvent):
            message = f"`*{event.anchor}` refers to another place: write it out here"
        elif isinstance(event, yaml.NodeEvent) and event.anchor is not None:
            message = f"`&{event.anchor}` is not needed: nothing may refer to it, so leave it out"
        elif isinstance(event, yaml.ScalarEvent | yaml.CollectionStartEvent) and event.tag is not None:
            message = "tags such as `!!str` are not allowed: put text in quotes instead"
        elif isinstance(event, yaml.DocumentStartEvent):
            documents += 1
            message = "a second document begins here: one file describes one tenant" if documents > 1 else None
        if message:
            problems.append(Problem(*_place(event.start_mark), "(file)", message))
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > DEEPEST:
            nested = f"this is nested more than {DEEPEST} levels deep: nothing in a tenant's file is"
            return [*problems, Problem(*_place(event.start_mark), "(file)", nested)]
    return problems


def _in_words(error: yaml.MarkedYAMLError, text: str, place: Place) -> str:
    problem = error.problem or "it is not YAML"
    if "mapping values are not allowed" in problem:
        return "a colon followed by a space stands where no key can be: put the whole text in quotes"
    line = text.splitlines()[place[0] - 1 : place[0]]
    if line and line[0][place[1] - 1 : place[1]] == "\t":
        return "a tab stands here: indent with spaces"
    hint = "check the indentation and the brackets, and put text with special characters in quotes"
    return f"this is not readable as YAML ({problem}): {hint}"


def _unreadable(place: Place, message: str) -> Document:
    return Document(None, Places(), [Problem(*place, "(file)", message)])


def _place(mark: Any) -> Place:
    """PyYAML counts from 0, people and editors from 1."""
    return (mark.line + 1, mark.column + 1) if mark else (1, 1)
