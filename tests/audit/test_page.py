"""What the page for auditors says can be typed as it stands there."""

import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import typer

from followthrough.ledger.dynamodb import DynamoLedger
from followthrough.ledger.memory import MemoryKeys
from infra.cli import export
from infra.cli.main import app
from infra.local.synth import ROOT
from tests.ledger.samples import NOW, a_context, a_fact
from tests.ledger.tables import Aws
from tests.ledger.writing import append

PAGE = (ROOT / "docs" / "audit.md").read_text()
STATEMENTS = re.findall(r"^SELECT .*followthrough-dev.*$", PAGE, re.MULTILINE)
TENANT = "paged"
VALUES = {
    "tenant": TENANT,
    "execution": "execution-1",
    "day": "2026-11-22",
    "hour": "2026-11-22T15",
    "subject": "subject-1",
    "service": "cleaning",
    "status": "open",
    "reference": "CUTION-1",
}


@pytest.fixture(scope="module")
def ledger(aws: Aws) -> DynamoLedger:
    """One execution with a trace of three entries."""
    made = DynamoLedger(aws.dynamodb, "executions", "traces", MemoryKeys())
    made.open(a_context(TENANT, service="cleaning"))
    append(made, TENANT, "execution-1", "subject-1", NOW, [a_fact("a"), a_fact("b"), a_fact("c")])
    return made


@pytest.mark.parametrize("statement", STATEMENTS)
def test_every_statement_finds_the_execution(aws: Aws, ledger: DynamoLedger, statement: str) -> None:
    """Each access pattern is one statement by key, and answers."""
    for name, value in VALUES.items():
        statement = statement.replace(f"<{name}>", value)
    assert "<" not in statement
    found = aws.dynamodb.execute_statement(Statement=statement.replace("followthrough-dev-", ""))["Items"]
    assert found
    assert "execution-1" in repr(found)


def test_every_access_pattern_has_a_statement() -> None:
    """By key, day, party, service, status, reference and hour, and the trace itself."""
    assert len(STATEMENTS) == 8


def test_the_script_verifies_by_hand(ledger: DynamoLedger, tmp_path: Path) -> None:
    """The page's own lines of Python accept a sound export, and name the entry that was edited."""
    [script] = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)
    (tmp_path / "verify.py").write_text(script)
    lines = "".join(export.line(it) + "\n" for it in ledger.trace(TENANT, "execution-1"))
    for text, code, says in (
        (lines, 0, f"{TENANT}#execution-1 3 "),
        (lines.replace("chosen", "denied", 2), 1, "entry 1 is not what follows entry 0"),
    ):
        (tmp_path / "traces.jsonl").write_text(text)
        command = [sys.executable, "-W", "ignore", str(tmp_path / "verify.py"), str(tmp_path / "traces.jsonl")]
        done = subprocess.run(command, check=False, capture_output=True, text=True)
        assert done.returncode == code
        assert says in done.stdout + done.stderr


def test_every_command_of_the_page_exists() -> None:
    """The page names commands by the names that they have."""
    commands: Any = typer.main.get_command(app)
    named = set(re.findall(r"followthrough trace (\w+)", PAGE))
    assert named == set(commands.commands["trace"].commands)
