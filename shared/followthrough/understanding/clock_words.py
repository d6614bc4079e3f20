"""The words and signs that make a clock time in English and Spanish, folded, and the symbol that each stands for.

Symbols are the same in both languages: "twenty past 3" and "las 3 y veinte" become `w20 past 3` and `at 3 plus w20`.
A number that was written as a word begins with `w`.
"""

import re
from collections.abc import Mapping

from followthrough.understanding.calendar_words import any_of, pattern
from followthrough.understanding.folding import words_of

_ONES = words_of("one two three four five six seven eight nine")
_TEENS = words_of("ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen")
_TENS = dict(zip(words_of("twenty thirty forty fifty"), range(20, 60, 10), strict=True))
_UNOS = words_of("uno dos tres cuatro cinco seis siete ocho nueve")
_DIECES = words_of(
    """diez once doce trece catorce quince dieciseis diecisiete dieciocho diecinueve veinte veintiuno veintidos
    veintitres veinticuatro veinticinco veintiseis veintisiete veintiocho veintinueve"""
)
_TREINTAS = dict(zip(words_of("treinta cuarenta cincuenta"), range(30, 60, 10), strict=True))

NUMBERS: Mapping[str, int] = {
    **{word: value for value, word in enumerate((*_ONES, *_TEENS), 1)},
    **_TENS,
    **{f"{ten}{by}{one}": _TENS[ten] + value for ten in _TENS for by in " -" for value, one in enumerate(_ONES, 1)},
    **{word: value for value, word in enumerate((*_UNOS, *_DIECES), 1)},
    **_TREINTAS,
    **{f"{ten} y {one}": _TREINTAS[ten] + value for ten in _TREINTAS for value, one in enumerate(_UNOS, 1)},
    "una": 1,
}
"""Every number that a clock shows, as it is said: 1 to 59."""

_IN, _EN = "(?:in|of) the", "(?:de|por|en|a|durante)"
_END = r"(?= ?(?:$|[.,;!?)]))"
_TWELVE = "(?:twelve|(?:las )?(?:12|doce))"
_AN_HOUR = "(?:half an?|a quarter of an|an?|una|media|(?:un )?cuarto de) ?(?:hour|hora)"
_GLUED = r"(?:[ap]m?(?:-?ish)?|ish|h(?:\d\d)?|hs|hrs?|mins?|oclock)(?!\w)"

