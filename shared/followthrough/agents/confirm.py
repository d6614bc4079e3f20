"""Tell everybody how it ended, then let the conversation go on."""

from followthrough.confirmation.closing import close
from followthrough.confirmation.delivery import deliver_owed
from followthrough.engine.case import Case
from followthrough.engine.inbox import fresh
from followthrough.engine.ports import Ports
from followthrough.engine.work import Outcome, Work
from followthrough.interaction.conversation import let_go
from followthrough.ledger.models import Fact, Status


def run(work: Work, ports: Ports) -> Outcome:
    """Hand every confirmation over. Outcomes: `done`, `later` (a provider asked to come back)."""
    case = Case.load_everything(work, ports)
    if case.context.status is Status.OPEN:
        _end(case)
    pause = deliver_owed(case)
    if pause:
        return case.later(pause)
    close(case)
    leave(case)
    return case.outcome("done")


def leave(case: Case) -> None:
    """Let the conversation go on without this execution, which has told everybody. Once or many times."""
    _clear_inbox(case)
    case.commit()
    let_go(case.ports, case.context.tenant, case.context.subject, case.context.execution)


def _end(case: Case) -> None:
    """Note how a chain ended that nobody ended before: completed, unless it comes from a state that broke."""
    completed = case.work.outcome == "done"
    status = Status.COMPLETED if completed else Status.FAILED
    reason = "every step of the service was done" if completed else "a step broke and its retries ran out"
    case.save(Fact(kind="ended", step="confirm", outcome=status.value, reason=reason), status=status)


def _clear_inbox(case: Case) -> None:
    """Take what this execution was opened for, where no agent ever got to read it: it is answered now.

    Otherwise the message would open the same, finished execution again, and stand in the way of all that come after.
    """
    opener = case.context.interaction
    if opener not in case.context.read:
        case.take([message for message in fresh(case) if message.interaction == opener])
