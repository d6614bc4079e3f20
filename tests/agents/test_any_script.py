"""Whatever customers say and whatever goes wrong: the systems hold what the ledger says, and the customer knows."""

from dataclasses import dataclass
from datetime import timedelta

from hypothesis import HealthCheck, given, settings, strategies as st

from followthrough.contracts.messaging import NewMail
from followthrough.ledger.models import ObligationStatus
from simulation.executor import Invoke
from tests.confirmation.test_mail_receipts import DESK
from tests.workbench.agreement import disagreements, settled, unfit
from tests.workbench.befalls import FAULTS, NEW, PLACES, Trouble
from tests.workbench.bench import DANA, IAN, LUCIA, MAYA, RAY, Bench
from tests.workbench.weather import Fate, fated
from tests.workbench.world import World

PEOPLE = [MAYA, MAYA, IAN, IAN, DANA, LUCIA, NEW, RAY]
WORDS = st.sampled_from(
    [
        *["yes"] * 5,
        *["I'd like a cleaning next Wednesday at 3 pm"] * 2,
        "I'd like a cleaning next Wednesday at 3 pm",
        "A cleaning next Tuesday at 3 please",
        "Quisiera una limpieza el viernes a las 10 de la mañana",
        "my tooth hurts, can somebody see me today?",
        "I need to cancel my appointment",
        "can I move my appointment to next Friday at 10 am?",
        "next Thursday at 9 am",
        "yes please",
        "no",
        "1",
        "2",
        "none of these",
        "hello?",
        "card 4242 4242 4242 4242",
        "sí",
    ]
)


@dataclass(frozen=True)
class Said:
    """A text, the trouble that begins with it, and how long the customer is silent afterwards."""

    number: str
    words: str
    trouble: Trouble | None
    silent: timedelta


troubles = st.builds(Trouble, PLACES, FAULTS, st.sampled_from([None, "POST", "GET", "DELETE"]), st.integers(1, 12))
silences = st.sampled_from([timedelta(0)] * 6 + [timedelta(minutes=16), timedelta(hours=25)])
people = st.lists(st.sampled_from(PEOPLE), min_size=1, max_size=2)
scripts = people.flatmap(
    lambda some: st.lists(
        st.builds(Said, st.sampled_from(some), WORDS, st.none() | troubles, silences), min_size=2, max_size=8
    )
)
fates = st.lists(st.sampled_from([*[Fate.ANSWERED] * 6, Fate.DOUBLED, Fate.LOST]), max_size=40)


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(script=scripts, fates=fates)
def test_ledger_systems_and_customer_agree(here: World, script: list[Said], fates: list[Fate]) -> None:
    """Every execution closes or waits for its customer; what the systems hold is in the ledger; the words fit."""

    def around(invoke: Invoke) -> Invoke:
        return fated(fates, invoke)

    bench = Bench(here, around=around)
    for said in script:
        if said.trouble is not None:
            said.trouble.happen(bench)
        bench.text(said.number, said.words)
        if said.silent:
            bench.let_pass(seconds=said.silent.total_seconds())
    assert settled(bench) == []
    bench.let_pass(days=3)
    assert [context.execution for context in bench.contexts() if context.closed_at is None] == []
    assert disagreements(bench) == []
    for place, context in enumerate(bench.contexts()):
        told = bench.obligations(place)["customer", "texts"]
        if told.status is ObligationStatus.DELIVERED:
            phone = bench.conversations.interaction(context.tenant, context.interaction).sender.phone
            assert phone is not None
            # Who could not be texted is mailed, where the service knows an address.
            mailed = [it.body for it in bench.mail.sent if isinstance(it, NewMail) and it.to != DESK]
            assert unfit(bench, context, [*bench.heard(phone), *mailed]) is None
