"""The patterns by which a time of day is said in English and Spanish, folded: "half past 3", "a las 3 y media",
"15:00".

Every pattern names its parts alike: `h` the hour, `m` the minutes after it, `less` the minutes before it, `half` am
or pm.
"""

import re

from followthrough.understanding.calendar_words import any_of, pattern
from followthrough.understanding.folding import words_of

ENGLISH_HOURS = words_of("one two three four five six seven eight nine ten eleven twelve")
SPANISH_HOURS = words_of("una dos tres cuatro cinco seis siete ocho nueve diez once doce")
HOURS = {
    **{word: hour for hour, word in enumerate(ENGLISH_HOURS, 1)},
    **{word: hour for hour, word in enumerate(SPANISH_HOURS, 1)},
}
ENGLISH_MINUTES = {
    "five": 5,
    "ten": 10,
    "fifteen": 15,
    "quarter": 15,
    "a quarter": 15,
    "twenty": 20,
    "twenty five": 25,
    "thirty": 30,
    "half": 30,
    "forty": 40,
    "forty five": 45,
    "fifty": 50,
}
SPANISH_MINUTES = {
    "cinco": 5,
    "diez": 10,
    "quince": 15,
    "cuarto": 15,
    "un cuarto": 15,
    "veinte": 20,
    "veinticinco": 25,
    "media": 30,
    "treinta": 30,
    "cuarenta": 40,
    "cuarenta y cinco": 45,
    "cincuenta": 50,
}
MINUTES = {**ENGLISH_MINUTES, **SPANISH_MINUTES}

_HALF = "(?: ?(?P<half>[ap]m))"
_HOUR = rf"(?P<h>\d{{1,2}}|{any_of(ENGLISH_HOURS)})"
_HORA = rf"(?P<h>\d{{1,2}}|{any_of(SPANISH_HOURS)})"
_MINUTE = any_of(ENGLISH_MINUTES)
_MINUTO = any_of(SPANISH_MINUTES)
_AT = "(?:at|around|about|after|@)"
# "at 5 Main Street", "at 3 different places", "about 2 hours": a number of something is no hour.
_UNIT = (
    r"(?! ?(?:st|nd|rd|th|ave|avenue|street|road|minutes?|mins?|hours?|years?|yrs|days?|weeks?|months?|dollars?|people|"
    r"different|%|/|-|horas?|minutos|anos|dias|semanas|meses)(?!\w))(?![:.]?\d)"
    r"(?! (?:\w+ ){1,2}(?:st|ave|avenue|street|road|rd|drive|lane|blvd)(?!\w))"
)
_ENDS = r"(?= ?(?:$|[~,.;!?]))"

CLOCKS = (
    pattern(rf"(?:{_AT} )?(?P<m>\d{{1,2}}(?= minutes)|{_MINUTE})(?: minutes)? (?:past|after) {_HOUR}{_HALF}?{_UNIT}"),
    pattern(
        rf"(?:{_AT} )?(?P<less>\d{{1,2}}(?= minutes)|{_MINUTE})(?: minutes)? (?:to|till|of) {_HOUR}{_HALF}?{_UNIT}"
    ),
    pattern(rf"(?:{_AT} )?(?P<m>half) {_HOUR}{_HALF}?{_UNIT}"),
    pattern(
        rf"(?:a )?(?:las|la(?= una| 1\b)) {_HORA}"
        rf"(?:(?:[:.h]| y | con )(?P<m>\d\d|{_MINUTO})| menos (?P<less>\d\d|{_MINUTO}))?"
        rf"(?: ?(?:en punto|h|hrs|horas)(?!\w))?{_HALF}?{_UNIT}"
    ),
    pattern(rf"{_HORA} (?:y (?P<m>media|(?:un )?cuarto)|menos (?P<less>cuarto)){_HALF}?"),
    pattern(rf"(?:{_AT} ?)?(?P<h>\d{{1,2}}):(?P<m>\d\d)(?::00)?(?:{_HALF}| ?(?:h|hrs|horas)(?!\w))?"),
    pattern(rf"(?:{_AT} ?)?(?P<h>\d{{1,2}})[. ]?(?P<m>\d\d){_HALF}"),
    pattern(rf"{_AT} ?(?P<h>\d{{1,2}})\.?(?P<m>\d\d){_ENDS}"),
    pattern(r"(?P<h>\d{1,2})h(?P<m>\d\d)?"),
    pattern(rf"(?:{_AT} ?)?{_HOUR}(?: (?P<m>{_MINUTE}))?{_HALF}"),
    pattern(r"(?P<h>\d{1,2})(?P<half>[ap])"),
    pattern(rf"(?:{_AT} )?{_HOUR} ?oclock{_HALF}?"),
    pattern(rf"(?:{_AT} ?)?{_HOUR}ish{_HALF}?"),
    pattern(rf"{_AT} ?{_HOUR}(?:[ -](?P<m>{_MINUTE}))?{_UNIT}"),
    pattern(
        rf"(?P<h>\d{{1,2}}|{any_of(HOURS)})"
        r"(?= (?:in the|at|de la|por la|en la) (?:morning|afternoon|evening|night|manana|tarde|noche)(?!\w))"
    ),
)
NOON = pattern("(?:at )?(?:(?:12 |twelve )?noon|midday)", "(?:(?:a|al) )?(?:las (?:12|doce) del )?medio ?dia")
MIDNIGHT = pattern("midnight", "media ?noche", "(?:las )?(?:12|doce) de la noche")

_PLAIN = r"\d{1,2}(?:[:.]\d\d)?"
RANGE = re.compile(
    rf"(?<![\w$:.])(?P<lead>(?:between|from|entre|desde|de) )?(?:las? )?(?P<one>{_PLAIN})(?: ?(?P<half1>[ap]m))?"
    rf" ?(?P<by>-|to|until|till|and|y|a|hasta) ?(?:las? )?(?P<two>{_PLAIN})(?: ?(?P<half2>[ap]m))?(?!\w|[:.]\d)"
)

PARTS_OF_DAY = {
    "morning": pattern("(?:(?:first thing )?in the |the )?morning|first thing", "(?:de |por |en |a )?la manana"),
    "afternoon": pattern("(?:in the |the )?afternoon", "(?:de|por|en|a) la tarde|tarde(?= a las)"),
    "evening": pattern("(?:in the |the |at )?(?:evening|night)", "(?:de|por|en|a) la noche|noche(?= a las)"),
}
UNDECIDED = re.compile(r"(?<!\w)(?:\d{1,2} (?:or|o) ~|~ (?:or|o) (?:at |a )?(?:las )?\d)")
"""What two times leave behind when only one could be read: "3 or 4pm"."""
