"""What may befall a practice at any moment: its systems, its customers' phones, and the machinery itself."""

from collections import deque
from dataclasses import dataclass, field
from typing import Protocol, Self

from hypothesis import strategies as st

from followthrough.errors import Unreachable
from followthrough.routing.releases import Release
from simulation.faults import Fault
from tests.workbench.bench import DANA, IAN, MAYA, RAY, Bench
from tests.workbench.watched import Reaper, watched
from tests.workbench.weather import Fate, fated
from tests.workbench.world import SYSTEMS, World

NEW = "+13125550199"
PEOPLE = st.sampled_from([MAYA, IAN, DANA, NEW, RAY])
THIEF = "A Thief"
_PATHS = {
    "stripe": ["/v1/payment_intents", "/v1/refunds", "/v1/customers"],
    "cal_com": ["/v2/bookings", "/v2/bookings/.*/cancel", "/v2/slots/reservations", "/v2/slots$"],
    "hubspot": ["/crm/objects/2026-03/contacts", "/crm/objects/2026-03/notes"],
    "twilio": ["/2010-04-01"],
}
PLACES = st.sampled_from([(system, path) for system, paths in _PATHS.items() for path in paths])
FAULTS = st.sampled_from([fault for fault in Fault if fault is not Fault.DELAY])


@dataclass
class Rig:
    """A bench on which fates and deaths can be ordered at any time."""

    bench: Bench
    fates: deque[Fate]
    reaper: Reaper = field(default_factory=Reaper)

    @classmethod
    def of(cls, here: World, live: Release) -> Self:
        """Set a bench up on which this release is live."""
        fates, reaper = deque[Fate](), Reaper()
        endless = iter(lambda: fates.popleft() if fates else Fate.ANSWERED, None)
        bench = Bench(
            here, wrap=lambda ports: watched(ports, reaper), around=lambda invoke: fated(endless, invoke), live=live
        )
        return cls(bench, fates, reaper)

    def calm(self) -> None:
        """Let nothing befall it any more; what happened has happened."""
        self.fates.clear()
        self.reaper.at, self.bench.receipts = -1, True
        for system in SYSTEMS:
            self.bench.sandbox.lift(system)


class Befall(Protocol):
    """Something that befalls a rig."""

    def befall(self, rig: Rig) -> None:
        """Let it happen."""


@dataclass(frozen=True)
class Trouble:
    """A system refuses, is away, breaks, or does it and does not say so: for a while or for long."""

    place: tuple[str, str]
    fault: Fault
    method: str | None
    times: int

    def befall(self, rig: Rig) -> None:
        """Let it happen."""
        self.happen(rig.bench)

    def happen(self, bench: Bench) -> None:
        """Let it happen to a bench without a rig."""
        bench.fault(self.place[0], self.fault, self.place[1], method=self.method, times=self.times)


@dataclass(frozen=True)
class Relief:
    """All systems work again."""

    def befall(self, rig: Rig) -> None:
        """Let it happen."""
        for system in SYSTEMS:
            rig.bench.sandbox.lift(system)


@dataclass(frozen=True)
class Deaf:
    """No text reaches somebody any more: it is lost on the way, or not even taken."""

    number: str
    how: str

    def befall(self, rig: Rig) -> None:
        """Let it happen."""
        rig.bench.sandbox.seed("twilio", {self.how: [self.number]})


@dataclass(frozen=True)
class NoMail:
    """The operators' mail is away."""

    times: int

    def befall(self, rig: Rig) -> None:
        """Let it happen."""
        rig.bench.mail.failures += [Unreachable("ses", "connect_error")] * self.times


@dataclass(frozen=True)
class Theft:
    """Somebody else books what is held: Cal.com's reservations block no booking."""

    def befall(self, rig: Rig) -> None:
        """Let it happen."""
        calendar = rig.bench.sandbox.snapshot("cal_com")
        known = {it["id"] for it in calendar["bookings"]}
        taken = [
            {"event_type": 1201, "start": held["start"], "name": THIEF, "phone": "+13125550177"}
            for held in calendar["reservations"]
        ]
        rig.bench.sandbox.seed("cal_com", {"bookings": taken})
        stolen = [it for it in rig.bench.sandbox.snapshot("cal_com")["bookings"] if it["id"] not in known]
        before = rig.bench.before["cal_com"]
        rig.bench.before["cal_com"] = {**before, "bookings": [*before["bookings"], *stolen]}


@dataclass(frozen=True)
class Stumbling:
    """The next invocations run twice or lose their answers."""

    fates: list[Fate]

    def befall(self, rig: Rig) -> None:
        """Let it happen."""
        rig.fates.extend(self.fates)


@dataclass(frozen=True)
class Death:
    """A process ends before one of the next writes."""

    writes: int

    def befall(self, rig: Rig) -> None:
        """Let it happen."""
        rig.reaper.at = len(rig.reaper.points) + self.writes


@dataclass(frozen=True)
class Stop:
    """Every machine that waits is stopped."""

    def befall(self, rig: Rig) -> None:
        """Let it happen."""
        for run in rig.bench.machines.started.values():
            if run.execution.status == "RUNNING":
                run.execution.status, run.execution.token, run.execution.seconds, run.due = "ABORTED", None, 0, None


@dataclass(frozen=True)
class Reports:
    """The carrier's reports are held back, or come again."""

    come: bool

    def befall(self, rig: Rig) -> None:
        """Let it happen."""
        rig.bench.receipts = self.come


_TROUBLE: st.SearchStrategy[Befall] = st.builds(
    Trouble,
    PLACES,
    FAULTS,
    st.sampled_from(["POST", None, "GET", "DELETE"]),
    st.sampled_from([1, 2, 5, 10, 70]),
)
BEFALLS: st.SearchStrategy[Befall] = st.one_of(
    _TROUBLE,
    _TROUBLE,
    _TROUBLE,
    st.builds(Relief),
    st.builds(Deaf, PEOPLE, st.sampled_from(["unreachable", "opted_out"])),
    st.builds(NoMail, st.integers(1, 10)),
    st.builds(Theft),
    st.builds(Stumbling, st.lists(st.sampled_from([Fate.ANSWERED, Fate.DOUBLED, Fate.LOST]), min_size=1, max_size=20)),
    st.builds(Death, st.integers(0, 40)),
    st.builds(Stop),
    st.builds(Reports, st.booleans()),
)
