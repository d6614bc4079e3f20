"""Take what was posted to a channel: keep it, start what it asks for, and answer at once.

Once the interaction is kept the answer is good whatever happens next: redelivery, the next message or the sweeper takes
it up from there.
"""

import re
from datetime import timedelta

from aws_lambda_powertools import Logger

from followthrough.contracts.consent import Consent
from followthrough.contracts.interaction import Interaction, Sender
from followthrough.contracts.report import DeliveryReport
from followthrough.engine.ports import Ports
from followthrough.errors import BadSecret, NotReady, TooLarge, TooMany, UnknownTenant
from followthrough.integration.credentials import Secrets
from followthrough.interaction.channel import Channel, Secret
from followthrough.interaction.conversation import advance
from followthrough.interaction.post import Post
from followthrough.routing.releases import Releases
from followthrough.tenant.models import Tenant
from followthrough.understanding.signals import is_reaction, signal

MAX_BODY = 256 * 1024
"""Bytes: a gateway hands over more, and no provider posts as much."""

MOST_AN_HOUR = 20
"""Messages of one party that are answered in an hour: a booking takes some five."""

SILENCE = timedelta(hours=1)
"""For how long nothing more is texted to a party that said more than that."""

_TENANT = re.compile(r"[a-z][a-z0-9-]{0,29}")

_log = Logger(service="followthrough", child=True)


def receive(channel: Channel, post: Post, ports: Ports, secrets: Secrets) -> None:
    """Accept one incoming message. Raises NotAccepted."""
    tenant, secret = _admitted(channel, post, ports.releases, secrets)
    said = channel.read(post, secret)
    subject = ports.subjects.subject(post.tenant, said.phone or said.address)
    interaction = Interaction(
        id=f"{channel.name}-{said.message}",
        tenant=post.tenant,
        channel=channel.name,
        sender=Sender(subject=subject, phone=said.phone),
        recipient=said.recipient,
        text=said.text,
        received_at=ports.clock(),
        signal=said.signal or signal(said.text, tenant.languages),
        aside=said.aside or ("it is a reaction to words of ours" if is_reaction(said.text) else None),
    )
    _heed(interaction, ports)
    interaction, new = _kept(interaction, ports)
    about = {"interaction": interaction.id, "tenant": post.tenant, "aside": interaction.aside}
    _log.info("interaction kept", extra={"new": new, **about})
    if interaction.aside is not None:
        return
    try:
        advance(ports, post.tenant, subject)
    except Exception as error:  # noqa: BLE001  it is kept: a failed start must not look like a refusal to the provider
        _log.error("interaction kept but not started", extra={"error": type(error).__name__, **about})


def _kept(interaction: Interaction, ports: Ports) -> tuple[Interaction, bool]:
    """Keep an interaction; return it with whether it is new. Of more than anybody answers the first ends what is open
    and is told to the desk, and the others are put aside: two machines do not talk to one another for long.
    """
    try:
        return interaction, ports.conversations.accept(interaction, MOST_AN_HOUR)
    except TooMany as flood:
        now = interaction.received_at
        first = ports.ledger.silence(interaction.tenant, interaction.sender.subject, now, now + SILENCE)
        over = interaction.model_copy(update={"signal": "flood"} if first else {"aside": str(flood)})
        return over, ports.conversations.accept(over)


def _heed(interaction: Interaction, ports: Ports) -> None:
    """Put on record what a party says of being written to, before anything else: whatever breaks, nobody is texted who
    does not want it.
    """
    if interaction.signal in {"stop", "start"}:
        consent = Consent(
            given=interaction.signal == "start", since=interaction.received_at, source=f"interaction {interaction.id}"
        )
        ports.ledger.keep_consent(interaction.tenant, interaction.sender.subject, consent)


def read_report(channel: Channel, post: Post, releases: Releases, secrets: Secrets) -> DeliveryReport | None:
    """Return what a provider reports on one of our messages, if it settles anything. Raises NotAccepted."""
    _, secret = _admitted(channel, post, releases, secrets)
    return channel.read_report(post, secret)


def _admitted(channel: Channel, post: Post, releases: Releases, secrets: Secrets) -> tuple[Tenant, Secret]:
    """Check size and tenant, and return it with the secret that the rest is checked with. The checks go from cheap to
    costly, and nobody stores or starts anything before all have passed.
    """
    if len(post.body) > MAX_BODY:
        raise TooLarge(f"a body may have at most {MAX_BODY} bytes")
    live = releases.live(post.tenant) if _TENANT.fullmatch(post.tenant) else None
    if live is None:
        raise UnknownTenant("no tenant of this name is live")
    tenant = releases.release(post.tenant, live.release).tenant
    if channel.name not in tenant.channels:
        raise UnknownTenant(f"this tenant has no channel `{channel.name}`")
    try:
        return tenant, secrets.secret(tenant.tenant, tenant.system_of(channel.name))
    except BadSecret as missing:
        raise NotReady(str(missing)) from None
