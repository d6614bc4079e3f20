"""What every command shares: its options, where it prints, and which installation it speaks to."""

import json
from typing import Annotated, Any, NoReturn

import typer
from rich.console import Console

from infra.cli.installation import Installation, NotRunningError, Running, on_aws, running

AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON object instead of a picture.")]
Stage = Annotated[
    str | None, typer.Option(help="A stage on AWS, with the shell's credentials; else the running `dev`.")
]

out = Console()
problems = Console(stderr=True)


def installation(stage: str | None) -> Installation:
    """Return the stage's installation, else that of the running `dev`; the command ends when there is none."""
    if stage is None:
        return here().installation()
    try:
        return on_aws(stage)
    except NotRunningError as error:
        stop(str(error))


def here() -> Running:
    """Return the running `dev`; the command ends when there is none."""
    try:
        return running()
    except NotRunningError as error:
        stop(str(error))


def show(as_json: bool, result: dict[str, Any], lines: list[str]) -> None:
    """Print the result as JSON, or the lines."""
    typer.echo(json.dumps(result) if as_json else "\n".join(lines))


def stop(message: str) -> NoReturn:
    """End the command with a message and exit code 1."""
    # Not by Rich: it would break the lines, and take brackets in a message for markup.
    typer.secho(message, fg=typer.colors.RED, err=True)
    raise typer.Exit(1)
