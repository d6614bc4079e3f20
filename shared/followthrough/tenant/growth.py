"""Loops of an expression (`all`, `exists`, `filter`, `map`), and what may not stand in one so that nothing can grow.

CEL bounds how often loops go round, and not how large a value becomes: each round of a loop may double what the one
before it made. So where an expression loops it neither adds up nor makes lists of variables.
"""

import re
from typing import Final

_TEXT: Final = re.compile(r"""("(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*')""")
_LOOP: Final = re.compile(r"\.\s*(?:all|exists|exists_one|existsOne|filter|map|transformList|transformMap)\s*\(")
_GROWS: Final = re.compile(r"\+|[\[{][^\]}]*?[A-Za-z_(]")


def loops(source: str) -> bool:
    """Whether an expression goes through a list."""
    return _LOOP.search(_bare(source)) is not None


def growing(source: str) -> int | None:
    """Return where an expression that loops makes something larger; None where nothing can grow."""
    bare = _bare(source)
    found = _GROWS.search(bare) if _LOOP.search(bare) else None
    return found.start() if found else None


def _bare(source: str) -> str:
    """Blank out what stands in quotes, so that every place stays what it was."""
    return _TEXT.sub(lambda text: " " * len(text[0]), source)
