"""Undo what a chain did that cannot finish, newest first."""

from followthrough.engine.case import Case
from followthrough.engine.ports import Ports
from followthrough.engine.undo import undo_all
from followthrough.engine.work import Outcome, Work
from followthrough.ledger.models import Fact, Status

_ENDINGS = {
    "expired": (Status.EXPIRED, "no answer came in time"),
    "broken": (Status.FAILED, "a step broke and its retries ran out"),
}


def run(work: Work, ports: Ports) -> Outcome:
    """Undo every effect that stands and can be undone. Outcomes: `done`, `later`."""
    case = Case.load(work, ports)
    if case.context.status is Status.COMPLETED:
        return case.outcome("done")
    _end(case)
    seconds = undo_all(case)
    return case.outcome("done") if seconds is None else case.later(seconds)


def _end(case: Case) -> None:
    """Note how the chain ended where no agent could."""
    if case.context.status is Status.OPEN:
        status, reason = _ENDINGS.get(case.work.outcome, _ENDINGS["broken"])
        case.save(Fact(kind="ended", step="undo", outcome=status.value, reason=reason), status=status)
