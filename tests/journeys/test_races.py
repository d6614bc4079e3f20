"""What comes twice is done once, and what two want at the same moment one gets."""

import secrets
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from tests.journeys.conversation import Conversation, Ended, over
from tests.journeys.diagnosis import machine_runs
from tests.journeys.people import said, weekday
from tests.journeys.stage import Stage, journey

WANTED, CONTESTED = weekday(5, 10), weekday(6, 9)
TIMES = 5


def _together(calls: Iterable[Callable[[], None]]) -> None:
    calls = list(calls)
    with ThreadPoolExecutor(len(calls)) as pool:
        for done in [pool.submit(call) for call in calls]:
            done.result()


def _say_often(talk: Conversation, text: str) -> str:
    """Deliver one text several times at once, as a provider does that heard no answer; return the reply."""
    heard, sid = len(talk.phone.heard()), f"SM{secrets.token_hex(16)}"
    _together([lambda: talk.say(text, sid)] * TIMES)
    return talk.hear(heard)


@journey
def repeated(stage: Stage) -> Ended:
    talk = stage.conversation(stage.town.customer("Isolde Featherstone"))
    _say_often(talk, f"I'd like a cleaning on {said(WANTED)}")
    _say_often(talk, "yes")
    return over(talk)


@dataclass(frozen=True)
class Contest:
    """Two customers who chose the same time before either of them held it."""

    winner: Ended
    loser: Ended


@journey
def contest(stage: Stage) -> Contest:
    names = ("Gwendolyn Thistlewood", "Archibald Nettleship")
    talks = [stage.conversation(stage.town.customer(name)) for name in names]
    # A day without an hour: both are offered the same times, and nothing is held yet.
    wish = f"I'd like a cleaning on {said(CONTESTED).split(' at ')[0]}"
    _together([lambda talk=talk: talk.ask(wish) for talk in talks])  # type: ignore[misc]
    _together([lambda talk=talk: talk.ask("the first one") for talk in talks])  # type: ignore[misc]
    winner, loser = sorted(talks, key=lambda talk: "Shall we book it" not in talk.phone.heard()[1])
    _together([lambda: _agree(winner), lambda: _agree(loser)])
    return Contest(over(winner), over(loser))


def _agree(talk: Conversation) -> None:
    if "Shall we book it" not in talk.phone.heard()[-1]:
        talk.ask("the second one")
    talk.ask("yes")


def test_five_deliveries_are_one_execution(repeated: Ended, quiet: Stage) -> None:
    """One machine ran, the customer was asked once and told once, also after everything came to rest."""
    runs = [run for run in machine_runs(quiet.world) if run["name"] == repeated.execution]
    assert len(runs) == 1
    assert len(repeated.conversation.messages) == 2 * TIMES
    assert len(repeated.conversation.phone.heard()) == 2
    accepted = [line for line in repeated.report["timeline"] if line["kind"] == "accepted"]
    assert len(accepted) == 1


def test_five_deliveries_are_one_booking_and_one_charge(repeated: Ended, quiet: Stage) -> None:
    """What the customer agreed to five times is done once."""
    assert len(quiet.visits(repeated.customer)) == 1
    assert len(quiet.payments(repeated.customer)) == 1
    assert all(effect["attempt"] == 1 for effect in repeated.report["effects"])


def test_one_of_two_gets_the_time(contest: Contest, stage: Stage) -> None:
    """Both chose it from the same offers; the calendar has it once."""
    offers = [ended.texts[0] for ended in (contest.winner, contest.loser)]
    assert offers[0] == offers[1]
    (won,), (other,) = stage.visits(contest.winner.customer), stage.visits(contest.loser.customer)
    assert won["start"] in {weekday(6, 8, 30).isoformat(), CONTESTED.isoformat()}
    assert won["start"] != other["start"]


def test_the_other_is_offered_another_time_and_pays_once(contest: Contest, stage: Stage) -> None:
    """Who was slower hears of it before any money moves, and still gets an appointment."""
    assert contest.loser.texts[1].startswith("That time is not free.")
    taken = [line for line in contest.loser.report["timeline"] if line["outcome"] == "taken"]
    assert [line["step"] for line in taken] == ["hold"]
    assert "goes back to openings" in taken[0]["reason"]
    assert {contest.winner.report["status"], contest.loser.report["status"]} == {"completed"}
    assert len(stage.payments(contest.loser.customer)) == 1
