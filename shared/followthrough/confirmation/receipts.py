"""A provider's later word on what became of a confirmation."""

from followthrough.agents.work import Case, Ports, Work
from followthrough.confirmation.closing import close_if_told
from followthrough.confirmation.delivery import deliver, deliver_owed
from followthrough.confirmation.obligations import fact
from followthrough.confirmation.statuses import DELIVERED, FINAL
from followthrough.integration.credentials import Secrets
from followthrough.interaction.twilio_form import Post, checked_form, field, message_id
from followthrough.ledger.models import ObligationStatus


def receive_receipt(post: Post, ports: Ports, secrets: Secrets) -> None:
    """Accept a message's delivery status from Twilio. Raises NotAccepted."""
    form = checked_form(post, ports.releases, secrets)
    take(ports, post.tenant, message_id(form), field(form, "MessageStatus"))


def take(ports: Ports, tenant: str, message: str, status: str) -> None:
    """Take a status of the message with this provider id. Statuses only move forward, however late they arrive.

    That an earlier way failed is known already; that it worked after all is good news at any time.

    Twilio's statuses: https://www.twilio.com/docs/messaging/api/message-resource#message-status-values
    """
    obligation = ports.ledger.find_receipt(tenant, message)
    if obligation is None and status in FINAL:
        # The carrier is faster than our own record of its answer, which looks here as soon as it is written: so one of
        # the two sees the other.
        ports.ledger.keep_early(tenant, message, status)
        obligation = ports.ledger.find_receipt(tenant, message)
    if obligation is None or status not in FINAL:
        return
    case = Case.load(Work(tenant=tenant, execution=obligation.execution), ports)
    if obligation.status is not ObligationStatus.SENT:
        # Nothing moves any more, but who took the status first may have died before closing.
        close_if_told(case)
    elif status in DELIVERED:
        arrived = obligation.model_copy(update={"status": ObligationStatus.DELIVERED})
        note = case.note(fact(arrived, f"{arrived.way} reports it as {status}", {"receipt": message}))
        ports.ledger.update_obligation(arrived, note)
        close_if_told(case)
    elif obligation.receipt is not None and obligation.receipt.id == message:
        # Kept first: should the next way ask to come back later, the ledger knows that this one failed.
        deliver(case, ports.ledger.update_obligation(obligation.model_copy(update={"failure": status})))
        deliver_owed(case)
        close_if_told(case)
