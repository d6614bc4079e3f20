"""The sweeper takes up what was left behind, and nothing else."""

from dataclasses import replace
from datetime import timedelta
from itertools import pairwise
from typing import Any, cast

import pytest

from followthrough.agents.ask import LEAST_SECONDS
from followthrough.confirmation.asking import UNREPORTED
from followthrough.engine.ports import Machines, Ports
from followthrough.ledger.agreement import Recorded, disagreement
from followthrough.ledger.due import IDLE, UNREAD
from followthrough.ledger.models import Status
from followthrough.operations.sweep import LONGEST_IDLE, MAX_STARTS, UNRECEIPTED, Swept
from simulation.executor import Invoke
from tests.confirmation.test_delivery import TWO_NUMBERS
from tests.confirmation.test_mail_receipts import MAIL_THEN_NOTICES
from tests.workbench.agreement import disagreements
from tests.workbench.bench import MAYA, OMAR, Bench
from tests.workbench.machines import BenchMachines
from tests.workbench.sweeping import sweep
from tests.workbench.watched import Reaper, watched
from tests.workbench.weather import Killed
from tests.workbench.world import TENANT, Edits, World

CLEANING = "I'd like a cleaning next Wednesday at 3 pm"
NOTHING = Swept()
ANSWERS = {"Which one suits you": "1", "Shall we book it": "yes"}


def swept(bench: Bench) -> Swept:
    """Sweep, and let everything go on that the sweep started."""
    found = sweep(bench.ports)
    bench.settle()
    return found


def kill_machines(bench: Bench) -> None:
    """End every machine that runs, as a stop or an outage of the engine does."""
    for run in bench.machines.started.values():
        if run.execution.status == "RUNNING":
            run.execution.status, run.execution.token, run.execution.seconds, run.due = "ABORTED", None, 0, None


class Unstarted:
    """Machines that cannot be started: the engine is away."""

    def __init__(self, machines: BenchMachines) -> None:
        self._machines = machines

    def start(self, tenant: str, release: str, execution: str, number: int = 1) -> None:
        """Fail."""
        raise ConnectionError("the engine is away")

    def runs(self, tenant: str, release: str, execution: str, number: int) -> bool:
        """Tell as the machines do."""
        return self._machines.runs(tenant, release, execution, number)

    def resume(self, token: str) -> bool:
        """Resume as the machines do."""
        return self._machines.resume(token)


def away(ports: Ports) -> Ports:
    """Let no machine start."""
    return replace(ports, machines=cast("Machines", Unstarted(cast("BenchMachines", ports.machines))))


def test_an_interaction_that_was_accepted_but_not_started_is_started(here: World) -> None:
    """The engine was away when the text came in: the sweep starts what ingress could not, once it lay long enough."""
    bench = Bench(here, wrap=away)
    assert bench.text(MAYA, CLEANING) == []
    bench.ports = bench.plain
    assert swept(bench) == NOTHING
    bench.clock.forward(bench.clock.now + UNREAD + timedelta(seconds=1))
    assert swept(bench).reminded == 1
    assert "Shall we book it" in bench.heard(MAYA)[-1]
    assert "Booked" in bench.text(MAYA, "yes")[-1]


def test_who_waits_for_a_customer_is_left_alone(bench: Bench) -> None:
    """A machine that runs is nobody's business, however long ago its execution saved anything."""
    bench.text(MAYA, CLEANING)
    bench.clock.forward(bench.clock.now + timedelta(minutes=10))
    assert swept(bench) == NOTHING
    assert bench.context().starts == 1


def test_who_waits_is_looked_at_ever_more_rarely(here: World) -> None:
    """Sweeps come by every minute; a machine that runs is asked after in doubling intervals of at most an hour."""
    asked: list[timedelta] = []

    def watch(point: str, _about: object) -> None:
        if point == "after machines.runs":
            asked.append(bench.clock.now - began)

    bench = Bench(here, wrap=lambda ports: watched(ports, watch))
    began = bench.clock.now
    bench.text(MAYA, CLEANING)
    for _ in range(6 * 60):
        bench.clock.forward(bench.clock.now + timedelta(minutes=1))
        assert swept(bench) == NOTHING
    between = [round((later - one).total_seconds() / 60) for one, later in pairwise([timedelta(), *asked])]
    assert between[:6] == [2, 3, 6, 12, 24, 48]
    assert set(between[6:]) <= {60, 61}
    assert len(asked) == 10


