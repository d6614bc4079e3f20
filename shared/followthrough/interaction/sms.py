"""Take a text message: keep it, start what it asks for, and answer at once.

Once the interaction is kept the answer is 200 whatever happens next: redelivery, the next message or the sweeper takes
it up from there.
"""

from aws_lambda_powertools import Logger

from followthrough.contracts.interaction import Channel, Interaction, Sender
from followthrough.engine.ports import Ports
from followthrough.errors import Malformed
from followthrough.integration.credentials import Secrets
from followthrough.interaction.conversation import advance
from followthrough.interaction.twilio_form import Post, checked_form, message_id, phone

_log = Logger(service="followthrough", child=True)


def receive_text(post: Post, ports: Ports, secrets: Secrets) -> None:
    """Accept one incoming message. Raises NotAccepted."""
    form = checked_form(post, ports.releases, secrets)
    message, sender, recipient = message_id(form), phone(form, "From"), phone(form, "To")
    if "Body" not in form:
        raise Malformed("Body is missing")
    subject = ports.subjects.subject(post.tenant, sender)
    interaction = Interaction(
        id=f"{Channel.SMS}-{message}",
        tenant=post.tenant,
        channel=Channel.SMS,
        sender=Sender(subject=subject, phone=sender),
        recipient=recipient,
        text=form["Body"],
        received_at=ports.clock(),
    )
    new = ports.conversations.accept(interaction)
    about = {"interaction": interaction.id, "tenant": post.tenant}
    _log.info("interaction kept", extra={"new": new, **about})
    try:
        advance(ports, post.tenant, subject)
    except Exception as error:  # noqa: BLE001  it is kept: a failed start must not look like a refusal to the provider
        _log.error("interaction kept but not started", extra={"error": type(error).__name__, **about})
