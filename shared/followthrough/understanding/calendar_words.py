"""The words of English and Spanish for days, months and numbers, folded, and the patterns made of them."""

import re
from collections.abc import Iterable

from followthrough.understanding.folding import words_of

WEEKDAYS = {
    **dict.fromkeys(("monday", "lunes"), 0),
    **dict.fromkeys(("tuesday", "tues", "tue", "martes"), 1),
    **dict.fromkeys(("wednesday", "weds", "miercoles"), 2),
    **dict.fromkeys(("thursday", "thurs", "thur", "thu", "jueves"), 3),
    **dict.fromkeys(("friday", "fri", "viernes"), 4),
    **dict.fromkeys(("saturday", "sabado"), 5),
    **dict.fromkeys(("sunday", "domingo"), 6),
}
"""0 is Monday."""

SHORT_WEEKDAYS = {"mon": 0, "wed": 2, "sat": 5, "sun": 6, "lun": 0, "mie": 2, "jue": 3, "vie": 4, "sab": 5, "dom": 6}
"""Abbreviations that are also other words ("I sat down"): they count only after "on", "next", "el" or at the start."""

MONTHS = {
    **dict.fromkeys(("january", "jan", "enero", "ene"), 1),
    **dict.fromkeys(("february", "feb", "febrero"), 2),
    **dict.fromkeys(("march", "mar", "marzo"), 3),
    **dict.fromkeys(("april", "apr", "abril", "abr"), 4),
    **dict.fromkeys(("may", "mayo"), 5),
    **dict.fromkeys(("june", "jun", "junio"), 6),
    **dict.fromkeys(("july", "jul", "julio"), 7),
    **dict.fromkeys(("august", "aug", "agosto", "ago"), 8),
    **dict.fromkeys(("september", "sept", "sep", "septiembre", "setiembre"), 9),
    **dict.fromkeys(("october", "oct", "octubre"), 10),
    **dict.fromkeys(("november", "nov", "noviembre"), 11),
    **dict.fromkeys(("december", "dec", "diciembre", "dic"), 12),
}

# "once" is eleven in Spanish and "one time" in English, so a number word is read only inside its own language's
# phrases.
_ENGLISH = words_of("one two three four five six seven eight nine ten eleven twelve")
_SPANISH = words_of(
    """
    uno dos tres cuatro cinco seis siete ocho nueve diez once doce
    trece catorce quince dieciseis diecisiete dieciocho diecinueve veinte veintiuno
    veintidos veintitres veinticuatro veinticinco veintiseis veintisiete veintiocho veintinueve treinta
    """
)

NUMBERS = {
    **{word: value for value, word in enumerate(_ENGLISH, 1)},
    **{word: value for value, word in enumerate(_SPANISH, 1)},
    **dict.fromkeys(("a", "an", "un", "una", "primero", "first"), 1),
    "treinta": 30,
    "treinta y uno": 31,
}


UNSURE_MONTHS = frozenset(words_of("may march mar ago set sep jun jan"))
"""Months that are other words or names: without a day beside them they say nothing."""


def any_of(words: Iterable[str]) -> str:
    """Return a pattern that matches one of `words`, the longest first."""
    return "(?:" + "|".join(sorted(words, key=lambda word: -len(word))) + ")"


SPANISH_NUMBERS = (*_SPANISH, "treinta y uno")
ENGLISH_NUMBER = r"(?:\d{1,3}|" + any_of(_ENGLISH) + ")"
SPANISH_NUMBER = r"(?:\d{1,3}|treinta y uno|una|un|" + any_of(_SPANISH) + ")"
WEEKDAY = any_of(WEEKDAYS)
MONTH = any_of(MONTHS)


def number(word: str) -> int:
    """Return the value of a number written in digits or in words of either language."""
    return int(word) if word.isdecimal() else NUMBERS[word]


def pattern(*alternatives: str) -> re.Pattern[str]:
    """Compile alternatives that stand as whole words in folded text."""
    return re.compile(r"(?<![\w$])(?:" + "|".join(alternatives) + r")(?!\w)")
