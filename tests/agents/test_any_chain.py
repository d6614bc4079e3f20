"""Any chain of any steps, whatever goes wrong: the systems hold what the ledger says, and the customer knows.

A long run, with a seed of its own: pytest tests/agents/test_any_chain.py --hypothesis-profile long --hypothesis-seed N
"""

from contextlib import suppress
from datetime import timedelta
from typing import ClassVar

import pytest
from hypothesis import HealthCheck, Phase, note, settings, strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from followthrough.ledger.models import ExecutionContext, Obligation, ObligationStatus
from tests.agents.conftest import LONG
from tests.workbench.agreement import disagreements, settled, unfit, unverified
from tests.workbench.befalls import BEFALLS, PEOPLE, Befall, Rig
from tests.workbench.bench import Bench
from tests.workbench.ends import abandoned, untrue
from tests.workbench.practices import SERVICES, practices, published
from tests.workbench.sweeping import sweep
from tests.workbench.weather import Killed
from tests.workbench.wordings import DONE
from tests.workbench.world import World

ANSWERS = {
    "Which of these?": "1",
    "Shall we?": "yes",
    "What day": "next Wednesday at 3 pm",
    "With everything": "yes",
    "What would you like?": f"a {SERVICES[0]}",
}
"""What furthers the chain, by how the question begins."""

WORDS = st.sampled_from(
    ["no", "2", "none of these", "next Thursday at 9 am", "hello?", *(f"a {it}" for it in SERVICES)]
)
TURNS = st.lists(st.tuples(st.none() | BEFALLS, st.none() | st.none() | st.none() | WORDS), min_size=4, max_size=8)
"""What befalls the practice before each text of a customer, and what that says; None is what furthers the chain."""

MAILBOX = "maya@torres.example"
"""The only customer's with one."""

SPANS = st.sampled_from([timedelta(minutes=3), timedelta(minutes=20), timedelta(hours=3), timedelta(hours=25)])


class AnyChain(RuleBasedStateMachine):
    """A practice whose services were drawn, its customers, and everything that may befall it."""

    here: ClassVar[World]

    def __init__(self) -> None:
        super().__init__()
        self.rig: Rig | None = None

    @initialize(file=practices(), number=PEOPLE, turns=TURNS)
    def open(self, file: str, number: str, turns: list[tuple[Befall | None, str | None]]) -> None:
        """Publish any file that the checker lets pass; the first customer comes."""
        note(file)
        self.rig = Rig.of(self.here, published(file))
        self.want(number, SERVICES[0], turns)

    @property
    def bench(self) -> Bench:
        """The bench, once it is set up."""
        assert self.rig is not None
        return self.rig.bench

    @rule(number=PEOPLE, service=st.sampled_from(SERVICES), turns=TURNS)
    def want(self, number: str, service: str, turns: list[tuple[Befall | None, str | None]]) -> None:
        """Ask for a service and answer what is asked, most of the time to the point."""
        saying: str | None = f"a {service} next Wednesday at 3 pm please"
        for befall, words in turns:
            if befall is not None:
                self.befall(befall)
            if saying is None:
                break
            self.bench.text(number, saying)
            question = next(iter(self.bench.heard(number)[-1:]), "")
            sensible = next((answer for start, answer in ANSWERS.items() if question.startswith(start)), None)
            saying = sensible and (words or sensible)

    @rule(number=PEOPLE, words=WORDS | st.just("yes"), times=st.integers(1, 2))
    def say(self, number: str, words: str, times: int) -> None:
        """Say something out of the blue, which the provider may deliver twice."""
        message = f"SM{len(self.bench.invocations):031x}f"
        for _ in range(times):
            self.bench.text(number, words, message=message)

    @rule(what=BEFALLS)
    def befall(self, what: Befall) -> None:
        """Something happens."""
        assert self.rig is not None
        what.befall(self.rig)

    @rule(span=SPANS)
    def pass_time(self, span: timedelta) -> None:
        """Time passes, then the sweeper takes up what was left behind."""
        self.bench.let_pass(seconds=span.total_seconds())
        with suppress(Killed):
            sweep(self.bench.ports)
            self.bench.left_under_way = False
        self.bench.settle()

    @invariant()
    def agree(self) -> None:
        """Whenever all is quiet, the systems hold what the ledger says."""
        assert disagreements(self.bench, doubts=True) == []

    def teardown(self) -> None:
        """When all works again and time has passed, everything has come to its end, and the customer knows which."""
        if self.rig is None:
            return
        self.rig.calm()
        for _ in range(20):
            self.pass_time(timedelta(hours=25))
            if all(context.closed_at for context in self.bench.contexts()):
                break
        assert settled(self.bench) == []
        assert disagreements(self.bench, doubts=True) == []
        assert unverified(self.bench) == []
        for place, context in enumerate(self.bench.contexts()):
            assert abandoned(self.bench, context) == []
            told = self.bench.obligations(place)["customer", "texts"]
            assert told.status in {ObligationStatus.DELIVERED, ObligationStatus.EXHAUSTED}
            assert told.status is ObligationStatus.EXHAUSTED or self.misled(context, told) is None

    def misled(self, context: ExecutionContext, told: Obligation) -> str | None:
        """Name what is wrong with what the customer heard of an execution, or was mailed."""
        phone = self.bench.conversations.interaction(context.tenant, context.interaction).sender.phone
        assert phone is not None
        everything = self.bench.heard(phone) if told.way == "texts" else self.bench.mail.bodies(MAILBOX)
        heard = [words for words in everything if words == told.words]
        return unfit(self.bench, context, heard, [DONE]) or untrue(self.bench, context, heard[0])


@pytest.mark.timeout(3600)  # a long run, or the search for the smallest failing one
def test_ledger_systems_and_customer_agree(here: World) -> None:
    """Whatever the chain and whatever goes wrong: all comes to an end, agrees, verifies, and the words are true."""

    class AnyChainHere(AnyChain):
        pass

    AnyChainHere.here = here
    run_state_machine_as_test(
        AnyChainHere,
        settings=settings(
            max_examples=500 if settings.get_current_profile_name() == LONG else 20,
            phases=[Phase.explicit, Phase.reuse, Phase.generate, Phase.shrink],
            stateful_step_count=8,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
