"""The patterns by which a day is said in English and Spanish, folded: "next Tuesday", "3 de diciembre"."""

import re

from followthrough.understanding.calendar_words import (
    ENGLISH_NUMBER,
    MONTH,
    MONTHS,
    SHORT_WEEKDAYS,
    SPANISH_NUMBER,
    SPANISH_NUMBERS,
    UNSURE_MONTHS,
    WEEKDAY,
    any_of,
    pattern,
)
from followthrough.understanding.clock_words import NUMBERS
from followthrough.understanding.folding import words_of

_MINUTES = any_of([word for word, value in NUMBERS.items() if value == 5 or value > 9])  # noqa: PLR2004  as spoken
_A_NUMBER = rf"(?:\d|(?:{any_of(NUMBERS)}|media|cuarto|half|quarter)(?!\w))"
_NO_TIME = r"(?!\d| ?:\d| : |[ -]?(?:[ap]m|p|h|hs|hrs|o ?clock|ish|sharp|en punto)(?!\w)|\.\d\d"
_NO_TIME += r"|[ -]?a(?= ?(?:$|[.,;!?)])))"
# After a weekday a number is its date, unless it goes on as an hour or a span: "Tuesday 3 in the afternoon", "3 or 4",
# "3 20 pm". No minutes stand after a number above 23: "Tuesday 24 10 am".
_NO_HOUR = (
    _NO_TIME
    + r"(?! ?[-/&])(?! (?:in the|at night|de (?:la )?(?:manana|tarde|noche)|por la|en la|min(?:ute|uto)?s?(?!\w)))"
    + rf"(?! (?:to|till?|until|before|past|a|or|o|and|y|con|menos|(?:para|pa) las?) {_A_NUMBER})"
    + rf"(?:(?<![05])|(?! after {_A_NUMBER}))"
    + rf"(?:(?<=2[4-9])|(?<=3[01])|(?! (?:[0-5]\d(?!\d|[:.]\d)|(?:oh|{_MINUTES}|half|quarter|media)(?!\w))))"
)

