"""Read what was done, and the proof of it."""

import json
import sys
from collections.abc import Sequence
from contextlib import nullcontext
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Annotated, Any, NoReturn

import typer
from botocore.exceptions import ClientError
from pydantic import ValidationError
from rich.progress import Progress, track
from rich.table import Column, Table

from followthrough.errors import Missing, StillOpen
from followthrough.ledger import erasure
from followthrough.ledger.dynamodb.ledger import DynamoLedger
from followthrough.ledger.models import Status
from followthrough.ledger.queries import Query
from followthrough.ledger.seals import KeptSeal, hour_before
from followthrough.ledger.verification import Sealed
from infra.cli import export as export_file, proof, show
from infra.cli.installation import Installation
from infra.cli.report import find
from infra.cli.terminal import AsJson, Stage, installation, out, problems, show as show_result, stop
from infra.cli.why import explain
from infra.local.accounts import tenant_names

app = typer.Typer(no_args_is_help=True, help=__doc__)

Tenant = Annotated[str, typer.Option(help="Whose executions.")]
MaybeTenant = Annotated[str | None, typer.Option(help="Whose execution; else every tenant of this checkout is asked.")]
Day = Annotated[str | None, typer.Option(help="A UTC day: 2026-11-22, or `today`.")]


@app.command("show")
def show_trace(execution: str, *, tenant: MaybeTenant = None, stage: Stage = None, as_json: AsJson = False) -> None:
    """Show one execution: its timeline, effects, confirmations and whether its chain verifies."""
    try:
        found = find(installation(stage).ledger(), [tenant] if tenant else tenant_names(), execution)
    except Missing as missing:
        stop(str(missing))
    if as_json:
        typer.echo(json.dumps(found))
        return
    show.show_timeline(out, found)
    show.show_effects(out, found)
    show.show_confirmations(out, found)
    show.show_verdict(out, found)


@app.command("list")
def list_traces(
    *,
    tenant: Tenant,
    day: Day = None,
    party: Annotated[str | None, typer.Option(help="A phone number (E.164), or a subject's id.")] = None,
    service: Annotated[str | None, typer.Option(help="A service of the tenant.")] = None,
    status: Annotated[Status | None, typer.Option(help="How they ended, or `open`.")] = None,
    reference: Annotated[
        str | None, typer.Option(help="A provider's id of a payment, booking or text, or our own eight characters.")
    ] = None,
    limit: Annotated[int, typer.Option(min=1, max=1000)] = 100,
    after: Annotated[str | None, typer.Option(help="Where the page before ended.")] = None,
    stage: Stage = None,
    as_json: AsJson = False,
) -> None:
    """List a tenant's executions by one criterion, newest first; today's if none is given."""
    where = installation(stage)
    asked: dict[str, Any] = {"service": service, "status": status, "reference": reference}
    try:
        if party:
            asked["party"] = erasure.subject_of(where.people(), where.ledger(personal=False), tenant, party)
        if day or not any(asked.values()):
            asked["day"] = _day(day or "today")
        page = where.ledger(personal=False).find(tenant, Query(**asked, limit=limit, after=after))
    except Missing as missing:
        stop(str(missing))
    except ValidationError as error:
        stop("; ".join(it["msg"] for it in error.errors()))
    if as_json:
        typer.echo(json.dumps({"tenant": tenant, **page.model_dump(mode="json")}))
        return
    table = Table(Column("execution", no_wrap=True), "opened", "service", "status", "closed")
    for it in page.executions:
        closed = f"{it.closed_at:%H:%M:%S}" if it.closed_at else ""
        table.add_row(it.execution, f"{it.opened_at:%m-%d %H:%M:%S}", it.service or "", it.status.value, closed)
    out.print(table)
    if page.next:
        out.print(f"more: --after {page.next}", highlight=False)


