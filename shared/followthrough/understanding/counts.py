"""Numbers that are no hours: they count something, "3 teeth", or name something, "5 Main Street", "ref 1520"."""

import re
from collections.abc import Iterable

from followthrough.understanding.calendar_words import any_of
from followthrough.understanding.clock_words import NUMBERS
from followthrough.understanding.folding import words_of

_THINGS = words_of(
    """people person persons patients guests kids children adults days weeks months years yrs yr dollars bucks euros
    pounds percent times miles km visits appointments places points locations offices floors different personas
    ninos ninas hijos hijas adultos pacientes dias semanas meses ano anos dolares pesos veces citas cuadras pisos"""
)
# "5 Old Main Street", but neither "3 I can drive" nor "3 pm at Main Street".
_NO_STREET = (
    "(?:i|we|to|can|my|and|then|on|at|in|of|by|near|from|the|your|our|[ap]m?|oclock|sharp|ish|past|y|de|por|en)"
)
_OTHERS = (
    r"%|[- ]?(?:year|month|week|day)s?[- ]olds?|(?:st|nd|rd|th)(?!\w)",
    "(?:place|point|time|location|office|street|avenue|ave|road|blvd|boulevard)",
    "(?:of (?:us|my|our|your|the|them|these|those|his|her)|de (?:nosotros|nosotras|ustedes|mis|sus|nuestros))",
    rf"(?:(?!{_NO_STREET} )[a-z]+ ){{1,2}}(?:street|st|avenue|ave|road|rd|drive|lane|blvd|boulevard)",
)
_NAMES = re.compile(
    r"(?<![\w$])(?:\+\d{1,3}[ .-]?)?\(?\d{3}\)?[ .-]?\d{3}[ .-]?\d{4}(?![\w:])"
    r"|(?<![\w$:.-])(?:\d{3}[.-]\d{4}|\d{3}(?: \d{2,3}){3}|\+?\d{7,})(?![\w:])"
    r"|(?<![\w$])#? ?(?:24/7|50/50|2 for 1|#\d+)(?![\w:])"
    r"|(?<!\w)(?:ref|reference|referencia|order|pedido|case|caso|code|codigo|room|suite|apt)(?: number| no| numero)?"
    r"\.?:? ?#?\d+(?![\w:])"
)
_NUMBER = rf"(?<![\w$#:.,/-])(?:\d{{1,5}}|{any_of(NUMBERS)})"
# "About 3 crowns" counts whatever these are; "about 3 works" does not.
_NO_THINGS = "(?:minutes|mins|hours|hrs|minutos|horas|pasadas|works|thanks|is|this|yes|suits|sounds|as|gracias)"
_ABOUT_SO_MANY = re.compile(
    rf"(?:(?<=about )|(?<=around )|(?<=after )){_NUMBER} (?!{_NO_THINGS}(?!\w))(?=[a-z]{{2,}}s(?!\w))"
)


def without_counts(text: str, things: Iterable[str]) -> str:
    """Return folded `text` without the numbers that count or name: "at 3 kids" becomes "at kids".

    `things` are the tenant's, beside those that everybody counts.
    """
    counted = any_of([*words_of(" ".join(things)), *_THINGS, *_OTHERS])
    text = _ABOUT_SO_MANY.sub("", _NAMES.sub("#", text))
    return re.sub(rf"{_NUMBER} ?(?={counted}(?!\w))", "", text)
