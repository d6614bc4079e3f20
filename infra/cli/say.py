"""Text a running `dev`."""

import json
import time
from dataclasses import dataclass

import typer
from rich.console import Console
from rich.markup import escape

from infra.cli.installation import Running
from infra.local.accounts import configuration, number_of
from infra.local.phone import Phone

_PATIENCE_SECONDS = 60.0


@dataclass(frozen=True)
class Text:
    """What a customer texts to a tenant."""

    tenant: str
    sender: str
    words: str


def run(console: Console, here: Running, text: Text, *, as_json: bool) -> int:
    """Send it, print the replies, and return the exit code: 1 when it was refused or nobody answered."""
    phone = Phone(
        here.api,
        here.public_url,
        here.systems["twilio"],
        text.tenant,
        text.sender,
        number_of(configuration(text.tenant)),
    )
    heard = len(phone.heard())
    answer = phone.say(text.words)
    if answer.is_error:
        typer.echo(
            json.dumps({"status": answer.status_code, "error": answer.text}) if as_json else answer.text,
            err=not as_json,
        )
        return 1
    replies = _replies(phone, heard)
    if as_json:
        typer.echo(json.dumps({"status": answer.status_code, "replies": replies}))
    else:
        for reply in replies:
            console.print(f"[magenta]{text.tenant}[/] {escape(reply)}", highlight=False)
    return 0 if replies else 1


def _replies(phone: Phone, heard: int) -> list[str]:
    """Wait for the first reply, then a little for another one that follows at once."""
    deadline = time.monotonic() + _PATIENCE_SECONDS
    while time.monotonic() < deadline:
        new = phone.heard()[heard:]
        if new:
            time.sleep(1.0)
            return phone.heard()[heard:]
        time.sleep(0.2)
    return []