@app.command()
def why(execution: str, step: str, *, tenant: MaybeTenant = None, stage: Stage = None, as_json: AsJson = False) -> None:
    """Explain a decision in a paragraph: what it looked at, which rule or row fired, and why the others did not."""
    ledger = installation(stage).ledger()
    whose = _tenant_of(ledger, tenant, execution)
    entries = ledger.trace(whose, execution) or _no_trace(ledger, whose, execution)
    try:
        explained = explain(entries, step)
    except Missing as missing:
        stop(str(missing))
    show_result(as_json, explained, [explained["explanation"]])


@app.command()
def verify(
    execution: Annotated[str | None, typer.Argument(help="One execution; else --day, or --file.")] = None,
    *,
    tenant: MaybeTenant = None,
    day: Day = None,
    file: Annotated[Path | None, typer.Option(help="An export, to be verified without any store.")] = None,
    seals: Annotated[Path | None, typer.Option(help="A folder with the tenant's seals, for --file.")] = None,
    unsealed: Annotated[bool, typer.Option("--unsealed", help="Do not read the seals.")] = False,
    personal: Annotated[
        bool, typer.Option("--personal", help="Compare what is personal as well: needs the right to read it.")
    ] = False,
    stage: Stage = None,
    as_json: AsJson = False,
) -> None:
    """Verify one execution, every execution of a day, or an export, and name the first bad entry of each.

    With --file, --day says of which day it is the export.
    """
    try:
        if file is not None:
            found = _verify_file(file, seals, tenant, _day(day) if day else None)
        elif execution is not None:
            where = installation(stage)
            found = _verify_one(where, where.ledger(personal=personal), tenant, execution, unsealed=unsealed)
        elif tenant is not None and day is not None:
            where = installation(stage)
            found = _verify_day(where, where.ledger(personal=personal), tenant, _day(day), unsealed=unsealed)
        else:
            stop("say which execution, or --tenant and --day, or --file")
    except ClientError as error:
        code = error.response["Error"]["Code"]
        stop(f"not everything can be read ({code}): ask for the right to{', or leave out --personal' * personal}")
    show_result(as_json, found, proof.in_words(found))
    raise typer.Exit(0 if found["verified"] else 1)


@app.command()
def export(
    file: Annotated[Path, typer.Argument(help="Where the JSON Lines go; `-` for the terminal.")],
    *,
    tenant: Tenant,
    day: Day = None,
    execution: Annotated[str | None, typer.Option(help="This one alone.")] = None,
    stage: Stage = None,
    as_json: AsJson = False,
) -> None:
    """Export the traces of a day or of one execution as JSON Lines; what is personal stays encrypted."""
    where = installation(stage)
    ledger = where.ledger(personal=False)
    if execution and not ledger.trace(tenant, execution):
        _no_trace(ledger, tenant, execution)
    wanted = [execution] if execution else list(proof.of_day(where, tenant, _day(day or "today")))
    entries = 0
    target = nullcontext(sys.stdout) if str(file) == "-" else file.open("w", encoding="utf-8")
    with Progress(console=problems) as progress, target as lines:
        for one in progress.track(wanted, description="Exporting"):
            for entry in ledger.trace(tenant, one):
                lines.write(export_file.line(entry) + "\n")
                entries += 1
    done = {"file": str(file), "executions": len(wanted), "entries": entries}
    if str(file) != "-":
        show_result(as_json, done, [f"{file}: {entries} entries of {len(wanted)} executions"])


