"""The third outcome of an effect, unknown, and how it is settled by what the operation declares."""

from datetime import timedelta

import pytest

from followthrough.engine.effects import MAX_SETTLING_TRIES, Performed
from followthrough.errors import Declined, NotFound, Refused, SystemFailure, Taken, Throttled, Unreachable
from followthrough.ledger.models import EffectStatus
from tests.agents.visits import AWAY, DONE_BUT_LOST, NOT_DONE_AND_LOST, Do, after
from tests.workbench.bench import Bench
from tests.workbench.oddjob import KEPT, LAG, OddJob


@pytest.mark.parametrize("kind", ["by_key", "by_key_then_read", "by_repeating", "unsettled_repeated"])
@pytest.mark.parametrize("lost", [DONE_BUT_LOST, NOT_DONE_AND_LOST])
def test_repeated_where_that_is_safe(
    bench: Bench, job: OddJob, do: Do, kind: str, lost: tuple[bool, SystemFailure]
) -> None:
    """By key, and where once more does no harm, the same call with the same key settles it."""
    job.script = [lost]
    assert do(kind).outcome == "later"
    assert bench.effect("odd").status is EffectStatus.UNKNOWN
    assert do(kind).outcome == "done"
    assert len({call.key for call in job.calls}) == 1
    if kind.startswith("by_key"):
        assert len(job.done) == 1


def test_key_that_the_provider_forgot_is_not_used(bench: Bench, job: OddJob, do: Do) -> None:
    """After the key's validity the call is not repeated: a person has to look."""
    job.script = [DONE_BUT_LOST]
    do("by_key")
    after(bench, KEPT)
    performed = do("by_key")
    assert (performed.outcome, performed.code) == ("failed", "unsettled")
    assert (len(job.calls), bench.effect("odd").status) == (1, EffectStatus.UNKNOWN)


@pytest.mark.parametrize(("lost", "calls"), [(DONE_BUT_LOST, 1), (NOT_DONE_AND_LOST, 2)])
def test_key_too_old_is_looked_up(
    bench: Bench, job: OddJob, do: Do, lost: tuple[bool, SystemFailure], calls: int
) -> None:
    """Where the adapter can also look, it does so when the key is too old; it is done exactly once either way."""
    job.script = [lost]
    do("by_key_then_read")
    after(bench, KEPT)
    assert do("by_key_then_read").outcome == "done"
    assert (len(job.calls), len(job.done)) == (calls, 1)


def test_read_back_found(job: OddJob, do: Do) -> None:
    """What is found in the provider's records is done, without another call."""
    job.script = [DONE_BUT_LOST]
    assert do("by_read_back").outcome == "later"
    assert do("by_read_back").outcome == "done"
    assert len(job.calls) == 1


def test_not_found_yet_is_not_not_done(bench: Bench, job: OddJob, do: Do) -> None:
    """While the search may lag nothing is repeated; the pause lasts until it cannot lag any more."""
    job.script, job.found_after = [DONE_BUT_LOST], timedelta(seconds=25)
    do("by_read_back")
    waiting = do("by_read_back")
    assert waiting.outcome == "later"
    assert LAG.total_seconds() - 1 < waiting.seconds <= LAG.total_seconds()
    after(bench, timedelta(seconds=waiting.seconds))
    assert do("by_read_back").outcome == "done"
    assert len(job.done) == 1


def test_not_found_after_the_lag_is_done_anew(bench: Bench, job: OddJob, do: Do) -> None:
    """What the provider's records do not hold when they must was not done, and is done now."""
    job.script = [NOT_DONE_AND_LOST]
    do("by_read_back")
    after(bench, LAG)
    assert do("by_read_back").outcome == "done"
    assert (len(job.calls), len(job.done)) == (2, 1)


def test_every_call_restarts_the_lag(bench: Bench, job: OddJob, do: Do) -> None:
    """A second call that is lost too is looked for as long as the first one was."""
    job.script = [NOT_DONE_AND_LOST, DONE_BUT_LOST]
    job.found_after = timedelta(seconds=25)
    do("by_read_back")
    after(bench, LAG)
    assert do("by_read_back").outcome == "later"
    assert do("by_read_back").outcome == "later"
    after(bench, LAG)
    assert do("by_read_back").outcome == "done"
    assert len(job.done) == 1


def test_search_that_fails_settles_nothing(bench: Bench, job: OddJob, do: Do) -> None:
    """A search that is away or asks for patience leaves the effect unknown."""
    job.script, job.looks = [DONE_BUT_LOST], [AWAY, Throttled("oddjob", "too_many_requests", 9)]
    do("by_read_back")
    assert do("by_read_back").outcome == "later"
    assert do("by_read_back").seconds == 9
    assert bench.effect("odd").status is EffectStatus.UNKNOWN
    assert do("by_read_back").outcome == "done"


