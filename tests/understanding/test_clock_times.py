"""Clock times as customers write them: read right, or asked about; never another time."""

import random

import pytest
from hypothesis import given, strategies as st

from followthrough.understanding.folding import words_of
from tests.clock_forms import LAYOUTS, LEAST_RIGHT, outcome, written
from tests.understanding.meaning import clock

SAMPLE = 1000
JUNK = [
    *words_of("a p am pm m h ish x y o to past till of and or half quarter noon minutes hours at sharp in the morning"),
    *words_of("media cuarto menos con las para de la noche tarde hora pasadas en punto after before until"),
    *"½'°\u200b:.-,/;()+*_…!?",
]


@pytest.mark.parametrize(
    ("time", "texts"),
    [
        (
            "15:20",
            "3:20p|3:20 P|3:20ish|3 : 20 pm|20 after 3|20 past 3 pm|3 20 pm|3:20-ish|3.20pm|320p|20-past-3",
        ),
        ("12:15", "12:15p|15 minutes past noon|quarter past 12|12 15 pm|a quarter after noon"),
        ("09:30", "9-30am|at 9 30|at nine thirty|half-past 9|9.30 am|930a|at 9-30"),
        ("17:45", "15 to 6pm|five-forty-five pm|quarter of six|a quarter till 6 pm|15 minutes before 6|15-to-6 pm"),
        ("11:45", "quarter to noon|15 to 12 pm|quarter to 12 pm"),
        ("12:50", "10 minutes to 1|at 10 to 1 pm"),
        ("15:05", "five past three|at three oh five|3 05 pm|3:05p"),
        ("21:00", "9 at night|9 in the evening|9 pm o'clock"),
        ("14:00", "between two and four|2-4pm|2pm - 4pm|from 2 to 4"),
        ("10:00", "10am to noon"),
        ("15:00", "at 3 to 4|at 3-4|from 3 until 5"),
    ],
)
def test_english_times_are_read_whole(time: str, texts: str) -> None:
    """D1: minutes, halves of the day, "past" and "to" belong to the hour beside them, however they are written."""
    read = {text: clock(f"tomorrow {text}") for text in texts.split("|")}
    assert read == dict.fromkeys(texts.split("|"), time)
    assert {clock(f"can I come {text} tomorrow?") for text in texts.split("|")} == {time}


@pytest.mark.parametrize(
    "text",
    [
        *("Friday 3 20 pm", "Friday 9 30a", "Friday 3.20pm", "Friday, 3 20 pm please"),
        *("Friday 20 past 3 pm", "Friday five-forty-five pm"),
    ],
)
def test_minutes_after_a_weekday_are_no_date(text: str) -> None:
    """D1: after a weekday, "3 20 pm" is no third at eight in the evening."""
    assert clock(text) in {"15:20", "09:30", "17:45"}


@pytest.mark.parametrize(
    ("time", "texts"),
    [
        (
            "09:30",
            "a las nueve treinta|a las nueve y treinta|a las 9 30|a las 9 y 30|a las nueve y media|9:30 de la mañana",
        ),
        (
            "17:45",
            "a las cinco cuarenta y cinco|cuarto para las 6|un cuarto pa las seis|a las seis menos cuarto",
        ),
        (
            "15:20",
            "a las tres y veinte|a las 15 horas y 20 minutos|a las 15h20|15:20 hs|a las quince veinte",
        ),
        ("15:00", "a las 3 a 4|a las 3 para una limpieza|a las 3 con la doctora"),
        ("15:40", "veinte para las cuatro|20 minutos para las 4|a las 4 menos 20"),
        ("14:00", "a las 2 del mediodía|a las dos de la tarde|de 2 a 4|entre las 2 y las 4|para las 2"),
        ("12:00", "a mediodía|a las 12 del día|a las doce del mediodía"),
        ("03:00", "a las 3 de la madrugada"),
    ],
)
def test_spanish_times_are_read_whole(time: str, texts: str) -> None:
    """D2: minutes in words, "para las" and "menos" belong to the hour beside them."""
    assert {text: clock(f"mañana {text}") for text in texts.split("|")} == dict.fromkeys(texts.split("|"), time)


@pytest.mark.parametrize(
    ("text", "time"),
    [
        ("mañana a las 8 por la noche", "20:00"),
        ("el viernes por la noche a las 9", "21:00"),
        ("el viernes a las 9 de noche", "21:00"),
        ("mañana a las 8 noche", "20:00"),
        ("mañana durante la noche a las 9", "21:00"),
        ("esta noche a las 8", "20:00"),
        ("me dolió por dos noches, ¿puedo ir mañana a las 9?", "09:00"),
        ("el viernes a las 9 por las noches", None),
        ("I work in the evening, can I come Friday at 9", None),
        ("I work in the evening, can I come Friday at 9 am", "09:00"),
    ],
)
def test_por_la_noche_is_part_of_the_time(text: str, time: str | None) -> None:
    """D3: "por la noche" is still to come; "por dos noches" is over, and a habit elsewhere may not be the time's."""
    assert clock(text) == time