# Kinds: A leads to an hour, F to a span, B leads ("after 3") or joins ("20 after 3"), N is a number, 1 is a one that
# may be no number ("one of us"), J holds digits but is none ("3rd"), U is a unit, K joins two numbers, T comes after.
TOKENS: tuple[tuple[str, str, str], ...] = (
    ("O", "", r"[$€£#] ?\d[\w.,]*"),
    ("N", "12 pm", rf"(?:al? )?(?:{_TWELVE} ?(?:del )?)?(?:noon|midday|medio ?dia)(?=ish|(?!\w))"),
    ("N", "12 pm", r"(?:12|doce) del dia(?!\w)"),
    ("T", "morning", rf"(?:{_IN} )?morning(?!\w)|{_EN} la manana(?!\w)"),
    ("T", "night", rf"(?:{_EN} (?:la )?)?madrugada(?!\w)"),
    ("T", "afternoon", rf"(?:{_IN} )?afternoon(?!\w)|(?:{_EN} (?:la )?)?tarde(?!\w)|del medio ?dia(?!\w)"),
    ("T", "evening", rf"(?:(?:{_IN}|at) )?(?:evening|night)(?!\w)|(?:{_EN} (?:la )?)?noche(?!\w)"),
    # What was to be "pm", "in the evening" or "de la noche" before a slip of the thumb.
    ("T", "some", rf"pm(?!-?ish)\w+|{_IN} (?:mor|aft|eve?|nig)\w+|{_EN} la (?:man|tar|no)\w+"),
    ("U", "hour", rf"(?:{_AN_HOUR}|hours?|hrs?)(?!\w)"),
    ("U", "h", r"(?:horas?|hs?)(?![^\W\d_])"),
    ("U", "min", r"(?:minutes?|mins?|minutos?)(?!\w)"),
    ("A", "at", r"@|at(?![^\W\d])|(?:a )?las(?!\w)|(?:a )?la(?= (?:una|1)(?!\w))"),
    ("A", "about", r"(?:around|about|circa|approx|approximately|roughly)(?!\w)"),
    ("B", "after", r"after(?!\w)"),
    ("B", "for", r"(?:para|pa) (?:las(?!\w)|la(?= (?:una|1)(?!\w)))"),
    ("F", "between", r"(?:between|entre)(?!\w)"),
    ("F", "from", r"(?:from|desde|de)(?!\w)"),
    ("N", "", rf"\d+(?={_GLUED}|(?!\w))"),
    ("J", "?", r"[^\W_]*\d\w*"),
    ("N", "w0", rf"(?:oh?[ -](?:{any_of(_ONES)})|oh ?-?\d)(?!\w)"),
    ("T", "am", rf"-?am(?=-?ish|(?!\w))|(?<=\d)a(?=-?ish|(?!\w))|a{_END}"),
    ("T", "pm", r"-?pm(?=-?ish|(?!\w))|-?p(?=-?ish|(?!\w))"),
    ("T", "ish", r"-?ish(?!\w)"),
    ("T", "sharp", r"-?(?:o ?clock|sharp|on the dot|en punto|exactly)(?!\w)"),
    ("T", "some", r"(?:(?:y|and) )?(?:pico|algo|un poco|poco|something|pasad(?:it)?as|tant[oa]s)(?!\w)"),
    ("1", "w1", r"(?:one|una|uno)(?!\w)"),
    ("N", "w", rf"{any_of(NUMBERS)}(?!\w)"),
    ("N", "half", r"(?:(?:a )?half|media)(?!\w)"),
    ("N", "quarter", r"(?:(?:a )?quarter|(?:un )?cuarto)(?!\w)"),
    ("B", "past", r"-?past(?:-(?=\w)|(?!\w))"),
    ("K", "to", r"-?(?:to|till?)(?:-(?=\w)|(?!\w))"),
    ("K", "before", r"before(?!\w)"),
    ("K", "of", r"of(?!\w)"),
    ("K", "until", r"(?:until|hasta|a)(?!\w)"),
    ("K", "plus", r"(?:y|con)(?!\w)"),
    ("K", "less", r"menos(?!\w)"),
    ("K", "and", r"(?:and|plus)(?!\w)|&"),
    ("K", "or", r"or?(?!\w)"),
    ("K", ":", r"(?<=\w):(?=\w)|(?<=\w ):(?= \w)"),
    ("K", ".", r"(?<=\d)\.(?=\d)"),
    ("K", "-", r"(?<![^\w\s])[-\u2010-\u2015\u2212](?![^\w\s])"),
    # "At 9, 30" may be half past nine; after any other comma something new begins.
    ("K", "?", r"(?<=\d), (?=[0-5]\d(?![\w:.]))|(?<=\w)[^\w\s~]+(?=\w)|[^\w\s~(]+(?=\d)|[:/+*=]+"),
    ("O", "", r"[^\W\d_]\w*|\S"),
)
"""Kind, symbol and pattern of what a text is made of; what is longer or surer comes first."""

TOKEN = re.compile("|".join(f"(?P<t{index}>{expression})" for index, (_, _, expression) in enumerate(TOKENS)))

MIDNIGHT = pattern("midnight", "media ?noche", "(?:12|doce) de la noche", "(?:12|twelve) at night")

UNDECIDED = re.compile(r"(?<!\w)(?:\d{1,2} (?:or|o) ~|~ (?:or|o) (?:at |a )?(?:las )?\d)")
"""What two times leave behind when only one could be read: "3 or 4pm"."""

ADRIFT = re.compile(
    r"~[^\w~]*[ap]m(?!\w| i )|~[^\w~]*p(?!\w)|(?<!\w)pm(?!\w)|(?<!\w)(?:y|menos) (?:media|(?:un )?cuarto)(?!\w| hora)"
)
"""What belongs to a time and stands apart from it: "at 3 tomorrow pm", "a las 3 mañana y media"."""
