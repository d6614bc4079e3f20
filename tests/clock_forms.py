"""Clock times in the many ways that customers write them: `python -m tests.clock_forms` counts what becomes of each.

A form writes an hour and a minute, where people would say them so; a layout puts that into a text, beside a day and
sometimes other numbers. Hours without am or pm mean what the product says: 1 to 7 are in the afternoon.
"""

import sys
from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, time
from itertools import product
from typing import Literal, NamedTuple
from zoneinfo import ZoneInfo

from rich.console import Console

from followthrough.understanding.dates import find_time
from followthrough.understanding.folding import words_of

CHICAGO = ZoneInfo("America/Chicago")
NOW = datetime(2026, 11, 18, 10, tzinfo=CHICAGO).astimezone(UTC)
LEAST_RIGHT = 0.75

TIMES = (
    *(time(8), time(9, 5), time(9, 30), time(10, 10), time(11, 45), time(12, 15)),
    *(time(12, 50), time(13), time(15, 20), time(16, 30), time(17, 45), time(19, 35)),
)
LAYOUTS: Mapping[str, Mapping[str, str]] = {
    "en": {
        "Friday {}": "2026-11-20",
        "can I come in tomorrow, {} please?": "2026-11-19",
        "I'd like a cleaning {} on November 24th": "2026-11-24",
        "{} next Tuesday works for me": "2026-11-24",
        "a cleaning for my 2 kids on 12/3 {}, my number is 312-555-0100": "2026-12-03",
    },
    "es": {
        "el viernes {}": "2026-11-20",
        "¿puedo ir mañana {}, por favor?": "2026-11-19",
        "quiero una limpieza {} el 24 de noviembre": "2026-11-24",
        "{} el próximo martes": "2026-11-24",
        "una limpieza para mis 2 hijos el 3/12 {}, gracias": "2026-12-03",
    },
}
# `h` and `H` are the hour on both clocks, `n` the next one, `m` the minutes, `l` those left to the next hour; `w` goes
# before what is written as a word. `pm`, `p` and `part` tell the half of the day, `npm` that of the next hour.
FORMS: Mapping[str, Mapping[str, str]] = {
    "en": {
        "any": """{h}:{mm}{pm}|{h}:{mm} {pm}|{h}:{mm}{p}|{h}:{mm} {p}|{h}:{mm} {p}.m.|{h} : {mm} {pm}|{h}:{mm}-{pm}
            |{h}.{mm}{pm}|{h}-{mm}{pm}|{h} {mm} {pm}|{h} {mm}{p}|{h}{mm}{pm}|{h}{mm} {pm}|at {h}:{mm}|at {h}.{mm}
            |at {h} {mm}|at {h}-{mm}|at {h}{mm}|{h}:{mm}|{H}:{mm}|{H}:{mm} hrs|{HH}{mm} hours|{h}:{mm}ish|{h}:{mm}-ish
            |around {h}:{mm}|about {h}:{mm}{pm}|@{h}:{mm}|@ {h} {mm} {pm}|{h}:{mm} {part}|{h}:{mm} {pm} {part}
            |{h}:{mm} {pm} sharp|at {h}:{mm}:00|{h}:{mm}.|{h};{mm} {pm}|{h}:{mm} {pm}ish|{H}h{mm}|at {h},{mm}""",
        "whole": """at {h}|{h}{pm}|{h} {pm}|{h}{p}|at {wh}|{wh} o'clock|{h} o'clock {pm}|{h}ish|around {wh}|{h} {part}
            |{wh} {part}|{h} {pm} on the dot|@{h}|at {H}|{h}:00{p}|{wh} {pm}|at around {h}""",
        "after": """at {wh} {wmm}|{wh} {wmm} {pm}|{wh}-{wmm} {pm}|{wh}-{wmm}|{wh} {wmm} {part}|{wh} {wmm}
            |at {wh}-{wmm}|{h} {wmm} {pm}""",
        "past": """{m} past {h}|{wm} past {wh}|{m} after {h}|{wm} after {wh}|{m} past {h} {pm}|{m} minutes past {h}
            |{m} mins past {h}{p}|at {m} past {h}|{wm} minutes after {wh} {part}|{m} after {h}{pm}""",
        "before": """{l} to {n}|{wl} to {wn}|{l} to {n}{npm}|{l} till {n}|{l} minutes to {n}|{wl} minutes to {wn}
            |{l} before {n} {npm}|{wl} of {wn}|at {l} to {n}|{l} mins til {n} {npm}""",
        "half": "half past {h}|half past {wh} {pm}|half {wh}|at half {h}|half past {h} {part}",
        "quarter": "quarter past {h}|a quarter after {wh}|at quarter past {h} {pm}|15 minutes past noon",
        "quarter to": "quarter to {n}|a quarter of {wn}|at quarter till {n} {npm}|quarter before {n}",
    },
    "es": {
        "any": """a {las} {h}:{mm}|{h}:{mm} {pm}|{h}:{mm}{pm}|{h}:{mm} {p}. m.|{h}:{mm} {p}.m.|{h}:{mm}{p}
            |a {las} {h}:{mm} {pm}|a {las} {h}.{mm}|a {las} {h} {mm}|a {las} {h},{mm}|a {las} {h} y {mm}|{H}:{mm}
            |a {las} {h} con {mm}|{H}:{mm} h|{H}:{mm} hs|{H}:{mm} horas|{H}.{mm} h|a las {H}h{mm}|{las} {h}:{mm}
            |a {las} {h}:{mm} de la {part}|a {las} {h} {mm} de la {part}|a {las} {h} y {mm} de la {part}
            |a {las} {h}:{mm} en la {part}|a {las} {h}:{mm} por la {part}|sobre {las} {h}:{mm}|{h} {mm} {pm}
            |como a {las} {h}:{mm}|por la {part} a {las} {h}:{mm}|{h}{mm}{pm}|a {las} {h}-{mm}|{h}:{mm}
            |a {las} {h} : {mm}|a {las} {h}{mm}|a {las} {h} con {mm} minutos|a {las} {h}:{mm} de {part}""",
        "whole": """a {las} {h}|a {las} {wh}|a {las} {h} en punto|a {las} {h} {pm}|a {las} {wh} de la {part}
            |a {las} {h} por la {part}|por la {part} a {las} {h}|a {las} {H} horas|a las {H} h|{h} de la {part}
            |a {las} {h}{p}|sobre {las} {wh}|a eso de {las} {h}|{h}{pm}|a {las} {wh} en la {part}|tipo {h}""",
        "after": """a {las} {wh} y {wm}|a {las} {wh} {wm}|a {las} {wh} con {wm}|a {las} {h} y {wm}
            |{las} {wh} y {wm} {pm}|a {las} {wh} y {wm} de la {part}|a {las} {wh} {wm} de la {part}
            |{wh} y {wm} de la {part}|a {las} {wh} y {m}
            |a {las} {wh} y {wm} minutos|a {las} {wH} {wm}""",
        "before": """{l} para {nlas} {n}|{wl} para {nlas} {wn}|a {nlas} {n} menos {l}|a {nlas} {wn} menos {wl}
            |{wl} pa {nlas} {wn}|{wl} minutos para {nlas} {wn}|faltando {l} para {nlas} {n}""",
        "half": """a {las} {h} y media|a {las} {wh} y media|{wh} y media|{h} y media {pm}
            |a {las} {wh} y media de la {part}""",
        "quarter": "a {las} {h} y cuarto|a {las} {wh} y cuarto|{h} y cuarto de la {part}|a {las} {wh} y un cuarto",
        "quarter to": """cuarto para {nlas} {n}|un cuarto para {nlas} {wn}|a {nlas} {n} menos cuarto
            |{wn} menos cuarto|un cuarto pa {nlas} {wn}|a {nlas} {wn} menos un cuarto""",
    },
}
_ONES = words_of(
    """oh one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen
    eighteen nineteen"""
)
_UNOS = words_of(
    """cero una dos tres cuatro cinco seis siete ocho nueve diez once doce trece catorce quince dieciseis diecisiete
    dieciocho diecinueve veinte veintiuno veintidos veintitres veinticuatro veinticinco veintiseis veintisiete
    veintiocho veintinueve"""
)
_TENS = {"en": words_of("twenty thirty forty fifty"), "es": words_of("veinte treinta cuarenta cincuenta")}


