"""The part of a text that says when something is wanted, without greetings, the past, what is booked and ruled out."""

import re
from collections.abc import Callable

from followthrough.understanding.calendar_words import ENGLISH_NUMBER, MONTH, SHORT_WEEKDAYS, WEEKDAY, any_of, pattern
from followthrough.understanding.standing import is_standing

_ABBREVIATED = re.compile(rf"(?<!\w)({MONTH}|{WEEKDAY}|{any_of(SHORT_WEEKDAYS)})\.(?!\w)")
_GREETING = pattern(
    "good (?:morning|afternoon|evening|night|day)",
    "^morning(?!,? (?:of|on|at|or|~))",
    "buen(?:os|as)? (?:dias?|tardes?|noches?)",
    "have an? (?:good|nice|great|lovely) (?:day|afternoon|evening|night|week|weekend)",
)
_AGO = "(?:days?|weeks?|months?|years?|hours?|nights?)"
_HACE = "(?:dias?|semanas?|mes(?:es)?|anos?|horas?|noches?)"
_PAST_DAY = rf"(?:{WEEKDAY}|yesterday|last {_AGO}|ayer|anoche|this morning|esta manana)"
_PAST = pattern(
    rf"(?:since|desde)(?: the| el| la| last)? {_PAST_DAY}(?: pasad[oa])?",
    rf"(?:since |on )?(?:the )?last (?:{WEEKDAY}|{_AGO})",
    "(?:since )?(?:the day before )?yesterday",
    rf"(?:{ENGLISH_NUMBER}|an?|few|couple|couple of) {_AGO} ago",
    rf"(?:for|over)(?: the)?(?: past| last| over| almost| about| like)? "
    rf"(?:{ENGLISH_NUMBER}|an?|few|several|couple) {_AGO}(?: now)?",
    "(?:desde )?(?:antes de ayer|anteayer|antier|ayer|anoche)(?: por la (?:manana|tarde|noche))?",
    rf"(?:desde )?hace (?:como )?(?:\w+ )?{_HACE}",
    # "Por dos noches" is over; "por la noche" is still to come.
    rf"(?:por|durante|llevo) (?:(?!las? |el |los |esta )\w+ )?{_HACE}",
    rf"(?:el|la|este|esta) (?:{WEEKDAY}|semana|mes|ano|noche) pasad[oa]",
)
_NOW_SAID = (
    (pattern("tonight|2nite|tonite|this (?:evening|night)"), "today in the evening"),
    (pattern("this afternoon"), "today in the afternoon"),
    (pattern("this morning"), "today in the morning"),
    (pattern("esta manana"), "hoy por la manana"),
    (pattern("esta tarde"), "hoy por la tarde"),
    (pattern("esta noche"), "hoy por la noche"),
)
_CLAUSE = re.compile(r"(,(?! 20\d\d(?!\d))|[;!?]|\.(?=\s|$)|(?= (?:but|pero|sino|mejor|instead) ))")
_RULED_OUT = pattern(
    "no|not|never|cant|cannot|dont|doesnt|didnt|wont|wouldnt|couldnt|isnt|arent|wasnt|unable|busy",
    "neither|nor|except|unless",
    "too (?:late|early|soon)|(?:muy|demasiado) (?:tarde|temprano|pronto)",
    "nunca|jamas|tampoco|ni|salvo|excepto|menos (?:el|la|los)|ocupad[oa]|imposible",
    "was(?! (?:wondering|hoping|thinking|looking|going|asking))|were|had|fue|tuve|tenia",
)
_PROPOSED = pattern(
    r"(?:^[ ¿(]*(?:and |y )?(?:but|pero|sino|mejor|instead|how about|what about|can|could|lets"
    r"|i can|i could|id prefer|prefer|is|que tal|puedo|podria|puede ser|prefiero|quiero|quisiera|id like"
    r"|(?:i )?(?:need|want)|(?:please |por favor )?(?:move|change|switch|reschedule|cambi\w+|mover\w*|necesito)))"
)
_EXCEPTION = re.compile(
    r"(?<!\w)(?:any|every|all|anything|cualquier|todos?)(?!\w).*(?<!\w)(?:but|except|pero|excepto|salvo|menos)(?!\w)"
)


def wanted(text: str, says_when: Callable[[str], bool]) -> str | None:
    """Return what folded `text` asks for, with "tonight" spelled out; `says_when` tells whether a clause names a time.

    None when a time is ruled out, or booked, and no other is clearly proposed: "not Tuesday, Wednesday" may rule out
    both.
    """
    text = _ABBREVIATED.sub(r"\1", text)
    if _EXCEPTION.search(text):
        return None
    for expression in (_GREETING, _PAST):
        text = expression.sub(" ", text)
    for expression, plain in _NOW_SAID:
        text = expression.sub(plain, text)
    kept: list[str] = []
    refused = False
    text = " ".join(text.split())
    for clause in _CLAUSE.split(text):
        if _RULED_OUT.search(clause) or (is_standing(clause, text) and says_when(clause)):
            refused = refused or says_when(clause)
            kept.append(",")
        elif refused and says_when(clause) and not _PROPOSED.search(clause):
            return None
        else:
            kept.append(clause)
    return "".join(kept).strip()