def test_a_customer_who_writes_has_a_dead_machine_found_at_once(bench: Bench) -> None:
    """Nobody looked for hours, and would not for another one: an answer that nobody takes brings the sweep."""
    bench.text(MAYA, CLEANING)
    for _ in range(4 * 60):
        bench.clock.forward(bench.clock.now + timedelta(minutes=1))
        swept(bench)
    kill_machines(bench)
    bench.text(MAYA, "yes")
    bench.clock.forward(bench.clock.now + UNREAD + timedelta(seconds=1))
    assert swept(bench).taken_up == 1


def test_what_killed_a_sweep_is_not_met_first_by_the_next(bench: Bench) -> None:
    """Something that ends the process each time keeps nobody behind it waiting."""
    bench.text(MAYA, CLEANING)
    bench.let_pass(seconds=30)
    bench.text(OMAR, CLEANING)
    kill_machines(bench)
    bench.clock.forward(bench.clock.now + timedelta(minutes=4))
    first, second = (context.execution for context in bench.contexts())

    def deadly(point: str, about: object) -> None:
        if point == "before ledger.load_everything" and about == first:
            raise Killed

    deadly_ports = watched(bench.ports, deadly)
    with pytest.raises(Killed):
        sweep(deadly_ports)
    assert sweep(deadly_ports).taken_up == 1
    assert bench.ledger.load(TENANT, second).starts == 2


def test_a_machine_that_died_while_it_waited_is_taken_up(bench: Bench) -> None:
    """The next machine waits in its place: nothing is asked or held twice, and the answer books."""
    bench.text(MAYA, CLEANING)
    kill_machines(bench)
    bench.clock.forward(bench.clock.now + IDLE + timedelta(seconds=1))
    before = bench.heard(MAYA)
    assert swept(bench).taken_up == 1
    assert bench.heard(MAYA) == before
    assert "Booked" in bench.text(MAYA, "yes")[-1]
    assert disagreements(bench) == []
    assert bench.context().closed_at is not None


def test_an_overlapping_sweep_starts_no_second_machine(here: World) -> None:
    """Who has an older list sees in the context that somebody is about to start a machine, and leaves it to them."""
    armed: list[str] = []

    def watch(point: str, _argument: object) -> None:
        if point == "after agenda.due" and armed:
            armed.clear()
            sweep(away(bench.plain))

    bench = Bench(here, wrap=lambda ports: watched(ports, watch))
    bench.text(MAYA, CLEANING)
    kill_machines(bench)
    bench.clock.forward(bench.clock.now + timedelta(hours=1))
    armed.append("once")
    assert swept(bench).taken_up == 0
    assert bench.context().starts == 2
    bench.clock.forward(bench.clock.now + 2 * IDLE)
    assert swept(bench).taken_up == 1
    assert "Booked" in bench.text(MAYA, "yes")[-1]


def test_who_ended_and_died_before_leaving_is_made_to_leave(here: World) -> None:
    """While a receipt is still awaited the customer's next text opens the next execution."""
    dying = ["always"]

    def watch(point: str, _argument: object) -> None:
        if point == "before conversations.leave" and dying:
            raise Killed

    bench = Bench(here, wrap=lambda ports: watched(ports, watch), receipts=False)
    bench.text(MAYA, CLEANING)
    bench.text(MAYA, "yes")
    dying.clear()
    bench.clock.forward(bench.clock.now + IDLE + timedelta(seconds=1))
    swept(bench)
    assert bench.context().closed_at is None
    assert "Shall we cancel your visit" in bench.text(MAYA, "I need to cancel my appointment")[-1]


