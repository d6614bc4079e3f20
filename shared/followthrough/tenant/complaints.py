"""What is wrong with an expression or a wording, said to an operator."""

from collections.abc import Iterable
from difflib import get_close_matches

from followthrough.tenant.types import Maybe, OneOf, Record, Scope, at, in_words


class Mistake(ValueError):  # noqa: N818  an operator makes mistakes
    """Something wrong inside one text; `offset` counts its characters up to the wrong place, `others` follow it.
    `unknown` is a variable that is not known here, and may be elsewhere.
    """

    def __init__(self, message: str, offset: int = 0, unknown: str | None = None) -> None:
        """Keep what is wrong, and where."""
        self.message = message
        self.offset = offset
        self.unknown = unknown
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


def never(name: str, word: str, of: OneOf) -> str:
    """Say that a choice is never this word, and which it may be."""
    return f"{name} is never `{word}`{nearest(word, of.words)}: it is {in_words(of)}"


def unknown_variable(path: str, scope: Scope, offset: int = 0) -> Mistake:
    """Say that there is no such variable here, or that it may be missing, and what there is."""
    root = path.partition(".")[0]
    if root in scope:
        return Mistake(_unknown_part(path, scope), offset)
    said = f"`{root}` is not known here{nearest(root, scope)}: there is {', '.join(sorted(scope))}"
    return Mistake(said, offset, unknown=root)


def _unknown_part(path: str, scope: Scope) -> str:
    parts = path.split(".")
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