@app.command()
def erase(
    who: Annotated[str | None, typer.Argument(help="A phone number (E.164), or a subject's id.")] = None,
    *,
    tenant: Annotated[str | None, typer.Option(help="Whose customer.")] = None,
    force: Annotated[bool, typer.Option("--force", help="End what is still open for this person.")] = False,
    replay: Annotated[
        bool, typer.Option("--replay", help="After a restore: erase again everybody who was erased.")
    ] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    stage: Stage = None,
    as_json: AsJson = False,
) -> None:
    """Erase a person: their key is destroyed, and nothing personal can be read again. This cannot be undone."""
    erasing = installation(stage).erasing()
    if replay:
        count = erasure.replay(erasing)
        show_result(as_json, {"replayed": count}, [f"{count} erasures were replayed"])
        return
    if who is None or tenant is None:
        stop("say who and --tenant, or --replay")
    if not yes:
        typer.confirm(f"Erase this person of {tenant}? It cannot be undone.", abort=True)
    try:
        erased = erasure.erase(erasing, tenant, who, force=force)
    except StillOpen as refused:
        stop(f"{refused}. Wait until it is closed, or end it with --force: then nothing more is done, undone or told.")
    except Missing as missing:
        stop(str(missing))
    lines = [f"erased; {len(erased.executions)} executions tell nothing personal any more"]
    lines += [f"ended {execution}" for execution in erased.ended]
    lines += [f"still stands: {it['step']} in {it['system']} ({it['status']} {it['evidence']})" for it in erased.stands]
    show_result(as_json, vars(erased), lines)


def _verify_one(
    where: Installation, ledger: DynamoLedger, tenant: str | None, execution: str, *, unsealed: bool
) -> proof.Proof:
    whose = _tenant_of(ledger, tenant, execution)
    sealed = None if unsealed else _seals(where, whose)[0]
    try:
        return proof.as_json([proof.of_execution(ledger, whose, execution, sealed)], sealed, [])
    except Missing as missing:
        stop(str(missing))


def _verify_day(where: Installation, ledger: DynamoLedger, tenant: str, day: date, *, unsealed: bool) -> proof.Proof:
    since = hour_before(f"{day.isoformat()}T00")
    sealed, kept = (None, []) if unsealed else _seals(where, tenant, since)
    named = dict.fromkeys([*proof.of_day(where, tenant, day), *proof.sealed_on(kept, tenant, day)])
    each = track(list(named), description="Verifying", console=problems)
    verdicts = [proof.of_execution(ledger, tenant, it, sealed) for it in each]
    return proof.as_json(verdicts, sealed, [] if verdicts else [f"there is nothing of {tenant} on {day}"])


def _verify_file(file: Path, folder: Path | None, tenant: str | None, day: date | None) -> proof.Proof:
    if folder is not None and tenant is None:
        stop("say --tenant with --seals")
    sealed = proof.seals_in(folder, tenant) if folder and tenant else None
    try:
        with file.open(encoding="utf-8") as lines:
            verdicts, unreadable = proof.of_file(lines, sealed)
    except (OSError, UnicodeDecodeError) as error:
        stop(f"{file} cannot be read: {error}")
    lacks, notes = proof.left_out(verdicts, sealed, day) if sealed else ([], [])
    empty = [] if verdicts or unreadable else [f"{file} holds no entries"]
    return proof.as_json(verdicts, sealed, [*unreadable, *empty, *lacks], notes)


def _seals(where: Installation, tenant: str, since: str = "") -> tuple[Sealed, Sequence[KeptSeal]]:
    try:
        return proof.seals_of(where.seals(), tenant, since)
    except ClientError as error:
        code = error.response["Error"]["Code"]
        stop(f"the seals cannot be read ({code}): ask for the right to, or verify without them by --unsealed")


def _no_trace(ledger: DynamoLedger, tenant: str, execution: str) -> NoReturn:
    if proof.is_known(ledger, tenant, execution):
        stop(f"the trace of execution {execution} of {tenant} is gone: verify it")
    stop(f"no execution {execution} of {tenant}")


def _tenant_of(ledger: DynamoLedger, tenant: str | None, execution: str) -> str:
    """Find the tenant whose execution it is."""
    if tenant is not None:
        return tenant
    found = next((it for it in tenant_names() if proof.is_known(ledger, it, execution)), None)
    return found or stop(
        f"no tenant here has an execution {execution}; say --tenant if it is another's, or was deleted"
    )


def _day(text: str) -> date:
    try:
        return datetime.now(UTC).date() if text == "today" else date.fromisoformat(text)
    except ValueError:
        stop(f"{text!r} is no day: write 2026-11-22")
