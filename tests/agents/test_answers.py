"""Questions and answers: what is asked, how often, and what an answer changes."""

import pytest

from followthrough.ledger.models import Status
from followthrough.routing.bounds import MAX_WISHES
from tests.confirmation.test_mail_receipts import DESK
from tests.workbench.bench import IAN, MAYA, OMAR, Bench
from tests.workbench.weather import broken_agent, meeting
from tests.workbench.world import TENANT, World

CLEANING = "I'd like a cleaning next Wednesday at 3 pm"
TAKEN = "A cleaning next Tuesday at 3 pm please"


def test_what_was_said_is_not_asked(bench: Bench) -> None:
    """A first text that says service and time leads straight to the quote."""
    assert len(bench.text(MAYA, CLEANING)) == 1
    assert "Shall we book it" in bench.heard(MAYA)[0]


def test_what_is_missing_is_asked(bench: Bench) -> None:
    """A service without a time is asked for it, and the answer goes on from there."""
    assert bench.text(MAYA, "I need a cleaning") == ["What day and time would suit you?"]
    assert "3:00" in bench.text(MAYA, "next Wednesday at 3 pm")[-1]


def test_several_times_to_choose_from_are_not_guessed(bench: Bench) -> None:
    """A day without an hour is offered, never just taken."""
    assert "1)" in bench.text(MAYA, "I'd like a cleaning next Wednesday")[-1]


@pytest.mark.parametrize("agreed", ["yes", "Yes please!", "ok", "👍"])
def test_yes(bench: Bench, agreed: str) -> None:
    """A plain yes books."""
    bench.text(MAYA, CLEANING)
    assert "Booked" in bench.text(MAYA, agreed)[-1]


@pytest.mark.parametrize("refused", ["no", "No thanks", "nope"])
def test_no(bench: Bench, refused: str) -> None:
    """A plain no books nothing."""
    bench.text(MAYA, CLEANING)
    bench.text(MAYA, refused)
    assert bench.context().status is Status.REFUSED
    assert bench.sandbox.snapshot("stripe")["payments"] == []


def test_unclear_answer_is_asked_again_and_at_last_given_up(bench: Bench) -> None:
    """An answer that is neither yes nor no is asked for again, twice; then the front desk takes over."""
    bench.text(MAYA, CLEANING)
    quote = bench.heard(MAYA)[-1]
    assert bench.text(MAYA, "what does it cost for two?") == [quote]
    assert bench.text(MAYA, "hm") == [quote]
    (last,) = bench.text(MAYA, "hm")
    assert last.startswith("We are sorry, we did not understand")
    assert bench.context().answers["agreed"] == ["again", "again", "refused"]
    assert bench.sandbox.snapshot("cal_com")["reservations"] == []


def test_service_that_is_never_understood_is_given_up(bench: Bench) -> None:
    """After as many questions as the tenant allows the customer is told whom to call."""
    assert "Which would you like" in bench.text(MAYA, "hello")[-1]
    assert "Which would you like" in bench.text(MAYA, "blue")[-1]
    assert "Our front desk will be glad to help" in bench.text(MAYA, "seven")[-1]
    assert bench.context().status is Status.REFUSED
    assert bench.context().service is None


def test_offer_is_chosen_by_number(bench: Bench) -> None:
    """A taken time is answered with the nearest free ones, and a number chooses."""
    (offers,) = bench.text(MAYA, TAKEN)
    assert "1) " in offers
    assert "3) " in offers
    bench.text(MAYA, "3")
    assert bench.context().variables["slot"] == bench.context().offers["slot"][2]


def test_another_time_looks_anew(bench: Bench) -> None:
    """Who wishes another time instead of an offer gets that one, if it is free."""
    bench.text(MAYA, TAKEN)
    (quote,) = bench.text(MAYA, "could you do next Thursday at 11 am?")
    assert "Thursday, December 3" in quote or "Thursday, November 26" in quote
    assert "11:00" in quote


def test_wishes_are_not_misunderstandings(bench: Bench) -> None:
    """Two other wishes and an unclear answer are no three answers in vain: the question is asked again."""
    bench.text(MAYA, TAKEN)
    bench.text(MAYA, "next Friday")
    bench.text(MAYA, "next Saturday at 7 am")
    (again,) = bench.text(MAYA, "hm")
    assert "Which one suits you" in again
    assert bench.context().status is Status.OPEN


def test_wishes_come_to_an_end(bench: Bench) -> None:
    """T7: who only ever wishes another time is told whom to call, before the machine's history is full."""
    bench.text(MAYA, TAKEN)
    for hour in range(MAX_WISHES):
        assert bench.context().status is Status.OPEN
        bench.text(MAYA, f"next Friday at {hour % 5 + 1} am")
    assert bench.context().status is Status.OPEN
    assert "Our front desk will be glad to help" in bench.text(MAYA, "next Friday at 6 am")[-1]
    assert bench.context().status is Status.REFUSED


