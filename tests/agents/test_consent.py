"""Who does not want to be written to is not; and machines are not talked to."""

import pytest

from followthrough.interaction.reception import MOST_AN_HOUR, SILENCE, receive
from followthrough.interaction.sms import SMS
from followthrough.ledger.models import EffectStatus, ExecutionContext, Status
from tests.workbench.bench import IAN, MAYA, PRACTICE, Bench

CLEANING = "I'd like a cleaning next Wednesday at 3 pm"


def contexts(bench: Bench) -> list[ExecutionContext]:
    """Every execution, oldest first."""
    found = [bench.ledger.load(*key) for key in bench.ledger.contexts]
    return sorted(found, key=lambda context: context.opened_at)


def subject(bench: Bench, number: str) -> str:
    return bench.ports.subjects.subject("brightsmile", number)


@pytest.mark.parametrize("words", ["STOP", "Stop.", "UNSUBSCRIBE", "QUIT", "END", "Stop. Thank you", "ALTO"])
def test_stop_is_heeded(bench: Bench, words: str) -> None:
    """C1: nothing is texted, the opt-out is on record with its time and its words, and desk and record know."""
    assert bench.text(MAYA, words) == []
    (context,) = contexts(bench)
    assert (context.status, context.service, context.closed_at is None) == (Status.REFUSED, None, False)
    consent = bench.ledger.consent("brightsmile", subject(bench, MAYA))
    assert consent is not None
    assert not consent.given
    assert bench.conversations.interaction("brightsmile", consent.source.removeprefix("interaction ")).text == words
    assert any("STOP" in body for body in bench.notices.bodies())
    assert "STOP" in str(bench.sandbox.snapshot("hubspot")["notes"])


def test_stop_ends_what_is_open(bench: Bench) -> None:
    """C1: what was held is given back, and a later yes books and charges nothing."""
    bench.text(MAYA, CLEANING)
    assert bench.text(MAYA, "Stop.") == []
    assert bench.context().status is Status.REFUSED
    assert bench.effect("hold").status is EffectStatus.UNDONE
    assert bench.text(MAYA, "yes") == []
    assert bench.sandbox.snapshot("stripe")["payments"] == []


def test_start_brings_it_back(bench: Bench) -> None:
    """C1: after STOP a wish is not answered, after START it is."""
    bench.text(MAYA, "STOP")
    assert bench.text(MAYA, CLEANING) == []
    assert len(bench.text(MAYA, "START")) == 1
    assert "Shall we book it" in bench.text(MAYA, CLEANING)[-1]


def test_help_is_answered(bench: Bench) -> None:
    """C1: who asks for help hears what there is to be asked for."""
    assert "Which would you like" in bench.text(MAYA, "HELP")[-1]


def test_a_number_that_its_provider_blocks_is_told_another_way(bench: Bench) -> None:
    """C2: the desk hears that a cancellation is wanted and that texts are stopped, and the ledger knows it, too."""
    bench.sandbox.seed("twilio", {"opted_out": [IAN]})
    assert bench.text(IAN, "CANCEL") == []
    consent = bench.ledger.consent("brightsmile", subject(bench, IAN))
    assert consent is not None
    assert consent.source.startswith("effect ")
    told = next(body for body in bench.notices.bodies() if "Not completed" in body)
    assert "Cancel" in told
    assert "STOP" in told
    (kept,) = [it for it in bench.sandbox.snapshot("cal_com")["bookings"] if it["phone"] == IAN]
    assert kept["status"] == "accepted"


def test_who_opts_out_while_texts_are_under_way_gets_no_more(bench: Bench) -> None:
    """C1: consent is looked at with each text, not once per execution."""
    bench.text(MAYA, CLEANING)
    bench.text(MAYA, "yes", settle=False)
    bench.text(MAYA, "STOP", settle=False)
    bench.settle()
    assert not any("Booked" in words for words in bench.heard(MAYA))


@pytest.mark.parametrize("sender", ["68849", "SUPPORT", "+68849", "+266696687", "whatsapp:+13125550142", "+7378742833"])
def test_who_is_no_person_is_not_answered(bench: Bench, sender: str) -> None:
    """C5: a short code, a name, a number withheld: what they send is kept, and starts and answers nothing."""
    form = {"MessageSid": f"SM{1:032x}", "From": sender, "To": PRACTICE, "Body": "I want a cleaning"}
    receive(SMS, bench.post("sms", form), bench.ports, bench.secrets)
    bench.settle()
    assert len(bench.conversations.interactions) == 1
    assert bench.ledger.contexts == {}
    assert bench.sandbox.snapshot("twilio")["messages"] == []


def test_machines_do_not_talk_for_long(bench: Bench) -> None:
    """C5: who answers every text of ours at once is answered so many times in an hour; then there is silence, and the
    desk knows, once. Everything is kept, and an hour later they are heard again.
    """
    for number in range(3 * MOST_AN_HOUR):
        bench.text(MAYA, f"Thank you for your message {number}")
    assert len(bench.heard(MAYA)) <= MOST_AN_HOUR
    assert len(bench.conversations.interactions) == 3 * MOST_AN_HOUR
    assert (
        sum("more was written" in str(bench.ledger.trace("brightsmile", it.execution)) for it in contexts(bench)) == 1
    )
    bench.clock.forward(bench.clock.now + SILENCE)
    assert "Shall we book it" in bench.text(MAYA, CLEANING)[-1]


def test_a_reaction_starts_nothing_and_ends_nothing(bench: Bench) -> None:
    """C3: a heart on a question is kept, and the question stays open as it was."""
    assert bench.text(MAYA, "Loved “Booked: Teeth cleaning, Friday”") == []
    assert bench.ledger.contexts == {}
    bench.text(MAYA, CLEANING)
    assert bench.text(MAYA, "Liked “Teeth cleaning on Wednesday. Shall we book it?”") == []
    assert "Booked" in bench.text(MAYA, "yes")[-1]
