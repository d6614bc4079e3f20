"""The protocol of an effect: three outcomes, and how the third is settled."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from followthrough.agents.effects import LEASE, MAX_SETTLING_TRIES, MAX_TRIES, Deed, Performed, effect_id, perform
from followthrough.errors import OutcomeUnknown, Refused, SystemFailure, Taken, Throttled, Unreachable
from followthrough.integration.ports import NewActivity
from followthrough.ledger.models import EffectStatus
from tests.workbench.bench import MAYA, Bench
from tests.workbench.oddjob import KEPT, LAG, OddJob
from tests.workbench.weather import Killed

Do = Callable[..., Performed]
LOST = OutcomeUnknown("oddjob", "read_timeout")
DONE_BUT_LOST = (True, LOST)
NOT_DONE_AND_LOST = (False, LOST)
AWAY: SystemFailure = Unreachable("oddjob", "connect_error")


@pytest.fixture
def job(bench: Bench) -> OddJob:
    """An odd job in the calendar's place, and an execution that may do it."""
    bench.text(MAYA, "a cleaning", settle=False)
    bench.systems.instead["calendar"] = job = OddJob()
    return job


@pytest.fixture
def do(bench: Bench, job: OddJob) -> Do:
    """Visit the odd job once, as an agent's invocation does."""

    def visit(kind: str, **more: object) -> Performed:
        deed = Deed("odd", "calendar", kind, NewActivity(text="sweep"), **more)  # type: ignore[arg-type]
        return perform(bench.case(), deed)

    return visit


def after(bench: Bench, span: timedelta) -> None:
    bench.clock.forward(bench.clock.now + span)


def test_done_once(bench: Bench, job: OddJob, do: Do) -> None:
    """What was done gives its result again, without another call."""
    first = do("by_key")
    assert (first.outcome, first.result) == ("done", {"id": f"job-{job.calls[0].key[:6]}"})
    assert do("by_key") == first
    assert len(job.calls) == 1


def test_refused_is_not_done(bench: Bench, job: OddJob, do: Do) -> None:
    """A refusal is final for this visit, and the ledger says that nothing was done."""
    job.script = [Refused("oddjob", "no_way")]
    performed = do("by_key")
    assert (performed.outcome, performed.code) == ("failed", "no_way")
    assert bench.effect("odd").status is EffectStatus.NOT_DONE


def test_taken_is_told_apart(job: OddJob, do: Do) -> None:
    """That somebody was faster is no failure but an outcome of its own."""
    job.script = [Taken("oddjob", "slot_taken")]
    assert do("by_key").outcome == "taken"


def test_throttled_waits_as_asked(bench: Bench, job: OddJob, do: Do) -> None:
    """The provider's Retry-After is the pause, and the next visit calls again."""
    job.script = [Throttled("oddjob", "too_many_requests", 17)]
    performed = do("unsettled")
    assert (performed.outcome, performed.seconds) == ("later", 17)
    assert bench.effect("odd").status is EffectStatus.NOT_DONE
    assert do("unsettled").outcome == "done"


def test_pauses_grow_and_patience_ends(job: OddJob, do: Do) -> None:
    """A system that is away is visited after 1, 2, 4 ... seconds, at most a minute, and not for ever."""
    job.script = [AWAY] * 20
    visits = [do("by_key") for _ in range(MAX_TRIES + 1)]
    assert [visit.seconds for visit in visits[:-1]] == [1, 2, 4, 8, 16, 32, 60, 60]
    assert (visits[-1].outcome, visits[-1].code) == ("failed", "connect_error")


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


def test_what_lapses_counts_as_taken(bench: Bench, job: OddJob, do: Do) -> None:
    """An outcome that undoes itself is not looked for: the slot counts as taken for this chain."""
    job.script = [DONE_BUT_LOST]
    do("lapses")
    performed = do("lapses")
    assert (performed.outcome, performed.code, len(job.calls)) == ("taken", "lapses", 1)


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


def test_lease_keeps_others_out(bench: Bench, job: OddJob, do: Do) -> None:
    """While one invocation may still be at work another comes back when its lease is over, and settles."""
    job.script = [(True, Killed())]
    with pytest.raises(Killed):
        do("by_key")
    waiting = do("by_key")
    assert waiting.outcome == "later"
    assert LEASE.total_seconds() - 1 < waiting.seconds <= LEASE.total_seconds()
    assert len(job.calls) == 1
    after(bench, LEASE)
    assert do("by_key").outcome == "done"
    assert len(job.done) == 1


def test_found_out_only_does_nothing(bench: Bench, job: OddJob, do: Do) -> None:
    """Who only wants to know leaves undone what turns out not to have been done."""
    job.script = [NOT_DONE_AND_LOST]
    do("by_read_back")
    after(bench, LAG)
    performed = do("by_read_back", found_out_only=True)
    assert (performed.outcome, performed.code) == ("failed", "not_done")
    assert (bench.effect("odd").status, len(job.calls)) == (EffectStatus.NOT_DONE, 1)


def test_effect_ids_tell_deeds_apart() -> None:
    """Execution, step, system, operation, iteration and request each make another effect; the same make the same."""
    deed = Deed("odd", "calendar", "by_key", NewActivity(text="sweep"))
    others = [
        Deed("even", "calendar", "by_key", NewActivity(text="sweep")),
        Deed("odd", "crm", "by_key", NewActivity(text="sweep")),
        Deed("odd", "calendar", "by_read_back", NewActivity(text="sweep")),
        Deed("odd", "calendar", "by_key", NewActivity(text="mop")),
        Deed("odd", "calendar", "by_key", NewActivity(text="sweep"), iteration=1),
    ]
    ids = {effect_id("one", deed), effect_id("two", deed), *(effect_id("one", other) for other in others)}
    assert len(ids) == 7
    assert all(len(identity) == 32 for identity in ids)
    assert effect_id("one", Deed("odd", "calendar", "by_key", NewActivity(text="sweep"))) in ids
