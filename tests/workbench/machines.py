"""Where the bench's state machines run: the pure executor, with pauses and deadlines on the manual clock."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from followthrough.engine.work import RESUMED, Outcome, start_name
from followthrough.routing.releases import Releases
from simulation.executor import Execution, Invoke
from tests.workbench.clock import ManualClock


@dataclass
class Run:
    """An execution of a machine, and when its pause or its wait for an answer is over."""

    execution: Execution
    due: datetime | None = None
    token: str | None = None

    @property
    def waits(self) -> bool:
        """Whether it waits for an answer."""
        return self.execution.token is not None


@dataclass
class BenchMachines:
    """Machines; what was started moves only in `run` and `let_pass`."""

    clock: ManualClock
    releases: Releases
    invoke: Invoke
    started: dict[str, Run] = field(default_factory=dict)

    def start(self, tenant: str, release: str, execution: str, number: int = 1) -> None:
        """Start the release's machine for an execution, for the `number`th time; starting that again changes
        nothing.
        """
        name = start_name(execution, number)
        if name not in self.started:
            outcome = "accepted" if number == 1 else RESUMED
            record = Outcome(tenant=tenant, execution=execution, outcome=outcome).model_dump(mode="json")
            machine = self.releases.release(tenant, release).machine
            self.started[name] = Run(Execution(machine, record, self.invoke, name=name))

    def runs(self, tenant: str, release: str, execution: str, number: int) -> bool:
        """Tell whether that start's machine still runs; one that never started does not."""
        run = self.started.get(start_name(execution, number))
        return run is not None and run.execution.status == "RUNNING"

    def of(self, execution: str) -> Execution:
        """Return the run of an execution's machine, the last one where it was started several times."""
        return [run.execution for name, run in self.started.items() if name.partition("-")[0] == execution][-1]

    def resume(self, token: str) -> bool:
        """End a wait; False when nobody waits on this token any more."""
        return any(run.execution.resume(token) for run in self.started.values())

    def run(self) -> None:
        """Let every execution go on until its end, its wait or its pause; those that start meanwhile too."""
        while moving := [run for run in self.started.values() if _moves(run.execution)]:
            for run in moving:
                run.execution.run()
                self._note(run)

    def let_pass(self, until: datetime | None = None) -> None:
        """Run, and let pauses pass in their order; with `until` also the time for answers, up to that moment."""
        self.run()
        while (run := self._next(until)) is not None:
            assert run.due is not None
            self.clock.forward(run.due)
            run.due = None
            run.execution.passed()
            self.run()
        if until is not None:
            self.clock.forward(until)

    def _next(self, until: datetime | None) -> Run | None:
        """Return whose time is over next. A wait ends before a later pause does, but is not itself waited for."""
        timed = [(run.due, name) for name, run in self.started.items() if run.due is not None]
        first = min(timed, default=None)
        if first is None or (until is not None and first[0] > until):
            return None
        if until is None and all(self.started[name].waits for _, name in timed):
            return None
        return self.started[first[1]]

    def _note(self, run: Run) -> None:
        execution = run.execution
        if execution.token is None:
            run.token = None
        if execution.seconds:
            run.due = self.clock.now + timedelta(seconds=execution.seconds)
        elif execution.token is None:
            run.due = None
        elif execution.token != run.token:
            run.token = execution.token
            run.due = self.clock.now + timedelta(seconds=execution.patience)


def _moves(execution: Execution) -> bool:
    return execution.status == "RUNNING" and not execution.token and not execution.seconds
