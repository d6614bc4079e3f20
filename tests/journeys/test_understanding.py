"""What is missing is asked, what is not understood is asked again, and each customer is answered in their language."""

from dataclasses import dataclass
from datetime import datetime

from infra.cli.report import lacks
from tests.journeys.conversation import Ended, over
from tests.journeys.people import said, shown, weekday
from tests.journeys.stage import Stage, journey

ASKED, SPANISH, EARLY = weekday(3, 9), weekday(3, 10), weekday(3, 14)
_MONTHS = ["enero", "febrero", "marzo", "abril", "mayo", "junio"]
_MONTHS += ["julio", "agosto", "septiembre", "octubre", "noviembre", "diciembre"]


@journey
def asked(stage: Stage) -> Ended:
    talk = stage.conversation(stage.town.customer("Peregrine Ashdown"))
    talk.ask("Hi, I'd like a cleaning please")
    talk.ask("whenever the moon is full")
    talk.ask(said(ASKED))
    talk.ask("no")
    return over(talk)


@journey
def spanish(stage: Stage) -> Ended:
    talk = stage.conversation(stage.town.customer("Eulalia Zubizarreta"))
    talk.ask(f"Quisiera una limpieza dental el {SPANISH.day} de {_MONTHS[SPANISH.month - 1]} a las 10")
    talk.ask("sí, por favor")
    return over(talk)


@journey
def unknown(stage: Stage) -> Ended:
    talk = stage.conversation(stage.town.customer("Leopold Grimsditch"))
    talk.ask("do you sell bicycles with three wheels?")
    talk.ask("what about motorbikes?")
    talk.ask("a unicycle then")
    return over(talk)


@dataclass(frozen=True)
class Hasty:
    """A conversation whose answer was received at `answered`, before the practice waited for it."""

    ended: Ended
    answered: datetime


@journey
def hasty(stage: Stage) -> Hasty:
    talk = stage.conversation(stage.town.customer("Rosalind Quackenbush"))
    # The question reaches the customer, but its sender hears nothing of it and has to look before it waits.
    addressed = rf"(?s)(?=.*{talk.customer.phone[1:]})(?=.*Shall)"
    stage.world.sandbox.fault("twilio", "drop after commit", method="POST", body=addressed)
    talk.ask(f"I'd like a cleaning on {said(EARLY)}")
    talk.say("yes")
    return Hasty(over(talk), stage.received(talk))


def test_a_missing_time_is_asked_until_it_is_said(asked: Ended) -> None:
    """An answer that says no time is followed by the same question, one that does by a quote for that time."""
    question, again, quote, _ = asked.texts
    assert question == again == "What day and time would suit you?"
    assert quote.startswith(f"Teeth cleaning on {shown(ASKED)} for")
    outcomes = [it["outcome"] for it in asked.report["decisions"] if it["step"] == "inputs.when"]
    assert outcomes == ["again", "done"]


def test_spanish_is_answered_in_spanish_and_the_desk_in_english(spanish: Ended) -> None:
    """The customer's language is the customer's alone."""
    quote, confirmation = spanish.texts
    assert spanish.report["language"] == "es"
    assert quote.startswith("Limpieza dental el ")
    assert f"{SPANISH.day} de {_MONTHS[SPANISH.month - 1]} de {SPANISH.year}" in quote
    assert confirmation.startswith("Reservado: Limpieza dental, ")
    assert all(words.startswith("Teeth cleaning: Eulalia Zubizarreta") for words in spanish.words("operator"))


def test_a_spanish_conversation_is_proven_like_any_other(spanish: Ended) -> None:
    """Every system acted on, every party told, an unbroken chain."""
    assert lacks(spanish.report, ("hubspot", "cal_com", "stripe", "twilio", "ses", "sns")) == []


def test_what_nobody_understands_is_asked_twice_and_then_handed_to_the_desk(unknown: Ended) -> None:
    """The practice says what it can do, never guesses, and ends politely."""
    first, second, end = unknown.texts
    assert first == second
    assert "Which would you like?" in first
    assert end.startswith("We are sorry, we did not understand. Our front desk will be glad to help")
    assert unknown.report["status"] == "refused"
    assert unknown.report["service"] is None
    assert [it["kind"] for it in unknown.report["decisions"]].count("identified") == 3


def test_the_desk_hears_of_who_was_not_understood(unknown: Ended) -> None:
    """It knows the number and what the customer was told, so that it can call."""
    assert unknown.report["confirmations"]["operator"]["status"] == "sent"
    assert all(
        unknown.customer.phone in words and "we did not understand" in words for words in unknown.words("operator")
    )
    acts = {effect["step"] for effect in unknown.report["effects"]}
    assert all(step.startswith(("ask ", "tell ")) for step in acts)


def test_an_answer_that_comes_before_the_wait_is_not_lost(hasty: Hasty) -> None:
    """The wait finds the message that is already there and ends at once."""
    lines = hasty.ended.report["timeline"]
    (noted,) = [line["at"] for line in lines if (line["kind"], line["step"]) == ("asked", "agreed")]
    assert hasty.answered < datetime.fromisoformat(noted)
    assert hasty.ended.report["status"] == "completed"
    assert hasty.ended.decision("agreed")["reason"] == "the customer said yes"


def test_a_question_whose_sending_was_in_doubt_is_not_asked_twice(hasty: Hasty) -> None:
    """The provider's own list of messages settles it."""
    assert len(hasty.ended.texts) == 2
    question = hasty.ended.effect("ask agreed")
    assert (question["outcome"], question["attempt"]) == ("done", 2)
