"""An odd job in the calendar's place, and how it is visited."""

from collections.abc import Callable
from datetime import timedelta

from followthrough.engine.effects import Performed
from followthrough.errors import OutcomeUnknown, SystemFailure, Unreachable
from tests.workbench.bench import Bench

Do = Callable[..., Performed]
LOST = OutcomeUnknown("oddjob", "read_timeout")
DONE_BUT_LOST = (True, LOST)
NOT_DONE_AND_LOST = (False, LOST)
AWAY: SystemFailure = Unreachable("oddjob", "connect_error")


def after(bench: Bench, span: timedelta) -> None:
    bench.clock.forward(bench.clock.now + span)