class Written(NamedTuple):
    """A text, the language it is in, and the local day and time that it means."""

    language: str
    text: str
    meant: str


Outcome = Literal["right", "asked", "wrong"]


def written() -> Iterator[Written]:
    """Write every time in every form and layout."""
    for language, layouts in LAYOUTS.items():
        for at, kind in product(TIMES, FORMS[language]):
            if not _is_said(kind, at):
                continue
            for form, (layout, day) in product(FORMS[language][kind].split("|"), layouts.items()):
                said = form.strip().format(**_pieces(language, at))
                if at.hour == 12 or "noon" not in said:
                    yield Written(language, layout.format(said), f"{day} {at:%H:%M}")


def outcome(said: Written) -> Outcome:
    """Read a text: the right time, one that is asked about (no hour is asked about, too), or a wrong day or time."""
    found = find_time(said.text, NOW, "America/Chicago", said.language, {})
    if found is None:
        return "asked"
    local = f"{found.at.astimezone(CHICAGO):%Y-%m-%d %H:%M}"
    if not found.has_time:
        return "asked" if local[:10] == said.meant[:10] else "wrong"
    return "right" if local == said.meant else "wrong"


def _is_said(kind: str, at: time) -> bool:
    whole, half_hour = 0, 30
    match kind:
        case "any":
            return True
        case "whole":
            return at.minute == whole
        case "after":
            return at.minute != whole
        case "past":
            return whole < at.minute <= half_hour
        case "before":
            return at.minute > half_hour
        case _:
            return at.minute == {"half": 30, "quarter": 15, "quarter to": 45}[kind]