def test_a_late_start_is_the_last_one(here: World) -> None:
    """While nothing can be started the sweep goes on counting: ingress, when it can again, starts no earlier one."""
    bench = Bench(here, wrap=away)
    bench.text(MAYA, CLEANING)
    bench.clock.forward(bench.clock.now + timedelta(minutes=10))
    assert sweep(bench.ports).broken
    bench.clock.forward(bench.clock.now + IDLE + timedelta(seconds=1))
    bench.ports = bench.plain
    swept(bench)
    (started,) = bench.machines.started
    assert started == f"{bench.context().execution}-{bench.context().starts}"
    assert "Booked" in bench.text(MAYA, "yes")[-1]


def test_a_wait_that_is_taken_up_lasts_what_was_left_of_it(bench: Bench) -> None:
    """The customer's time began when the question was sent, and does not begin anew with another machine."""
    bench.text(MAYA, CLEANING)
    bench.clock.forward(bench.clock.now + timedelta(minutes=10))
    kill_machines(bench)
    assert swept(bench).taken_up == 1
    bench.let_pass(minutes=4)
    assert bench.context().status is Status.OPEN
    bench.let_pass(minutes=1, seconds=1)
    assert bench.context().status is Status.EXPIRED
    assert disagreements(bench) == []


def test_an_answer_that_came_in_time_counts_after_a_long_outage(bench: Bench) -> None:
    """Nobody was there to hear it: the wait that is taken up after its end leaves time to look into the inbox."""
    bench.text(MAYA, CLEANING)
    kill_machines(bench)
    bench.text(MAYA, "yes")
    bench.clock.forward(bench.clock.now + timedelta(hours=30))
    assert swept(bench).taken_up == 1
    assert "Booked" in bench.heard(MAYA)[-1]


def test_a_wait_whose_time_is_over_still_has_a_minute(bench: Bench) -> None:
    """A function takes seconds to start, and Step Functions takes no wait of nothing."""
    bench.text(MAYA, CLEANING)
    kill_machines(bench)
    bench.clock.forward(bench.clock.now + timedelta(hours=30))
    assert swept(bench).taken_up == 1
    assert bench.machines.of(bench.context().execution).patience == LEAST_SECONDS
    bench.let_pass(seconds=LEAST_SECONDS)
    assert bench.context().status is Status.EXPIRED


class EngineDied(BaseException):
    """The machine ended together with the function that it had invoked."""


def mortal(invoke: Invoke) -> Invoke:
    """Let the engine die with the process that it invoked."""

    def dying(arn: str, payload: dict[str, Any]) -> dict[str, Any]:
        try:
            return invoke(arn, payload)
        except RuntimeError as dead:
            raise EngineDied from dead

    return dying


def booking(here: World, reaper: Reaper) -> Bench:
    """Book as a patient customer; whenever machine and process have died, time passes and the sweep comes by.

    Each text is delivered a second time, as by a provider that got no answer to the first.
    """
    bench = Bench(here, wrap=lambda ports: watched(ports, reaper), around=mortal)
    words: str | None = CLEANING
    number = 0
    while words is not None and number < 5:
        number += 1
        for _ in range(2):
            try:
                bench.text(MAYA, words, message=f"SM{number:032x}")
            except EngineDied:
                kill_machines(bench)
        for _ in range(3):
            bench.clock.forward(bench.clock.now + IDLE + timedelta(seconds=1))
            swept(bench)
        words = next((answer for asked, answer in ANSWERS.items() if asked in bench.heard(MAYA)[-1]), None)
    # A receipt that was lost is not sent again, but asked for.
    bench.clock.forward(bench.clock.now + UNREPORTED)
    swept(bench)
    swept(bench)
    return bench


@pytest.mark.parametrize("part", range(3))
def test_a_machine_that_died_anywhere_is_taken_up_where_the_ledger_stood(here: World, part: int) -> None:
    """After any fifth write that function and machine died at together, the sweep is enough: nothing is done twice."""
    every = Reaper()
    booking(here, every)
    for at in range(part * 5, len(every.points), 15):
        reaper = Reaper(at)
        bench = booking(here, reaper)
        where = f"{at}: {reaper.points[at]}"
        assert disagreements(bench) == [], where
        assert [it.status for it in bench.contexts()] == [Status.COMPLETED], (where, bench.told())
        assert bench.context().closed_at is not None, where
        assert len(bench.sandbox.snapshot("stripe")["payments"]) == 1, where
        assert len(bench.heard(MAYA)) == len(set(bench.heard(MAYA))), where


