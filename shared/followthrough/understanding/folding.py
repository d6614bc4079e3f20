"""A customer's words made comparable: case, accents and apostrophes carry no meaning in a text message."""

import re
import unicodedata

LONGEST_READ = 2000
"""Characters of a text that are looked at: more than the ten parts of a long text message."""

_APOSTROPHES = re.compile(r"(?<=\w)['\u2019\u2018`\u00b4](?=\w)")
_MERIDIEM = re.compile(r"(?<=[\d\s])([ap])(?:\.\s?|\s)m\b\.?|(?<=[\d\s])([ap])m\b\.", re.ASCII)
_SPACE = re.compile(r"\s+")
_WORD = re.compile(r"[a-z0-9]+")


def folded(text: str) -> str:
    """Return `text` in lower case without accents, "I'd" as "id", "p. m." as "pm", one space at most."""
    plain = _APOSTROPHES.sub("", text[:LONGEST_READ].casefold())
    decomposed = unicodedata.normalize("NFKD", plain)
    letters = "".join(c for c in decomposed if not unicodedata.combining(c))
    return _SPACE.sub(" ", _MERIDIEM.sub(lambda m: f"{m[1] or m[2]}m", letters)).strip()


def words_of(text: str) -> list[str]:
    """Return the words and numbers of `text` in order, folded."""
    return _WORD.findall(folded(text))