def _word(language: str, number: int) -> str:
    small = _ONES if language == "en" else _UNOS
    if number < len(small):
        return small[number]
    ten, one = divmod(number, 10)
    return _TENS[language][ten - 2] + ("" if not one else f" y {_UNOS[one]}" if language == "es" else f" {_ONES[one]}")


def _pieces(language: str, at: time) -> dict[str, str]:
    hour, upcoming, left = (at.hour - 1) % 12 + 1, at.hour % 12 + 1, -at.minute % 60
    evening = 18 if language == "en" else 20
    parts = (
        ("in the morning", "in the afternoon", "in the evening") if language == "en" else ("mañana", "tarde", "noche")
    )
    half, next_half = ("pm" if each >= 12 else "am" for each in (at.hour, at.hour + 1))
    numbers = {"h": hour, "H": at.hour, "n": upcoming, "m": at.minute, "l": left}
    return {
        **{name: str(number) for name, number in numbers.items()},
        **{f"w{name}": _word(language, number) for name, number in numbers.items()},
        "HH": f"{at.hour:02}",
        "mm": f"{at.minute:02}",
        "wmm": f"oh {_word(language, at.minute)}" if at.minute < 10 else _word(language, at.minute),
        "las": "la" if hour == 1 else "las",
        "nlas": "la" if upcoming == 1 else "las",
        "p": half[0],
        "pm": half,
        "npm": next_half,
        "part": parts[0] if at.hour < 12 else parts[1] if at.hour < evening else parts[2],
    }


def main() -> int:
    """Print the counts for each language, and every text whose reading is wrong; fail on any, or on too few right."""
    console = Console(highlight=False, markup=False, soft_wrap=True)
    counts: dict[str, Counter[Outcome]] = {language: Counter() for language in LAYOUTS}
    for said in written():
        result = outcome(said)
        counts[said.language][result] += 1
        if result == "wrong":
            console.print(f"{result}: {said.text!r} means {said.meant}")
    for language, count in counts.items():
        forms = sum(len(each.split("|")) for each in FORMS[language].values())
        share = count["right"] / count.total()
        console.print(
            f"{language}: right {count['right']} ({share:.0%}), asked {count['asked']}, wrong {count['wrong']}"
            f" of {count.total()} texts in {forms} forms"
        )
    return int(any(count["wrong"] or count["right"] < LEAST_RIGHT * count.total() for count in counts.values()))


if __name__ == "__main__":
    sys.exit(main())
