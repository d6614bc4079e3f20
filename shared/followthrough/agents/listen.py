"""Wait for the customer's next message."""

from followthrough.engine.case import Case
from followthrough.engine.inbox import fresh
from followthrough.engine.ports import Ports
from followthrough.engine.work import Outcome, Work
from followthrough.interaction.conversation import end_wait


def run(work: Work, ports: Ports) -> Outcome:
    """Leave the task token with the conversation, and end the wait at once if a message is there already.

    The token is stored before the inbox is read, and ingress fills the inbox before it reads the tokens: one of the
    two sees both.
    """
    assert work.token is not None, "a wait is invoked with a task token"
    case = Case.load(work, ports)
    ports.conversations.wait(work.tenant, case.context.subject, work.execution, work.token)
    if fresh(case):
        end_wait(ports, work.tenant, case.context.subject, work.token)
    return case.outcome("done")