@pytest.mark.parametrize("answer", ["no", "none of these", "no thanks", "nope"])
def test_none_of_these(bench: Bench, answer: str) -> None:
    """T17: who wants none of the offers is told that nothing was booked, not that nothing is free; nothing is held."""
    bench.text(MAYA, TAKEN)
    told = bench.text(MAYA, answer)[-1]
    assert told.startswith("All right, nothing was booked and nothing was charged. Text us whenever you like.")
    assert bench.context().status is Status.REFUSED
    answered = [entry.fact for entry in bench.trace() if entry.fact.kind == "answered"]
    assert (answered[-1].outcome, answered[-1].reason) == ("declined", "the customer wants none of the offers")
    for words in (*bench.mail.bodies(DESK), *bench.notices.bodies("front-desk")):
        assert "For the customer: All right, nothing was booked" in words
        assert "nothing free" not in words
    assert len(bench.notices.bodies("front-desk")) == 1
    assert "hold" not in [effect.step for effect in bench.effects()]


def test_two_texts_at_once_are_one_answer(bench: Bench) -> None:
    """Two texts in a row before anybody read them are read together, each once."""
    bench.text(MAYA, "I'd like a cleaning", settle=False)
    bench.text(MAYA, "next Wednesday at 3 pm", settle=False)
    bench.settle()
    assert len(bench.heard(MAYA)) == 1
    assert "3:00" in bench.heard(MAYA)[0]
    assert len(bench.contexts()) == 1
    assert bench.conversations.unread(TENANT, bench.context().subject) == []


def test_text_that_nobody_waits_for_is_kept_for_later(here: World) -> None:
    """A text that arrives while the chain is at work waits in the inbox and opens the next execution after it."""
    texted: list[str] = []

    def meanwhile(agent: str, step: str) -> None:
        if step == "payment" and not texted:
            texted.append(step)
            bench.text(MAYA, "my tooth hurts", settle=False)

    bench = Bench(here, around=meeting(meanwhile))
    bench.text(MAYA, CLEANING)
    heard = bench.text(MAYA, "yes")
    assert "Booked" in heard[0]
    assert "In a few words, what happened?" in heard[1]
    assert [context.service for context in bench.contexts()] == ["cleaning", "emergency"]
    assert bench.context(0).closed_at is not None


def test_text_between_question_and_wait_is_not_missed(here: World) -> None:
    """An answer that comes before anybody waits for it ends the wait at once."""
    texted: list[str] = []

    def meanwhile(agent: str, step: str) -> None:
        if (agent, step) == ("listen", "agreed") and not texted:
            texted.append(step)
            bench.text(MAYA, "yes", settle=False)

    bench = Bench(here, around=meeting(meanwhile))
    assert "Booked" in bench.text(MAYA, CLEANING)[-1]
    assert texted == ["agreed"]


def test_customers_do_not_mix(bench: Bench) -> None:
    """Each customer's answers reach their own conversation."""
    bench.text(MAYA, CLEANING)
    bench.text(OMAR, "I need a cleaning")
    bench.text(IAN, "I need to cancel my appointment")
    assert "What day and time" in bench.heard(OMAR)[-1]
    assert "Booked" in bench.text(MAYA, "yes")[-1]
    assert "is cancelled" in bench.text(IAN, "yes")[-1]


def test_broken_agent_is_told_and_the_next_text_is_heard(bench: Bench) -> None:
    """A first agent that breaks for good ends in words to everybody, and does not make the customer unheard."""
    broken = Bench(bench.world, around=broken_agent("identify"))
    assert "something went wrong" in broken.text(MAYA, CLEANING)[-1]
    assert broken.context().status is Status.FAILED
    assert broken.context().closed_at is not None
    assert "something went wrong" in broken.text(MAYA, CLEANING)[-1]
    assert len(broken.contexts()) == 2


def test_what_is_booked_is_not_taken_for_the_wish(bench: Bench) -> None:
    """D4: who names the time that is to be changed is asked for the other one, and nothing is quoted."""
    heard = bench.text(MAYA, "I'd like a cleaning, I have Friday at 3 and need it sooner")
    assert heard == ["What day and time would suit you?"]
    assert bench.sandbox.snapshot("cal_com")["reservations"] == []


def test_the_tenants_region_decides_what_3_12_is(here: World) -> None:
    """D7: at a British practice that speaks English and Spanish, 3/12 is in December."""
    bench = Bench(here, edits=(("locale: en-US", "locale: en-GB"),))
    assert "3 December" in bench.text(MAYA, "I'd like a cleaning on 3/12 at 2pm")[-1]


def test_a_zone_that_is_said_is_quoted_in_the_tenants(bench: Bench) -> None:
    """D8: in Chicago, 3 PM EST is quoted as 2 PM."""
    assert "2:00 PM" in bench.text(MAYA, "I'd like a cleaning next Wednesday at 3 pm EST")[-1]