@pytest.mark.parametrize("refused", [Refused("o", "http_400"), NotFound("o", "http_404"), Refused("o", "forbidden")])
def test_look_that_is_refused_settles_nothing(bench: Bench, job: OddJob, do: Do, refused: SystemFailure) -> None:
    """That nobody may look, or not there, does not mean that there is nothing to be found."""
    job.script, job.looks = [DONE_BUT_LOST], [refused]
    do("by_read_back")
    assert do("by_read_back").outcome == "later"
    assert bench.effect("odd").status is EffectStatus.UNKNOWN
    assert do("by_read_back").outcome == "done"
    assert len(job.done) == 1


def test_an_attempt_that_is_found_and_failed_was_not_done(bench: Bench, job: OddJob, do: Do) -> None:
    """The one refusal that a look may find in the provider's records."""
    job.script, job.looks = [NOT_DONE_AND_LOST], [Declined("o", "lost_card")]
    do("by_read_back")
    performed = do("by_read_back")
    assert (performed.outcome, performed.code) == ("failed", "lost_card")
    assert bench.effect("odd").status is EffectStatus.NOT_DONE


def test_what_was_found_not_to_be_done_is_not_done_to_find_out(bench: Bench, job: OddJob, do: Do) -> None:
    """Whoever only wants to know, and comes second, does nothing either."""
    job.script = [Unreachable("oddjob", "connect_error")]
    do("by_read_back")
    assert bench.effect("odd").status is EffectStatus.NOT_DONE
    performed = do("by_read_back", found_out_only=True)
    assert (performed.outcome, performed.code) == ("failed", "not_done")
    assert job.done == []


@pytest.mark.parametrize("kind", ["by_key", "by_read_back", "by_repeating"])
def test_settling_ends_too(bench: Bench, job: OddJob, do: Do, kind: str) -> None:
    """A system that never gives a clear answer is asked for about an hour, then a person has to look."""
    job.script = [NOT_DONE_AND_LOST] * 1000
    outcomes: list[Performed] = []
    while not outcomes or outcomes[-1].outcome == "later":
        outcomes.append(do(kind))
        after(bench, LAG)
    assert (outcomes[-1].outcome, outcomes[-1].code) == ("failed", "unsettled")
    assert len(outcomes) == MAX_SETTLING_TRIES + 1
    assert bench.effect("odd").status is EffectStatus.UNKNOWN


@pytest.mark.parametrize("lost", [DONE_BUT_LOST, NOT_DONE_AND_LOST])
def test_what_lapses_is_asked_for_again(bench: Bench, job: OddJob, do: Do, lost: tuple[bool, SystemFailure]) -> None:
    """What the provider gives to one only is given if it was not before; refused as taken it may be our own, which
    nobody looks for: it undoes itself.
    """
    given = lost is NOT_DONE_AND_LOST
    job.script = [lost] if given else [lost, Taken("oddjob", "slot_taken")]
    do("lapses")
    performed = do("lapses")
    assert (performed.outcome, performed.code) == (("done", "") if given else ("taken", "lapses"))
    assert bench.effect("odd").status is (EffectStatus.DONE if given else EffectStatus.UNKNOWN)


def test_what_lapses_is_not_asked_for_for_long(job: OddJob, do: Do) -> None:
    """While a system gives no answer the customer waits: after two more tries the slot counts as taken."""
    job.script = [NOT_DONE_AND_LOST] * 9
    visits = [do("lapses") for _ in range(4)]
    assert [(visit.outcome, visit.code) for visit in visits] == [("later", "")] * 3 + [("taken", "lapses")]
    assert len(job.calls) == 3


def test_what_cannot_be_settled_is_never_repeated(bench: Bench, job: OddJob, do: Do) -> None:
    """Where nobody can know, nobody tries again."""
    job.script = [DONE_BUT_LOST]
    do("unsettled")
    assert [do("unsettled").code for _ in range(3)] == ["unsettled"] * 3
    assert len(job.calls) == 1


@pytest.mark.parametrize("failure", [AWAY, Throttled("oddjob", "too_many_requests", 3), Refused("o", "unauthorized")])
def test_being_sent_away_settles_nothing(bench: Bench, job: OddJob, do: Do, failure: SystemFailure) -> None:
    """A repeated call that is turned away says nothing about the first one, which may have been done."""
    job.script = [DONE_BUT_LOST, failure]
    do("by_key")
    assert do("by_key").outcome == "later"
    assert bench.effect("odd").status is EffectStatus.UNKNOWN
    assert do("by_key").outcome == "done"
    assert len(job.done) == 1
