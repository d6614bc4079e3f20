"""State machines that many threads move at once, on the pure executor; pauses and deadlines are on the manual clock."""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from threading import Lock, RLock
from typing import Any

from followthrough.engine.work import RESUMED, Outcome, start_name
from followthrough.routing.releases import Releases
from simulation.executor import Execution, Invoke
from tests.workbench.clock import ManualClock

AT_ONCE = 16


class EngineDied(BaseException):
    """The machine ended together with the function that it had invoked."""


@dataclass
class Run:
    """An execution of a machine, moved by one thread at a time, and when its pause or its wait is over."""

    execution: Execution
    lock: Any = field(default_factory=RLock)
    due: datetime | None = None


class Engine:
    """Machines, and the threads that move them. Nothing is left under way when `quiet` returns."""

    def __init__(self, clock: ManualClock, releases: Releases, invoke: Invoke) -> None:
        self._clock, self._releases, self._invoke = clock, releases, invoke
        self._pool = ThreadPoolExecutor(AT_ONCE)
        self._under_way: list[Future[None]] = []
        self._lock = Lock()
        self.started: dict[str, Run] = {}

    def close(self) -> None:
        """End the threads."""
        self._pool.shutdown(cancel_futures=True)

    def submit(self, work: Callable[..., None], *arguments: Any) -> None:
        """Have something done by one of the threads."""
        with self._lock:
            self._under_way.append(self._pool.submit(work, *arguments))

    def quiet(self) -> None:
        """Wait until nothing moves any more. Raises what a thread raised."""
        while True:
            with self._lock:
                under_way, self._under_way = self._under_way, []
            if not under_way:
                return
            wait(under_way)
            for future in under_way:
                future.result()

    def start(self, tenant: str, release: str, execution: str, number: int = 1) -> None:
        """Start the release's machine for an execution, for the `number`th time; again changes nothing."""
        name = start_name(execution, number)
        outcome = "accepted" if number == 1 else RESUMED
        record = Outcome(tenant=tenant, execution=execution, outcome=outcome).model_dump(mode="json")
        run = Run(Execution(self._releases.release(tenant, release).machine, record, self._invoke, name=name))
        if self.started.setdefault(name, run) is run:
            self.submit(self._move, run)

    def runs(self, tenant: str, release: str, execution: str, number: int) -> bool:
        """Tell whether that start's machine still runs; one that never started does not."""
        run = self.started.get(start_name(execution, number))
        return run is not None and run.execution.status == "RUNNING"

    def running(self, tenant: str, release: str) -> list[str]:
        """Return the names of the starts that run, of whichever release."""
        return [name for name, run in self.started.copy().items() if run.execution.status == "RUNNING"]

    def resume(self, token: str) -> bool:
        """End a wait; False when nobody waits on this token any more."""
        run = self.started.get(token.rpartition("/")[0])
        if run is None or run.execution.token != token:
            return False
        # Who waits is about to return from its wait's own function at most: nobody holds the lock for long.
        with run.lock:
            ended = run.execution.resume(token)
        if ended:
            self.submit(self._move, run)
        return ended

    def pass_pauses(self) -> bool:
        """Go to the end of the next pause, if there is any, and move on whoever's is over then."""
        return self._pass([run for run in self.started.values() if run.due and run.execution.seconds])

    def pass_deadlines(self) -> bool:
        """Let the next question expire, if any is open."""
        return self._pass([run for run in self.started.values() if run.due and run.execution.token])

    def _pass(self, timed: list[Run]) -> bool:
        if not timed:
            return False
        self._clock.forward(min(run.due for run in timed if run.due))
        for run in timed:
            if run.due and run.due <= self._clock.now:
                run.due = None
                run.execution.passed()
                self.submit(self._move, run)
        return True

    def _move(self, run: Run) -> None:
        with run.lock:
            execution = run.execution
            if execution.status != "RUNNING":
                return
            before = execution.token
            try:
                execution.run()
            except EngineDied:
                execution.status, execution.token, execution.seconds, run.due = "ABORTED", None, 0, None
                return
            if execution.token is None and not execution.seconds:
                run.due = None
            elif execution.seconds:
                run.due = self._clock.now + timedelta(seconds=execution.seconds)
            elif execution.token != before or run.due is None:
                run.due = self._clock.now + timedelta(seconds=execution.patience)
