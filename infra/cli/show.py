"""Draw reports for people."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from rich.console import Console
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from infra.cli.report import Report

_COLOURS = {
    "done": "green",
    "completed": "green",
    "delivered": "green",
    "sent": "green",
    "taken": "yellow",
    "later": "yellow",
    "offered": "yellow",
    "refused": "red",
    "failed": "red",
    "not done": "red",
    "unknown": "red",
    "exhausted": "red",
}


def show_conversation(console: Console, conversation: Sequence[Mapping[str, str]]) -> None:
    """Draw what was said, the customer on the right."""
    console.rule("[bold]The conversation")
    for said in conversation:
        customer = said["from"] == "customer"
        panel = Panel(
            Text(said["text"]), title=said["from"], title_align="left", border_style="cyan" if customer else "magenta"
        )
        console.print(panel, justify="right" if customer else "left", width=min(console.width, 76))


def show_timeline(console: Console, report: Report) -> None:
    """Draw every entry of the trace: what each agent did, and why."""
    table = _table(
        "The timeline: every agent, what came of it, and why", "#", "time", "agent", "step", "outcome", "reason"
    )
    for line in report["timeline"]:
        time = f"{datetime.fromisoformat(line['at']):%H:%M:%S.%f}"[:-3]
        table.add_row(
            str(line["sequence"]), time, line["kind"], line["step"], _coloured(line["outcome"]), line["reason"]
        )
    console.print(table)


def show_effects(console: Console, report: Report) -> None:
    """Draw what was done in which system, with the provider's evidence."""
    table = _table(
        "What was done, and the provider's evidence", "system", "adapter", "operation", "outcome", "evidence"
    )
    for effect in report["effects"]:
        evidence = effect["evidence"]
        proof = f"{evidence['id']} ({evidence['status']})" if evidence else effect["failure"] or ""
        table.add_row(effect["system"], effect["adapter"], effect["operation"], _coloured(effect["outcome"]), proof)
    console.print(table)


def show_confirmations(console: Console, report: Report) -> None:
    """Draw who was told what, by which way, with the receipt."""
    table = _table("Who was told", "party", "to", "by", "status", "receipt", "words")
    for party, confirmation in report["confirmations"].items():
        for it in confirmation["receipts"]:
            receipt = it["receipt"]["id"] if it["receipt"] else ""
            table.add_row(party, it["to"], it["way"] or "", _coloured(it["status"]), receipt, it["words"] or "")
    console.print(table)


def show_systems(console: Console, before: Mapping[str, Any], after: Mapping[str, Any]) -> None:
    """Draw what each outside system holds after, with what is new since before marked by a plus."""
    for name, state in after.items():
        table = _table(f"{name}: before and after", "kind", "before", "after, with what is new")
        for kind, things in state.items():
            earlier = _things(before.get(name, {}).get(kind, []))
            later = _things(things)
            new = [thing for thing in later if thing not in earlier]
            table.add_row(kind, str(len(earlier)), "\n".join([str(len(later)), *(f"+ {thing}" for thing in new)]))
        console.print(table)


def show_verdict(console: Console, report: Report) -> None:
    """Draw the last line: the status, and whether the chain holds."""
    trace = report["trace"]
    proof = "the chain verifies" if trace["verified"] else f"the chain is broken: {trace['fault']}"
    closed = "closed" if report["closed"] else "not closed yet"
    words = (
        f"{report['service'] or 'no service'}: {report['status']}, {closed}; {trace['entries']} trace entries, {proof}"
    )
    console.print(
        Panel(words, title=f"execution {report['execution']}", border_style="green" if trace["verified"] else "red")
    )


def _things(value: Any) -> list[str]:
    """Put a system's state into lines, one per thing."""
    if isinstance(value, Mapping):
        return [f"{key}: {_words(thing)}" for key, thing in value.items()]
    return [_words(thing) for thing in value] if isinstance(value, list) else [str(value)]


def _words(thing: Any) -> str:
    if isinstance(thing, Mapping):
        return ", ".join(f"{key} {_words(value)}" for key, value in thing.items() if value not in (None, "", [], {}))
    return "; ".join(_words(one) for one in thing) if isinstance(thing, list) else str(thing)


def _table(title: str, *columns: str) -> Table:
    table = Table(title=title, title_justify="left", title_style="bold", expand=True, show_lines=False)
    for column in columns:
        table.add_column(column, overflow="fold")
    return table


def _coloured(outcome: str) -> Text:
    return Text(outcome, style=_COLOURS.get(outcome, ""))
