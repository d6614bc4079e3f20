"""One interaction, completed end to end, and the proof of it."""

import json
import secrets
import time
from collections.abc import Callable
from typing import Any

import typer
from rich.console import Console

from followthrough.errors import Missing
from followthrough.interaction.conversation import execution_of
from followthrough.ledger.stores import Ledger
from infra.cli import show
from infra.cli.installation import Installation
from infra.cli.report import Report, lacks, report
from infra.local.phone import Phone
from infra.local.world import World, world

TENANT, CUSTOMER = "brightsmile", "+13125550142"
SAYS = ("I'd like a cleaning next Tuesday at 3", "the first one", "yes")
SYSTEMS = ("hubspot", "cal_com", "stripe", "twilio", "ses", "sns")
"""The adapters that a completed booking has evidence of."""

_PATIENCE_SECONDS = 90.0


def run(out: Console, problems: Console, *, as_json: bool) -> int:
    """Hold the conversation, show what became of it, and return the exit code: 1 if anything of it is missing."""
    with problems.status("Starting") as status, world(say=status.update) as here:
        found = _complete(here, status.update)
    missing = lacks(found, SYSTEMS) + [f"no reply to {said!r}" for said in found.pop("unanswered")]
    if as_json:
        typer.echo(json.dumps({**found, "missing": missing}))
    else:
        _show(out, found)
    for one in missing:
        problems.print(f"[red]missing:[/] {one}")
    return 1 if missing else 0


def _complete(here: World, say: Callable[[str], None]) -> Report:
    before = _states(here)
    phone = here.phone(TENANT, CUSTOMER)
    opening = f"SM{secrets.token_hex(16)}"
    conversation: list[dict[str, str]] = []
    unanswered = []
    for number, words in enumerate(SAYS):
        say(f"The customer: {words}")
        conversation.append({"from": "customer", "text": words})
        replies = _exchange(phone, words, opening if number == 0 else None)
        conversation += [{"from": TENANT, "text": reply} for reply in replies]
        if not replies:
            unanswered.append(words)
            break
    say("Telling everybody")
    ledger = Installation(here.standin.client, here.standin.outputs).ledger()
    found = _closed(ledger, execution_of(TENANT, f"sms-{opening}"))
    systems = {"before": before, "after": _states(here)}
    return {**found, "conversation": conversation, "systems": systems, "unanswered": unanswered}


def _exchange(phone: Phone, words: str, message: str | None) -> list[str]:
    heard = len(phone.heard())
    phone.say(words, message).raise_for_status()
    _until(lambda: len(phone.heard()) > heard)
    return phone.heard()[heard:]


def _closed(ledger: Ledger, execution: str) -> Report:
    """Return the report once everybody has been told, or as it stands when that takes too long."""
    _until(lambda: report(ledger, TENANT, execution)["closed"])
    return report(ledger, TENANT, execution)


def _until(condition: Callable[[], Any]) -> None:
    deadline = time.monotonic() + _PATIENCE_SECONDS
    while time.monotonic() < deadline:
        try:
            if condition():
                return
        except Missing:
            pass
        time.sleep(0.1)


def _states(here: World) -> dict[str, Any]:
    return {name: here.sandbox.snapshot(name) for name in here.sandbox.endpoints}


def _show(out: Console, found: Report) -> None:
    show.show_conversation(out, found["conversation"])
    show.show_timeline(out, found)
    show.show_effects(out, found)
    show.show_systems(out, found["systems"]["before"], found["systems"]["after"])
    show.show_confirmations(out, found)
    show.show_verdict(out, found)
    out.print(
        "\n[bold]Where to look next[/]\n"
        "  tenants/brightsmile/tenant.yaml   what you just saw, as configuration: change a price, run it again\n"
        "  followthrough dev                 the same world, to talk to by hand; then in another shell:\n"
        f'  followthrough say --tenant {TENANT} --from {CUSTOMER} "Can I move my visit to Friday at 10?"\n'
        f"  followthrough trace list --tenant {TENANT}, then trace show EXECUTION: what was done, and the proof\n",
        highlight=False,
    )
