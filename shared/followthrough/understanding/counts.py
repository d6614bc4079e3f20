"""Numbers that count things of a trade, "3 teeth", which are no hours: the tenant says which things it counts."""

import re
from collections.abc import Iterable

from followthrough.understanding.calendar_words import any_of
from followthrough.understanding.clock_words import HOURS
from followthrough.understanding.folding import words_of


def without_counts(text: str, things: Iterable[str]) -> str:
    """Return folded `text` without the numbers before words of `things`: "at 3 teeth" becomes "at teeth"."""
    words = words_of(" ".join(things))
    if not words:
        return text
    return re.sub(rf"(?<![\w$#:.])(?:\d{{1,4}}|{any_of(HOURS)}) ?(?={any_of(words)}(?!\w))", "", text)