@pytest.mark.parametrize(
    "text",
    [
        *(
            "at 3 and 5",
            "at 3 & 4",
            "at 3 or 4",
            "at 3 and a half",
            "at 3 1/2",
            "at 3½",
            "at 9, 30",
            "3:20:99",
            "at 3 .20",
        ),
        *("3::20", "at 3x", "3:20x", "x3:20", "3 pm am", "at 3, pm", "3.pm", "3 something", "noon thirty", "at 25"),
        *(
            "an hour after 3",
            "half an hour before 3 pm",
            "2 hours after 3",
            "a few minutes past 3",
            "20 or so past 3pm",
        ),
        *("3 pm plus 20 minutes", "15 to 12 am", "10 to 3pm", "five to six pm", "9-10am", "10 - 12 am", "quarter to 8"),
        *("a las 3 y pico", "a las 3 pasadas", "a las 3 y un poco", "a las tres cinco", "una hora después de las 3"),
        *("entre las 3 y 20 y las 4", "at 12 in the morning", "at 3 in the evening", "20 3pm", "3/4pm", "at 3 to 20"),
    ],
)
def test_what_could_belong_to_a_time_and_is_not_understood_is_asked_about(text: str) -> None:
    """D1: an hour with anything beside it that may change it is no hour to act on."""
    assert clock(f"tomorrow {text}") is None
    assert clock(f"{text} tomorrow") is None


@pytest.mark.parametrize("text", ["at 8 tomorrow pm", "at 3 Friday pm", "a las 3 mañana y media"])
def test_what_is_said_apart_from_its_time_is_asked_about(text: str) -> None:
    """D1: a day in between does not cut the half of the day or the half hour off from its time."""
    assert clock(text) is None


@pytest.mark.parametrize(
    "text",
    [
        *("a cleaning at $90", "call me at 312-555-0100", "my 7 year old", "my 7-year-old", "she is 7", "open 24/7?"),
        *("is the 2 for 1 still on?", "ref 1520", "order #930", "about 20 minutes", "it takes about 2 hours", "for 2"),
        *("at one of your offices", "about 3 crowns", "after 2 fillings", "at 12 Oak Street", "at 5 Old Main Street"),
        *("at 3 different places", "my 2 teeth", "2 of us", "after hours", "cuesta 90 dólares", "con mis 2 hijos"),
        *("calle 5", "me dolió 3 horas", "tengo 30 años", "somos 4"),
    ],
)
def test_other_numbers_are_no_times(text: str) -> None:
    """D1: prices, phone numbers, ages, counts, house and reference numbers name no hour, and hide none."""
    assert clock(f"tomorrow, {text}") is None
    assert clock(f"tomorrow at 4:30, {text}") == clock(f"{text}, tomorrow at 4:30 pm") == "16:30"


def test_every_way_of_writing_a_time_is_read_right_or_asked_about() -> None:
    """D1, D2: of a sample of all forms, times and layouts none is read as another time, and most are read."""
    every = list(written())
    assert {len(layouts) for layouts in LAYOUTS.values()} == {5}
    results = [(said, outcome(said)) for said in random.Random(20261118).sample(every, SAMPLE)]
    assert [said for said, result in results if result == "wrong"] == []
    for language in LAYOUTS:
        read = [result == "right" for said, result in results if said.language == language]
        assert sum(read) >= LEAST_RIGHT * len(read)


@given(
    st.sampled_from(["8:20 pm", "8:20pm", "a las 8:20 de la noche", "20:20", "at 8:20 in the evening", "20 past 8 pm"]),
    st.lists(st.sampled_from(JUNK), max_size=3),
    st.lists(st.sampled_from(JUNK), max_size=3),
    st.sampled_from(["", " "]),
    st.sampled_from(["", " "]),
)
def test_junk_beside_a_time_never_makes_another(
    time: str, before: list[str], after: list[str], between: str, by: str
) -> None:
    """D1: whatever stands before and after a time, glued or apart, it is that time or it is asked about."""
    text = f"{between.join(before)}{by}{time}{by}{between.join(after)}"
    assert clock(f"tomorrow {text}") in {None, "20:20"}
    assert clock(f"{text} el viernes", "es") in {None, "20:20"}


@given(st.text(max_size=12), st.text(max_size=12))
def test_no_text_beside_a_time_makes_another(before: str, after: str) -> None:
    """D1: any characters around a time leave it, or make the product ask, unless they write digits themselves."""
    if not any(char.isnumeric() for char in before + after):
        assert clock(f"tomorrow {before}20:20{after}") in {None, "20:20"}
