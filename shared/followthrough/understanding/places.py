"""A place in a list that was read to the customer: "the second one", "option 2", "la última", or a bare number."""

import re
from collections.abc import Sequence
from datetime import datetime

from followthrough.understanding.calendar_words import any_of, pattern
from followthrough.understanding.folding import words_of

PLACES = {
    **dict.fromkeys(("first", "primero", "primera", "primer", "one", "uno", "una"), 1),
    **dict.fromkeys(("second", "segundo", "segunda", "two", "dos"), 2),
    **dict.fromkeys(("third", "tercero", "tercera", "tercer", "three", "tres"), 3),
    **dict.fromkeys(("fourth", "cuarta", "four", "cuatro"), 4),
    **dict.fromkeys(("fifth", "quinto", "quinta", "five", "cinco"), 5),
    **dict.fromkeys(("last", "ultimo", "ultima"), 0),
}
"""0 is the last one."""
_CARDINALS = frozenset(words_of("one uno una two dos three tres four cuatro five cinco"))

_NUMBERED = pattern(
    rf"(?:option|number|numero|opcion|choice|no\.) ?#?(?P<any>[1-9]|{any_of(PLACES)})|#(?P<hash>[1-9])",
    rf"(?:the |el |la )?(?P<place>{any_of([word for word in PLACES if word not in _CARDINALS])})"
    "(?: one| option| opcion)?",
    r"(?<!a )la (?P<la>[1-9])(?![:.]?\d)",
)
_NUMERAL = pattern(r"(?:the )?(?P<nth>[1-9])(?:st|nd|rd|th)(?: one| option)?")
COURTESY = "(?: please| pls| thanks| thank you| por favor| gracias)*"
ALONE = re.compile(
    rf"(?:(?:yes|ok|okay|si|the|el|la|lets do|i(?:ll)? take)[, ]+)*"
    rf"(?P<n>[1-9]|{any_of(_CARDINALS)})[.)!]?{COURTESY}[.!]?"
)


def place_of(word: str, options: int) -> int:
    """Return the index of a place in the list, -1 when the list is shorter."""
    place = int(word) if word.isdecimal() else PLACES[word]
    return -1 if place > options else place - 1 if place else options - 1


def places_in(words: str, options: int, local: Sequence[datetime]) -> tuple[list[set[int]], str]:
    """Read "the second one", "option 2" and "the 3rd", which may be a date; return what is left of the text too."""
    named = [match["any"] or match["hash"] or match["place"] or match["la"] for match in _NUMBERED.finditer(words)]
    evidence = [{place_of(name, options)} - {-1} for name in named]
    words = _NUMBERED.sub(" ~ ", words)
    for match in _NUMERAL.finditer(words):
        dated = {index for index, start in enumerate(local) if start.day == int(match["nth"])}
        evidence.append(dated | ({place_of(match["nth"], options)} - {-1}))
    return evidence, " ".join(_NUMERAL.sub(" ~ ", words).split())