def test_two_sweeps_at_once_start_one_machine(bench: Bench) -> None:
    """Who saves the context first starts the machine; the other one sees that somebody was faster."""
    bench.text(MAYA, CLEANING)
    kill_machines(bench)
    bench.clock.forward(bench.clock.now + IDLE + timedelta(seconds=1))
    first, second = sweep(bench.ports), sweep(bench.ports)
    assert (first.taken_up, second.taken_up) == (1, 0)
    assert bench.context().starts == 2


def test_an_outage_does_not_use_up_the_starts(bench: Bench) -> None:
    """While the engine is away no machine starts: each sweep that tried doubles the time until the next one does."""
    bench.text(MAYA, CLEANING)
    kill_machines(bench)
    for _ in range(60):
        bench.clock.forward(bench.clock.now + timedelta(minutes=1))
        assert sweep(away(bench.ports)).stuck == 0
    assert bench.context().starts == 5
    bench.clock.forward(bench.clock.now + LONGEST_IDLE)
    assert swept(bench).taken_up == 1
    assert "Booked" in bench.text(MAYA, "yes")[-1]


def test_an_execution_that_dies_again_and_again_is_given_to_people(bench: Bench) -> None:
    """After so many machines the sweep only counts it, which is an alarm."""
    bench.text(MAYA, CLEANING)
    for _ in range(MAX_STARTS + 1):
        kill_machines(bench)
        bench.clock.forward(bench.clock.now + LONGEST_IDLE + timedelta(seconds=1))
        found = sweep(bench.ports)
    assert found.stuck == 1
    assert bench.context().starts == MAX_STARTS


def test_a_text_without_a_receipt_is_overdue(here: World) -> None:
    """A carrier that never reports: after an hour the way counts as failed, the desk is alerted, and it is closed."""
    bench = Bench(here, receipts=False)
    bench.text(OMAR, CLEANING)
    bench.text(OMAR, "yes")
    bench.clock.forward(bench.clock.now + UNRECEIPTED / 2)
    assert swept(bench) == NOTHING
    bench.clock.forward(bench.clock.now + UNRECEIPTED)
    assert swept(bench).overdue == 1
    swept(bench)
    assert bench.context().closed_at is not None
    assert bench.obligations()["customer", "texts"].status == "exhausted"


def booked(here: World, edits: Edits = (), *, receipts: bool = True, mail_reports: bool = True) -> Bench:
    """Book, without some of the providers' reports."""
    bench = Bench(here, edits=edits, receipts=receipts, mail_reports=mail_reports)
    bench.text(OMAR, CLEANING)
    bench.text(OMAR, "yes")
    return bench


def visited(bench: Bench, **later: float) -> Swept:
    """Sweep after a while."""
    bench.clock.forward(bench.clock.now + timedelta(**later))
    return sweep(bench.ports)


def test_a_lost_receipt_is_asked_for(here: World) -> None:
    """The carrier delivered the text and its report never came: after some minutes it is asked, and all is well."""
    bench = booked(here, receipts=False)
    while bench.lose_receipts():
        pass
    assert visited(bench, minutes=3) == NOTHING
    assert bench.context().closed_at is None
    assert visited(bench, minutes=3) == NOTHING
    assert bench.obligations()["customer", "texts"].status == "delivered"
    assert bench.context().closed_at is not None


def test_a_failure_that_was_asked_for_takes_the_next_way(here: World) -> None:
    """Nobody waits an hour for another way when the carrier knows already that this one failed."""
    bench = booked(here, TWO_NUMBERS, receipts=False)
    bench.sandbox._booth("twilio").system.messages[_receipt(bench)].status = "undelivered"  # type: ignore[attr-defined]
    assert visited(bench, minutes=6) == NOTHING
    told = bench.obligations()["customer", "texts"]
    assert (told.status, told.way, told.failure) == ("sent", "reserve", None)


