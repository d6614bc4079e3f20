"""The protocol of an effect: done once, refused, put off, and kept from two at once."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from followthrough.contracts.crm import NewActivity
from followthrough.engine.effects import LEASE, Deed, Performed, effect_id
from followthrough.errors import Refused, SystemFailure, Taken, Throttled
from followthrough.ledger.models import EffectStatus
from followthrough.routing.bounds import A_DAY
from tests.agents.visits import AWAY, DONE_BUT_LOST, NOT_DONE_AND_LOST, Do, after
from tests.workbench.bench import Bench
from tests.workbench.oddjob import LAG, OddJob
from tests.workbench.weather import Killed


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


def visited(bench: Bench, visit: Callable[[], Performed]) -> list[Performed]:
    """Visit as the machine does, until it does not come back."""
    visits = [visit()]
    while visits[-1].outcome == "later":
        after(bench, timedelta(seconds=visits[-1].seconds))
        visits.append(visit())
    return visits


def test_pauses_grow_and_patience_ends(bench: Bench, job: OddJob, do: Do) -> None:
    """A system that is away is visited after 1, 2, 4 ... seconds, at most a minute, for as long as the tenant says."""
    job.script = [AWAY] * 100
    began, visits = bench.clock.now, visited(bench, lambda: do("by_key"))
    assert [visit.seconds for visit in visits[:8]] == [1, 2, 4, 8, 16, 32, 60, 60]
    assert (visits[-1].outcome, visits[-1].code) == ("failed", "connect_error")
    assert timedelta(minutes=4) < bench.clock.now - began <= timedelta(minutes=5)


@pytest.mark.parametrize("away", [AWAY, Throttled("oddjob", "too_many_requests", 1)])
def test_where_nobody_waits_patience_is_longer(bench: Bench, job: OddJob, do: Do, away: SystemFailure) -> None:
    """P1: to keep records a system is waited for a day, in far fewer visits than an execution has room for."""
    job.script = [away] * 1000
    began, visits = bench.clock.now, visited(bench, lambda: do("by_key", patience=A_DAY))
    assert timedelta(hours=23) < bench.clock.now - began <= A_DAY
    assert len(visits) < 60


@pytest.mark.parametrize("patience", [None, A_DAY])
def test_a_pause_that_nobody_can_bear_is_none(job: OddJob, do: Do, patience: timedelta | None) -> None:
    """P1: a provider that asks us to come back after everybody has lost patience is given up at once."""
    job.script = [Throttled("oddjob", "too_many_requests", 2 * A_DAY.total_seconds())]
    performed = do("by_key", patience=patience)
    assert (performed.outcome, performed.code) == ("failed", "too_many_requests")
    assert len(job.calls) == 1


def test_nobody_looks_for_a_day_for_what_became_of_a_call(bench: Bench, job: OddJob, do: Do) -> None:
    """P1: where the look itself is put off for long, a person looks."""
    job.script = [DONE_BUT_LOST, Throttled("oddjob", "too_many_requests", 86_400)]
    do("by_key")
    performed = do("by_key")
    assert (performed.outcome, performed.code) == ("failed", "unsettled")
    assert bench.effect("odd").status is EffectStatus.UNKNOWN


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
