"""The `followthrough` command: try the product here, talk to it, and read what it did."""

import signal
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from followthrough.errors import Misconfigured, Problem
from infra.cli import demo as demo_command, dev as dev_command, say as say_command, senders, trace
from infra.cli.tenant_systems import of_stage
from infra.cli.terminal import AsJson, here, out, problems, show, stop
from infra.local.accounts import tenant_names

if TYPE_CHECKING:
    from followthrough.tenant.shape import TextLength

app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_show_locals=False, help=__doc__)
app.add_typer(trace.app, name="trace")
app.command()(senders.senders)


@app.command()
def demo(*, as_json: AsJson = False) -> None:
    """Complete one text message end to end on the embedded AWS, and prove it."""
    _answer_interrupts()
    raise typer.Exit(demo_command.run(out, problems, as_json=as_json))


@app.command()
def dev(*, port: int = 8080, as_json: AsJson = False) -> None:
    """Serve the product on 127.0.0.1 until Ctrl-C."""
    _answer_interrupts()
    raise typer.Exit(dev_command.serve(out, problems, port, as_json=as_json))


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
        stop(f"there is no tenant {tenant!r} here; there are: {', '.join(tenant_names())}")
    raise typer.Exit(say_command.run(out, here(), say_command.Text(tenant, sender, text), as_json=as_json))


@app.command()
def validate(
    path: Path,
    *,
    stage: Annotated[
        str | None, typer.Option(help="Ask the tenant's systems, too: with the secrets of this stage on AWS.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Check a tenant.yaml as publishing would, and list every mistake and warning with its place."""
    from followthrough.integration.registry import operations, settings_of  # noqa: PLC0415  only here: CEL and Liquid
    from followthrough.interaction.registry import providers  # noqa: PLC0415  are slow to import
    from followthrough.routing import compiler, limits, readiness  # noqa: PLC0415  as they are
    from followthrough.tenant.encoding import decoded  # noqa: PLC0415
    from followthrough.tenant.load import load  # noqa: PLC0415
    from followthrough.tenant.positions import LARGEST  # noqa: PLC0415

    try:
        with path.open("rb") as file:
            content = file.read(LARGEST + 1)
    except OSError as error:
        stop(f"{path} cannot be read: {error}")
    try:
        loaded = load(decoded(content), operations(), settings_of(), providers())
        limits.check(loaded, compiler.compile(loaded.tenant, limits.LONGEST_FUNCTIONS))
        if stage is not None:
            loaded = readiness.check(loaded, of_stage(stage))
    except Misconfigured as error:
        found = {"problems": [*map(vars, error.problems)], "warnings": [*map(vars, error.warnings)]}
        lines = [f"{path}:{problem}" for problem in error.problems]
        show(as_json, {"valid": False, **found}, [*lines, *_warnings(path, error.warnings)])
        raise typer.Exit(1) from None
    services = list(loaded.tenant.services)
    told = {"warnings": [*map(vars, loaded.warnings)], "texts": [text._asdict() for text in loaded.texts]}
    show(
        as_json,
        {"valid": True, "tenant": loaded.tenant.tenant, "services": services, **told},
        [
            *_texts(path, loaded.texts),
            *_warnings(path, loaded.warnings),
            f"{path}: {', '.join(services)}: no mistakes",
        ],
    )


def _texts(path: Path, texts: "list[TextLength]") -> list[str]:
    """Say in how many parts each text is sent: every part is paid for."""
    return [
        f"{path}: {it.path}: {it.characters} characters, sent in {it.parts} part{'s' * (it.parts > 1)} ({it.encoding})"
        for it in texts
    ]


def _warnings(path: Path, warnings: list[Problem]) -> list[str]:
    return [f"{path}:{warning} (a warning)" for warning in warnings]


def _answer_interrupts() -> None:
    """Let SIGINT end us as Ctrl-C does also where a shell started us in the background, with SIGINT ignored."""
    signal.signal(signal.SIGINT, signal.default_int_handler)
