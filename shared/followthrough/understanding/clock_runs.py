"""The runs of numbers and clock words in a text: what stands together is read together, or not at all (tokenizer)."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from followthrough.understanding.clock_words import NUMBERS, TOKEN, TOKENS


class Token(NamedTuple):
    """A word or sign of a text: its kind and symbol, as `TOKENS` has them, and where it begins and ends."""

    kind: str
    symbol: str
    start: int
    end: int


class Run(NamedTuple):
    """Clock words that stand together in a text, at least one of them a number."""

    tokens: tuple[Token, ...]

    @property
    def symbols(self) -> str:
        """What the run says, a space between two symbols."""
        return " ".join(token.symbol for token in self.tokens)

    @property
    def start(self) -> int:
        """Where the run begins in the text."""
        return self.tokens[0].start

    @property
    def end(self) -> int:
        """Where it ends."""
        return self.tokens[-1].end


# By the kinds of `TOKENS`. In a span "a las" may join two hours, "de 3 a las 5"; elsewhere "at" begins another run.
_RUN = re.compile(r"F[AB]*[NJU1](?:[TU]|[KBA]*[NJ]|[KBA]+1)*|[AB]*[NJU1](?:[TU]|[NJ]|[KB][KBA]*[NJ1])*")


def runs(text: str) -> Iterator[Run]:
    """Find every run in folded `text`. "Between 3 and 5" is one, and so is "at 3" in "at 3 and Ann comes too"."""
    tokens = [_token(match) for match in TOKEN.finditer(text)]
    for match in _RUN.finditer("".join(token.kind for token in tokens)):
        yield Run(tuple(tokens[match.start() : match.end()]))


def _token(match: re.Match[str]) -> Token:
    assert match.lastgroup is not None, "every alternative is a group"
    kind, symbol, _ = TOKENS[int(match.lastgroup[1:])]
    if symbol == "w":
        symbol = f"w{NUMBERS[match[0]]}"
    elif symbol == "w0":
        last = match[0].removeprefix("o").removeprefix("h").strip(" -")
        symbol = f"w0{last if last.isdecimal() else NUMBERS[last]}"
    return Token(kind, symbol or match[0], match.start(), match.end())