def test_a_carrier_that_does_not_answer_is_asked_again(here: World) -> None:
    """What broke on the way says nothing about the text."""
    bench = booked(here, receipts=False)
    while bench.lose_receipts():
        pass
    bench.fault("twilio", "throttled", method="GET")
    assert visited(bench, minutes=6) == NOTHING
    assert bench.obligations()["customer", "texts"].status == "sent"
    visited(bench, minutes=1)
    assert bench.obligations()["customer", "texts"].status == "sent"
    visited(bench, minutes=6)
    assert bench.obligations()["customer", "texts"].status == "delivered"
    said = [it.fact.reason for it in bench.trace() if "asked how it stands" in it.fact.reason]
    assert [reason.rpartition(" ")[2] for reason in said] == ["too_many_requests", "delivered"]


def test_a_carrier_is_not_asked_every_minute(here: World) -> None:
    """A phone that is off for long: ever more rarely, and once more before the text is given up."""
    bench = booked(here, receipts=False)
    asked = [_asked(bench) for _ in range(62) if visited(bench, minutes=1).overdue == 0]
    moments = [minute + 1 for minute, (before, now) in enumerate(pairwise([0, *asked])) if now > before]
    assert moments[:4] == [5, 11, 23, 47]
    assert _asked(bench) <= 6
    told = [it for it in bench.trace() if it.fact.facts.get("exchange") == "ask"]
    assert all({"milliseconds", "receipt"} <= set(it.fact.facts) for it in told)
    owed = bench.ledger.obligations(TENANT, bench.context().execution)
    assert disagreement(Recorded(bench.context(), bench.effects(), owed), bench.trace()) is None


def _asked(bench: Bench) -> int:
    """Count how often the carrier was asked how a text stands."""
    return sum("/Messages/SM" in it.path and it.method == "GET" for it in bench.sandbox.requests("twilio"))


def test_a_mail_without_a_report_is_overdue(here: World) -> None:
    """SES cannot be asked: after an hour the next way is tried."""
    bench = booked(here, MAIL_THEN_NOTICES, mail_reports=False)
    assert visited(bench, minutes=30) == NOTHING
    assert visited(bench, minutes=31).overdue == 1
    assert bench.obligations()["operator", "mail"].way == "notices"
    assert bench.context().closed_at is not None


def test_a_next_way_that_asked_to_come_back_is_tried_at_the_next_visit(here: World) -> None:
    """The receipt that failed the first way found the next one busy: nobody waits for an hour."""
    bench = booked(here, TWO_NUMBERS, receipts=False)
    bench.fault("twilio", "throttled", times=1, seconds=30)
    bench.receipt(_receipt(bench), "undelivered")
    told = bench.obligations()["customer", "texts"]
    assert (told.status, told.way, told.failure) == ("sent", "texts", "undelivered")
    assert visited(bench, minutes=3) == NOTHING
    told = bench.obligations()["customer", "texts"]
    assert (told.status, told.way, told.failure) == ("sent", "reserve", None)


def _receipt(bench: Bench) -> str:
    receipt = bench.obligations()["customer", "texts"].receipt
    assert receipt is not None
    return receipt.id


def test_what_is_closed_is_never_looked_at(bench: Bench) -> None:
    """A finished booking leaves nothing for any later sweep."""
    bench.text(MAYA, CLEANING)
    bench.text(MAYA, "yes")
    bench.clock.forward(bench.clock.now + timedelta(days=2))
    assert swept(bench) == NOTHING


def test_one_that_breaks_does_not_keep_the_others_waiting(bench: Bench) -> None:
    """Whatever is wrong with one execution, those behind it are taken up, and the sweep tells of the one."""
    bench.text(MAYA, CLEANING)
    bench.let_pass(minutes=1)
    bench.text(OMAR, CLEANING)
    kill_machines(bench)
    bench.let_pass(minutes=5)
    first, second = (context.execution for context in bench.contexts())

    class Broken(BenchMachines):
        def runs(self, tenant: str, release: str, execution: str, number: int) -> bool:
            if execution == first:
                raise ConnectionError("the engine does not answer")
            return bench.machines.runs(tenant, release, execution, number)

    broken = replace(bench.ports, machines=Broken(bench.clock, bench.releases, bench.invoke))
    found = sweep(broken)
    assert (list(found.broken), found.taken_up) == ([first], 1)
    assert bench.ledger.load(TENANT, second).starts == 2
