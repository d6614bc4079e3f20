"""Serve the product on this machine, to be talked to by hand."""

import json
import socket
import time
from dataclasses import asdict
from typing import Any

import typer
from rich.console import Console

from followthrough.interaction.registry import CHANNELS
from infra.cli.installation import RUNNING, Running
from infra.local.accounts import configuration, tenant_names
from infra.local.world import PUBLIC_URL, World, world


def serve(out: Console, problems: Console, port: int, *, as_json: bool) -> int:
    """Serve until Ctrl-C; return the exit code."""
    if _taken(port):
        problems.print(f"[red]port {port} of 127.0.0.1 is in use: end what uses it, or say --port[/]")
        return 1
    with problems.status("Starting") as status, world(port=port, say=status.update) as here:
        status.stop()
        noted = Running(
            here.standin.gateway, here.standin.api, PUBLIC_URL, here.sandbox.endpoints, dict(here.standin.outputs)
        )
        RUNNING.parent.mkdir(exist_ok=True)
        RUNNING.write_text(json.dumps(asdict(noted)))
        try:
            _print(out, here, asdict(noted), as_json=as_json)
            while True:
                time.sleep(3600)
        except KeyboardInterrupt:
            out.print("Ending", style="dim")
        finally:
            RUNNING.unlink(missing_ok=True)
    return 0


def _taken(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return True
    return False


def _print(out: Console, here: World, noted: dict[str, Any], *, as_json: bool) -> None:
    if as_json:
        typer.echo(json.dumps(noted))
        return
    out.print("[bold]Followthrough runs on this machine. Ctrl-C ends it.[/]\n")
    for tenant in tenant_names():
        for channel in configuration(tenant).channels:
            address = f"{here.standin.api}{CHANNELS[channel].path(tenant)}"
            out.print(f"  {channel} to {tenant:<18} POST {address}", highlight=False)
    for name, endpoint in here.sandbox.endpoints.items():
        out.print(f"  sandbox {name:<17} {endpoint}/_sandbox/state", highlight=False)
    out.print(f"  embedded AWS              {here.standin.gateway}", highlight=False)
    out.print('\n  followthrough say --tenant brightsmile --from +13125550142 "I\'d like a cleaning on Friday at 10"')