ISO = re.compile(r"(?<![\d-])(?P<year>\d{4})-(?P<month>\d{1,2})-(?P<day>\d{1,2})(?:t(?=\d))?(?![\d-])")
SLASHED = re.compile(
    r"(?<![\d/$.-])(?!24/7|1/2 )(?P<one>\d{1,2})(?:/(?P<two>\d{1,2})(?:/(?P<year>\d{4}|\d{2}))?"
    r"|(?P<by>[.-])(?P<two2>\d{1,2})(?P=by)(?P<year2>\d{4}|\d{2}))(?![\d/]|-\d|[ap](?!\w)| p(?!\w)| ?[ap]m(?!\w))"
)
MONTH_FIRST = pattern(
    rf"(?P<month>{MONTH}) (?:the )?(?P<day>\d{{1,2}}|first)(?:st|nd|rd|th)?{_NO_TIME}(?:,? (?P<year>20\d\d))?"
)
_TH = "(?:st|nd|rd|th)"
_JOINED = r"(?:to|past|after|before|till?|of|y|menos|para las)"
DAY_FIRST = pattern(
    # "At 9 30 December", "20 to 3 December": hours and minutes, or days? "14 April 15": in 2015, at three, on the 15th?
    rf"(?<![:.])(?P<before>(?:\d{{1,2}}|{any_of(NUMBERS)}) (?:{_JOINED} |(?=\d\d|{_MINUTES})))?"
    rf"(?<!at )(?<!las )(?<!la )(?<!past )(?<!after )(?<!around )(?<!(?<!how )(?<!what )about )(?:the )?"
    rf"(?P<day>1ro|1o|primero|first|{SPANISH_NUMBER})(?:{_TH}|(?! {MONTH} \d{{1,2}}{_TH}))(?: of| de)? "
    rf"(?P<month>{MONTH})(?!\w)(?! \d{{1,2}}(?:{_TH})?,? 20\d\d)"
    rf"(?:,? (?:de |del )?(?P<year>20\d\d)| (?P<after>\d{{1,2}}(?:{_TH})?{_NO_HOUR}))?"
)
NAMED = pattern(
    "(?P<two>(?:the )?day after tomorrow|pasado manana)",
    r"(?P<one>tomorrow|tomorow|tommorow|tommorrow|tmrw|tmr|2morrow|(?<!la )manana)",
    "(?P<zero>today|2day|hoy)",
)
WEEKS_FROM = pattern(rf"(?P<count>an?|{ENGLISH_NUMBER}) weeks? (?:from|on) (?P<day>{WEEKDAY}|today|tomorrow)")
FROM_TODAY = pattern(
    # "De hoy en ocho" is in a week, "en quince" in two; with "días" nobody can tell, see below.
    rf"(?:de |del )?(?P<start>hoy|manana|{WEEKDAY}) en (?P<weeks>ocho|8|quince|15)"
    "(?P<unsure> dias)?(?! (?:minuto|hora|semana|mes|ano))",
    rf"(?:a partir )?de hoy en (?P<c>{SPANISH_NUMBER}) (?P<u>dia|semana|mes)(?:es|s)?",
)
IN = pattern(
    rf"in (?P<c1>an?|{ENGLISH_NUMBER})(?: more)? (?P<u1>day|week|month)s?(?: time)?",
    rf"(?P<c2>an?|{ENGLISH_NUMBER}) (?P<u2>day|week|month)s? from (?:right )?(?:now|today)",
    # "En ocho días" is a week and "en quince días" two, or eight and fifteen days: nobody can tell.
    rf"(?:en|dentro de) (?!(?:ocho|8|quince|15) dias)(?P<c3>{SPANISH_NUMBER}) (?P<u3>dia|semana|mes)(?:es|s)?",
)
WEEK = pattern(
    "(?P<next>(?:the )?(?:next|following) week(?! after))",
    "(?P<next2>(?:de |en )?(?:la )?(?:proxima semana|semana (?:proxima|siguiente|que viene|que entra)))",
    "this week|(?:de |en )?esta(?: misma)? semana",
)
THIS, NEXT = "this coming|this|coming|upcoming|este", "next|proximo"
WEEKDAY_SAID = pattern(
    rf"(?:(?P<lead>{THIS}|{NEXT}) )?(?P<day>{WEEKDAY})(?P<tail> proximo| que viene| que entra)?"
    rf"(?:,? (?P<bare>\d{{1,2}}|{any_of(SPANISH_NUMBERS)}){_NO_HOUR}"
    # "Friday 20 to 3": a quarter of an hour and five minutes, or the twentieth?
    rf"|,? (?P<either>[12]?[05]|30)(?= (?:to|till?|until|before|after|a|(?:para|pa) las?) {_A_NUMBER}))?",
    rf"(?:^|(?<=\bon )|(?<=\bel )|(?P<lead2>{THIS}|{NEXT}) )(?P<short>{any_of(SHORT_WEEKDAYS)})",
)
DAY_OF_MONTH = pattern(
    r"(?:on )?(?:the )?(?P<a>\d{1,2})(?:st|nd|rd|th)(?! (?:~|one|option|time|floor))",
    r"(?:el )?dia (?P<b>\d{1,2})",
    rf"el (?P<c>\d{{1,2}}){_NO_HOUR}",
)
UNREAD = pattern(
    "weeks?|weekend|semanas?|fin de semana|months?|mes|meses|fortnight|quincena|after next|following|other day",
    "the day (?:after|before)|el dia (?:despues|antes)",
    r"(?:first|second|third|fourth|last|primer|segundo|tercer|cuarto|ultimo|\d(?:st|nd|rd|th)) ~",
    r"~ ?(?:-|to|through|or|o|a) ?(?:the |el )?\d{1,2}(?: ~|$|[.,!?])",
    any_of([name for name in MONTHS if name not in UNSURE_MONTHS]),
    "(?:in|of|next|this|en|de) (?:may|march)",
)
"""What is left when the days are taken out and makes them uncertain: "Tuesday in December", "the week after next"."""

_ONES = words_of("first second third fourth fifth sixth seventh eighth ninth")
_TEENS = words_of("tenth eleventh twelfth thirteenth fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth")
ORDINALS = {
    **{word: day for day, word in enumerate((*_ONES, *_TEENS, "twentieth"), 1)},
    **{f"twenty{by}{word}": 20 + day for by in " -" for day, word in enumerate(_ONES, 1)},
    "thirtieth": 30,
    "thirty first": 31,
    "thirty-first": 31,
}
# "The first one" and "a second" are no dates: the small ones count only beside a month or a weekday.
ORDINAL = pattern(
    rf"(?P<beside>(?:{MONTH}|{WEEKDAY}),? (?:the )?)(?P<one>{any_of(ORDINALS)})",
    rf"(?P<of>{any_of(ORDINALS)})(?= of {MONTH}(?!\w))",
    rf"(?P<large>{any_of([word for word in ORDINALS if word not in _ONES[:3]])})",
)
