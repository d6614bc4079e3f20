"""Sentences about a time that is booked already, "I have Friday at 3": that is what is, and not what is wished."""

from followthrough.understanding.calendar_words import MONTH, SHORT_WEEKDAYS, WEEKDAY, any_of, pattern

_VISIT = (
    "(?:appointments?|appts?|apts?|booking|reservation|visit|slot|session"
    "|citas?|turno|hora|reserva|consulta|visita|sesion)"
)
_DAY = (
    rf"(?:(?:it |one |mine )?(?:on |for |at |the |this |next |el |para el |este )*"
    rf"(?:{WEEKDAY}|{any_of(SHORT_WEEKDAYS)}|{MONTH}|today|tomorrow|hoy|manana|\d{{1,2}} ?[ap]m|\d{{1,2}}:\d\d))"
)
_HAVE = (
    "(?:(?<!can )(?<!could )(?<!may )(?<!if )(?:i|we)(?: already| currently| do| still)? (?:have|got)(?! to )"
    "|(?:ive|weve)(?: already)?(?: got)?|(?:la |lo )?(?:tengo|tenemos)(?: ya)?)"
)
_BOOKED = pattern(
    rf"{_HAVE}(?: \w+){{0,4}} {_VISIT}",
    rf"{_HAVE} {_DAY}",
    rf"(?:my|our|mi|nuestra) (?:\w+ ){{0,2}}{_VISIT} (?:is|of|es|esta|del|de|era|quedo|(?!para ){_DAY})",
    rf"(?:my|our|mine is|mia es) {_DAY}",
    "(?:im|i am|were|we are|ive been|estoy|estamos)(?: already| currently| ya)? "
    "(?:booked|scheduled|down|confirmed|agendad[oa]|citad[oa]|anotad[oa]|apuntad[oa])",
    "(?:you|they|u) (?:have|had|got|booked|scheduled|put|gave|offered) (?:me|us)",
    "(?:me|nos) (?:dieron|dio|toca|agendaron|citaron)",
)
_PERHAPS = pattern(rf"{_HAVE} (?:\w+ ){{1,4}}{_DAY}", rf"(?:the|la|el) {_VISIT} (?:is|es|esta|del?|{_DAY})")
_FREE = pattern("free|open|off|available|libres?|disponibles?")
_WISH = pattern(
    "book|schedule|make|(?:can|could|may) (?:i|we)|id (?:like|love)|(?:i|we) (?:want|need)",
    "quiero|quisiera|necesito|puedo|podria|me gustaria",
)
_CHANGE = pattern(
    r"mov(?:e|ed|ing)|chang(?:e|ed|ing)|re ?schedul\w*|resched|cancel\w*|switch|swap|postpone|push",
    "sooner|earlier|later",
    r"cambi\w+|mover\w*|reprogram\w*|reagend\w*|anul\w+|aplaz\w+|pospon\w+|adelant\w+|atras\w+|mas (?:temprano|tarde)",
)


def is_standing(clause: str, text: str) -> bool:
    """Tell whether a folded `clause` of `text` says what is booked: "my appointment is Friday at 3".

    "Book my appointment on Friday" is a wish, and so is "I have Friday at 3 free". "I have a cleaning Friday at 3" is
    what is where the text asks for a change.
    """
    if _FREE.search(clause):
        return False
    if _BOOKED.search(clause):
        return _CHANGE.search(clause) is not None or _WISH.search(clause) is None
    return _CHANGE.search(text) is not None and _PERHAPS.search(clause) is not None
