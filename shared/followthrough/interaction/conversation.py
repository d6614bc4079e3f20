"""Move a conversation on: start an execution for what was said, or wake the one that waits for it."""

import hashlib

from followthrough.engine.ports import Ports
from followthrough.errors import Missing
from followthrough.ledger.models import ExecutionContext, Fact, Message, Note


def advance(ports: Ports, tenant: str, subject: str) -> None:
    """See that the oldest unread message reaches an execution. Safe to call at any time, any number of times.

    Messages enter the inbox before anybody calls this, and a wait stores its token before it rereads the inbox: so
    whoever comes second sees what the first one left.
    """
    unread = ports.conversations.unread(tenant, subject)
    if not unread:
        return
    opens = {execution_of(tenant, message.interaction): message for message in unread}
    holder: str | None = execution_of(tenant, unread[0].interaction)
    if not ports.conversations.enter(tenant, subject, str(holder)):
        if wake(ports, tenant, subject):
            return
        # Nobody waits: who holds the conversation is at work, and reads its inbox later. Or died.
        holder = ports.conversations.conversation(tenant, subject).execution
    if holder is None:
        return
    opener = opens.get(holder)
    context = _start(ports, tenant, subject, holder, opener) if opener else _context(ports, tenant, holder)
    if context and context.closed_at:
        if opener:
            ports.conversations.take(tenant, subject, opener.interaction, holder)
        let_go(ports, tenant, subject, holder)


def let_go(ports: Ports, tenant: str, subject: str, execution: str) -> None:
    """End an execution's hold on the conversation, and see to what it left unread."""
    ports.conversations.leave(tenant, subject, execution)
    advance(ports, tenant, subject)


def wake(ports: Ports, tenant: str, subject: str) -> bool:
    """End whatever wait the conversation's open execution has, if there is something to read; True if it had one.

    The tokens are read before the inbox: a wait that begins in between reads the inbox itself, while one that began
    after its message was weighed, by somebody who was faster, must not end for that message.
    """
    tokens = ports.conversations.conversation(tenant, subject).tokens
    if tokens and ports.conversations.unread(tenant, subject):
        for token in sorted(tokens):
            end_wait(ports, tenant, subject, token)
    return bool(tokens)


def end_wait(ports: Ports, tenant: str, subject: str, token: str) -> None:
    """End one wait, and forget its token. Where nobody waits on it any more, that is all that happens.

    The wait is ended before its token is removed: a crash in between is mended by the next call, while a token that was
    removed first would leave the execution waiting for ever. Ending a wait twice does nothing.
    """
    ports.machines.resume(token)
    ports.conversations.forget(tenant, subject, token)


def execution_of(tenant: str, interaction: str) -> str:
    """Return the id of the execution that an interaction opens: the same one however often it is delivered."""
    return hashlib.sha256(f"{tenant}\n{interaction}".encode()).hexdigest()[:32]


def _start(ports: Ports, tenant: str, subject: str, execution: str, message: Message) -> ExecutionContext:
    """Open an execution and start its machine, unless it is over already; return what is known of it."""
    live = ports.releases.live(tenant)
    assert live is not None, "ingress accepts nothing for a tenant that is not live"
    release = ports.releases.release(tenant, live.release)
    said = ports.conversations.interaction(tenant, message.interaction)
    context = ExecutionContext(
        tenant=tenant,
        execution=execution,
        release=live.release,
        subject=subject,
        interaction=said.id,
        opened_by=said,
        channel=said.channel,
        language=release.tenant.languages[0],
        opened_at=ports.clock(),
    )
    fact = Fact(
        kind="accepted",
        step="interaction",
        outcome="accepted",
        reason="a message opened this execution",
        facts={"interaction": said.id, "release": live.release},
        personal={"text": said.text},
    )
    # A retry after a crash finds the release that the first attempt pinned, and maybe a later start.
    found = ports.ledger.open(context, Note(context.opened_at, [fact])) or ports.ledger.load(tenant, execution)
    if found.closed_at is None:
        ports.machines.start(tenant, found.release, execution, found.starts)
    return found


def _context(ports: Ports, tenant: str, execution: str) -> ExecutionContext | None:
    try:
        return ports.ledger.load(tenant, execution)
    except Missing:
        # Somebody is about to open it.
        return None
