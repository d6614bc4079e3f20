"""A time that is booked is not the time that is wished."""

import pytest

from tests.understanding.meaning import said


@pytest.mark.parametrize(
    "text",
    [
        *("I have an appt Friday at 3, need to move it", "I have Friday at 3, need to move it"),
        *("I've got an appointment on Friday at 3", "we have an appointment for our kids Friday at 3"),
        *("I have a cleaning Friday at 3, need to reschedule", "I need it moved, I have Friday at 3"),
        *("my appointment is Friday at 3", "my appt on Friday at 3 needs to be moved", "cancel my Friday at 3"),
        *("I'm booked for Friday at 3, anything sooner?", "you have me down for Friday at 3", "mine is Friday at 3"),
        *("tengo cita el viernes a las 3 y la quiero cambiar", "tengo el viernes a las 3, quiero cambiarla"),
        *("mi cita es el viernes a las 3 y quiero cambiarla", "cambiar mi cita del viernes a las 3"),
        *("me toca el viernes a las 3, quiero otra hora", "tengo limpieza el viernes a las 3, necesito cambiarla"),
    ],
)
def test_what_is_booked_is_not_wished(text: str) -> None:
    """D4: who says what is booked has not yet said what is wanted instead."""
    assert said(text) is None


@pytest.mark.parametrize(
    "text",
    [
        *("any chance sooner than Friday at 3", "anything earlier than Friday at 3?", "later than Friday at 3 please"),
        *("some other time than Friday at 3", "rather than Friday at 3", "instead of Friday at 3"),
        *(
            "Friday at 3 is too late",
            "before Friday at 3",
            "¿algo antes del viernes a las 3?",
            "el viernes es muy tarde",
        ),
        *("algo más temprano que el viernes a las 3", "en vez del viernes a las 3", "en lugar del viernes a las 3"),
    ],
)
def test_what_a_wish_is_measured_by_is_not_wished(text: str) -> None:
    """D4: "sooner than Friday at 3" is any time but that."""
    assert said(text) is None


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("I have Friday at 3, need to move it to Monday at 4", "2026-11-23 16:00"),
        ("I have Friday at 3. Can we do Monday at 4 instead?", "2026-11-23 16:00"),
        ("my appointment is Friday at 3, can I come Monday at 4 instead", "2026-11-23 16:00"),
        ("tengo el viernes a las 3, ¿puede ser el lunes a las 4?", "2026-11-23 16:00"),
    ],
)
def test_the_wish_beside_what_is_booked_is_read(text: str, meant: str) -> None:
    """D4: what is booked is left out, and what is proposed in its place is read."""
    assert said(text) == meant


@pytest.mark.parametrize(
    "text",
    [
        *(
            "can I have an appointment Friday at 3",
            "I'd like to have an appointment Friday at 3",
            "do you have Friday at 3?",
        ),
        *(
            "I have Friday at 3 free",
            "I have a toothache, Friday at 3 please",
            "I have a toothache can I come Friday at 3",
        ),
        *("move my appointment to Friday at 3", "book my appointment on Friday at 3", "I am free Friday at 3"),
        *(
            "tengo libre el viernes a las 3",
            "tengo dolor, ¿puedo ir el viernes a las 3?",
            "no tengo cita, quiero el viernes a las 3",
        ),
        *("quiero cambiar mi cita al viernes a las 3", "quiero mi cita el viernes a las 3"),
    ],
)
def test_a_wish_that_speaks_of_having_is_a_wish(text: str) -> None:
    """D4: "can I have", "I have Friday free" and "move my appointment to Friday" say what is wanted."""
    assert said(text) == "2026-11-20 15:00"
