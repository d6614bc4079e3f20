"""The `followthrough` command: try the product here, talk to it, and read what it did."""

import json
import signal
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from followthrough.errors import Misconfigured, Missing
from followthrough.ledger.queries import Query
from infra.cli import demo as demo_command, dev as dev_command, say as say_command, show
from infra.cli.installation import Installation, NotRunningError, on_aws, running
from infra.cli.report import find
from infra.local.accounts import tenant_names

app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_show_locals=False, help=__doc__)
trace_app = typer.Typer(no_args_is_help=True, help="Read what was done, and the proof of it.")
app.add_typer(trace_app, name="trace")

AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON object instead of a picture.")]
Stage = Annotated[
    str | None, typer.Option(help="A stage on AWS, with the shell's credentials; else the running `dev`.")
]
_out = Console()
_problems = Console(stderr=True)


@app.command()
def demo(*, as_json: AsJson = False) -> None:
    """Complete one text message end to end on the embedded AWS, and prove it."""
    _answer_interrupts()
    raise typer.Exit(demo_command.run(_out, _problems, as_json=as_json))


@app.command()
def dev(*, port: int = 8080, as_json: AsJson = False) -> None:
    """Serve the product on 127.0.0.1 until Ctrl-C."""
    _answer_interrupts()
    raise typer.Exit(dev_command.serve(_out, _problems, port, as_json=as_json))


@app.command()
def say(
    text: str,
    *,
    tenant: Annotated[str, typer.Option(help="Whom to text.")],
    sender: Annotated[str, typer.Option("--from", help="The customer's number, in E.164.")],
    as_json: AsJson = False,
) -> None:
    """Text a running `dev` as a customer would, and print the replies."""
    if tenant not in tenant_names():
        _stop(f"there is no tenant {tenant!r} here; there are: {', '.join(tenant_names())}")
    raise typer.Exit(say_command.run(_out, _here(), say_command.Text(tenant, sender, text), as_json=as_json))


@app.command()
def validate(path: Path, *, as_json: AsJson = False) -> None:
    """Check a tenant.yaml as publishing would, and list every mistake with its place."""
    from followthrough.integration.registry import operations, settings_of  # noqa: PLC0415  only here: CEL and Liquid
    from followthrough.tenant.load import load  # noqa: PLC0415  are slow to import

    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        _stop(f"{path} cannot be read: {error}")
    try:
        tenant = load(text, operations(), settings_of())
    except Misconfigured as error:
        problems = [vars(problem) for problem in error.problems]
        _print(as_json, {"valid": False, "problems": problems}, [f"{path}:{problem}" for problem in error.problems])
        raise typer.Exit(1) from None
    services = list(tenant.services)
    _print(
        as_json,
        {"valid": True, "tenant": tenant.tenant, "services": services},
        [f"{path}: {', '.join(services)}: no mistakes"],
    )


@trace_app.command("show")
def trace_show(execution: str, *, tenant: str | None = None, stage: Stage = None, as_json: AsJson = False) -> None:
    """Show one execution: its timeline, effects, confirmations and whether its chain verifies."""
    tenants = [tenant] if tenant else tenant_names()
    try:
        found = find(_installation(stage).ledger(), tenants, execution)
    except Missing as missing:
        _stop(str(missing))
    if as_json:
        typer.echo(json.dumps(found))
        return
    show.show_timeline(_out, found)
    show.show_effects(_out, found)
    show.show_confirmations(_out, found)
    show.show_verdict(_out, found)


@trace_app.command("list")
def trace_list(
    *,
    tenant: Annotated[str, typer.Option(help="Whose executions.")],
    days: Annotated[int, typer.Option(min=1, max=31, help="How many UTC days back.")] = 1,
    stage: Stage = None,
    as_json: AsJson = False,
) -> None:
    """List a tenant's executions, newest first."""
    ledger, today = _installation(stage).ledger(), datetime.now(UTC).date()
    asked = [Query(day=today - timedelta(days=back)) for back in range(days)]
    found = [it for query in asked for it in ledger.find(tenant, query).executions]
    if as_json:
        typer.echo(json.dumps({"tenant": tenant, "executions": [it.model_dump(mode="json") for it in found]}))
        return
    table = Table("execution", "opened", "service", "status", "closed")
    for it in found:
        closed = f"{it.closed_at:%H:%M:%S}" if it.closed_at else ""
        table.add_row(it.execution, f"{it.opened_at:%Y-%m-%d %H:%M:%S}", it.service or "", it.status.value, closed)
    _out.print(table)


def _answer_interrupts() -> None:
    """Let SIGINT end us as Ctrl-C does also where a shell started us in the background, with SIGINT ignored."""
    signal.signal(signal.SIGINT, signal.default_int_handler)


def _installation(stage: str | None) -> Installation:
    return on_aws(stage) if stage else _here().installation()


def _here() -> Any:
    try:
        return running()
    except NotRunningError as error:
        _stop(str(error))


def _print(as_json: bool, result: dict[str, Any], lines: list[str]) -> None:
    typer.echo(json.dumps(result) if as_json else "\n".join(lines))


def _stop(message: str) -> Any:
    _problems.print(f"[red]{message}")
    raise typer.Exit(1)
