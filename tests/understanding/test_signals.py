"""What is said about being written to, and what a phone says by itself."""

import pytest

from followthrough.contracts.consent import BLOCKING
from followthrough.understanding.signals import is_reaction, signal

STOP = [
    *("STOP", "Stop.", "stop!!", "UNSUBSCRIBE", "QUIT", "END", "Stop. Thank you", "please stop", "STOPALL", "opt out"),
    *("Unsubscribe me please", "stop texting me", "Don't text me", "no more texts, thanks"),
]
STOP_SPANISH = ["ALTO", "Baja por favor", "darme de baja", "No me escriban más, gracias", "STOP", "basta ya"]
ABOUT_SOMETHING = [
    *(
        "my gum is bleeding and will not stop",
        "CANCEL",
        "cancel my visit",
        "can you stop by?",
        "the weekend",
        "quit smoking kit",
    ),
    *(
        "end of next week",
        "yes",
        "1",
        "",
        "👍",
        "stop at 3 pm on Friday works",
        "help my tooth hurts",
        "para el martes",
        "no más tarde",
    ),
]
REACTIONS = [
    *(
        "Liked “Booked: Teeth cleaning, Friday at 3.”",
        "Loved “Booked”",
        "Emphasized “Which one suits you?”",
        'Disliked "x"',
    ),
    *(
        "Laughed at “x”",
        "Questioned “x”",
        "Liked an image",
        "Loved a movie",
        "Removed a heart from “x”",
        "Reacted 😀 to “x”",
    ),
    *("Le gustó “Reservado: limpieza”", "Le encantó «Reservado»", "No le gustó “x”", "Se rió de “x”", "Enfatizó “x”"),
    *(
        "👍 to “Booked”",
        "\u200a\u200b\u2764\ufe0f\u200b to “ Booked ”",
        "👍 a “Reservado”",
        "Ha reaccionado con 👍 a “x”",
    ),
    "Loved “Booked:\nTeeth cleaning\nFriday”",
]
WORDS = [
    *(
        "Liked it!",
        "I loved the cleaning",
        "liked",
        "Loved Friday at 3, can we do it again?",
        "“yes”",
        "2 to 3 pm",
        "yes to “A”",
    ),
    *("me gustó", "a las “3”", "I laughed at that", "1) to the dentist"),
]


@pytest.mark.parametrize("text", STOP)
def test_stop(text: str) -> None:
    """C1: the provider's words and people's own, alone or with a polite word, mean that no text is wanted."""
    assert signal(text, ["en"]) == "stop"


@pytest.mark.parametrize("text", STOP_SPANISH)
def test_stop_in_the_tenants_languages(text: str) -> None:
    """C1: Spanish words count where the tenant speaks Spanish, English ones everywhere: the provider acts on them."""
    assert signal(text, ["en", "es"]) == "stop"
    assert signal(text, ["en-GB"]) == ("stop" if text == "STOP" else None)


@pytest.mark.parametrize("text", ABOUT_SOMETHING)
def test_not_stop(text: str) -> None:
    """C1: a word of it in a sentence about something else is no opt-out."""
    assert signal(text, ["en", "es"]) is None


@pytest.mark.parametrize("word", sorted(BLOCKING - {"cancel"}))
def test_every_word_that_the_provider_acts_on(word: str) -> None:
    """C1: what the provider blocks a number on, we heed; "cancel" may mean a visit, and is understood as one."""
    assert signal(word.upper(), ["en"]) == "stop"


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("START", "start"),
        ("Unstop", "start"),
        ("HELP", "help"),
        ("info please", "help"),
        ("Ayuda", "help"),
        ("Alta", "start"),
    ],
)
def test_start_and_help(text: str, meant: str) -> None:
    """C1: the way back, and the way to a person."""
    assert signal(text, ["en", "es"]) == meant


@pytest.mark.parametrize("text", REACTIONS)
def test_reaction(text: str) -> None:
    """C3: what a phone sends for a heart or a thumb is no message."""
    assert is_reaction(text)


@pytest.mark.parametrize("text", WORDS)
def test_words(text: str) -> None:
    """C3: what a person wrote is one, also where it begins with such a word."""
    assert not is_reaction(text)
