"""What is wrong with an expression or a wording, said to an operator: from the tools' words to ours."""

import re
from collections.abc import Iterable
from difflib import get_close_matches

from followthrough.tenant.types import Maybe, Record, Scope, at, in_words, known

_WORDS = {
    "string": "text",
    "int": "a whole number",
    "double": "a number with decimals",
    "bool": "yes or no",
    "google.protobuf.Timestamp": "a time",
    "null": "nothing",
}
_COMPARISONS = {"_==_", "_!=_", "_<_", "_<=_", "_>_", "_>=_"}


class Mistake(ValueError):  # noqa: N818  an operator makes mistakes
    """Something wrong inside one text; `offset` counts its characters up to the wrong place, `others` follow it."""

    def __init__(self, message: str, offset: int = 0) -> None:
        """Keep what is wrong, and where."""
        self.message = message
        self.offset = offset
        self.others: list[Mistake] = []
        super().__init__(message)

    @property
    def all(self) -> "list[Mistake]":
        """This one and the others."""
        return [self, *self.others]


def raise_all(mistakes: "list[Mistake]") -> None:
    """Raise the first mistake with all others at hand; without any, do nothing."""
    if mistakes:
        mistakes[0].others = mistakes[1:]
        raise mistakes[0]


def nearest(word: str, choices: Iterable[str]) -> str:
    """Return ` (did you mean ...?)` when one of the choices is close to the word, else nothing."""
    match = get_close_matches(word, list(choices), n=1, cutoff=0.6)
    return f" (did you mean `{match[0]}`?)" if match else ""


def unknown_variable(path: str, scope: Scope) -> str:
    """Say that there is no such variable here, or that it may be missing, and what there is."""
    parts = path.split(".")
    root = scope.get(parts[0])
    if root is None:
        hint = nearest(parts[0], scope)
        return f"`{parts[0]}` is not known here{hint}: there is {', '.join(sorted(scope))}"
    if isinstance(at(scope, parts), Maybe):
        return f"`{path}` may be missing here, because its step may be passed over or fail while the chain goes on"
    for size in range(2, len(parts) + 1):
        holder = at(scope, parts[: size - 1])
        holder = holder.of if isinstance(holder, Maybe) else holder
        name = ".".join(parts[: size - 1])
        if not isinstance(holder, Record):
            return (
                f"`{name}` is {in_words(holder)} and has no part `{parts[size - 1]}`"
                if holder
                else f"`{name}` is not known"
            )
        if parts[size - 1] not in holder.fields:
            hint = nearest(parts[size - 1], holder.fields)
            return f"`{name}` has no `{parts[size - 1]}`{hint}: it has {', '.join(holder.fields)}"
    return f"`{path}` has several parts and cannot be part of a larger expression: name one of them"


def mistake_of(said: str, source: str, offset: int, scope: Scope) -> Mistake:
    """Turn CEL's words about an expression into ours."""
    if match := re.match(r"undeclared reference to '([\w.]+)'", said):
        return _undeclared(match[1], source, offset, scope)
    if match := re.match(r"found no matching overload for '([^']+)' applied to '\((.*)\)'", said):
        message = _mismatch(match[1], [_WORDS.get(word, word) for word in match[2].split(", ")])
    elif match := re.match(r"reserved identifier: (\w+)", said):
        message = f"`{match[1]}` is a reserved word of expressions"
    elif said.startswith("Syntax error"):
        message = f"the expression cannot be read from here on ({said.partition(' expecting ')[0].lower()})"
    elif "recursion" in said:
        message = "the expression is nested too deeply: split it into several rules"
    else:
        message = f"the expression does not fit ({said})"
    return Mistake(message, offset)


def _undeclared(path: str, source: str, offset: int, scope: Scope) -> Mistake:
    if re.match(r"\s*\(", source[offset:]) and path not in known(scope):
        return Mistake(f"there is no function `{path}`", offset)
    begins = source.rfind(path, 0, offset + len(path))
    # CEL names as much of a path as it understood; people should see all of it.
    longer = re.match(r"[\w.]+", source[begins:]) if begins >= 0 else None
    return Mistake(unknown_variable(longer[0] if longer else path, scope), max(begins, 0))


def _mismatch(function: str, given: list[str]) -> str:
    if function in _COMPARISONS and len(given) > 1:
        message = f"{given[0]} cannot be compared with {given[1]}"
        mixed = {"a whole number", "a number with decimals"} == set(given)
        return f"{message}: write 3.0 instead of 3" if mixed else message
    return f"`{function.replace('_', ' ').strip()}` does not work with {' and '.join(given)}"
