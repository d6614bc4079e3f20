"""The command that verifies says what it looked at, what it found, and when there was nothing to look at."""

import json
import secrets
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any
from unittest.mock import Mock

import pytest
from botocore.exceptions import ClientError
from typer.testing import CliRunner, Result

from followthrough.aws.seals import S3Seals
from followthrough.ledger.chain import link
from followthrough.ledger.dynamodb.ledger import DynamoLedger
from followthrough.ledger.dynamodb.traces import Traces
from followthrough.ledger.models import Fact, Note
from followthrough.ledger.seals import seal
from infra.cli import trace
from infra.cli.installation import Installation
from infra.cli.main import app
from tests.ledger.samples import NOW, a_context, a_fact
from tests.ledger.tables import Aws
from tests.ledger.writing import save

BUCKET, DAY, EXECUTION = "verified-seals", "2026-11-22", "execution-1"
ACCEPTED = Fact(kind="accepted", step="accept", outcome="open", reason="A text came.")


@dataclass
class Here:
    """A tenant's ledger and seals, and the command run upon them."""

    aws: Aws
    where: Installation
    tenant: str

    @property
    def ledger(self) -> DynamoLedger:
        return self.where.ledger()

    def open(self, execution: str = EXECUTION, days: int = 0, **changes: Any) -> None:
        """Open an execution with a trace of three entries."""
        at = NOW + timedelta(days=days)
        context = a_context(self.tenant, execution, opened_at=at, **changes)
        self.ledger.open(context, Note(at, [ACCEPTED, a_fact("a"), a_fact("b")]))

    def seal(self, hours: float = 1) -> None:
        now = NOW + timedelta(hours=hours)
        seals = S3Seals(self.aws.s3, BUCKET, clock=lambda: now)
        assert seal(Traces(self.aws.dynamodb, "traces"), seals, self.tenant, now) is not None

    def folder(self, path: Path) -> Path:
        """Copy the seals out of their bucket."""
        path.mkdir()
        for kept in self.where.seals().read(self.tenant):
            (path / f"{kept.hour}.json").write_text(kept.text)
        return path

    def delete_context(self, execution: str = EXECUTION) -> None:
        self.aws.dynamodb.delete_item(TableName="executions", Key=self.context_key(execution))

    def context_key(self, execution: str = EXECUTION) -> dict[str, Any]:
        return {"pk": {"S": f"{self.tenant}#execution#{execution}"}, "sk": {"S": "context"}}

    def delete_trace(self, execution: str = EXECUTION) -> None:
        for number in (1, 2, 3):
            key = {"pk": {"S": f"{self.tenant}#{execution}"}, "sk": {"S": f"{number:06}"}}
            self.aws.dynamodb.delete_item(TableName="traces", Key=key)

    def alter(self, **values: str) -> None:
        """Change attributes of the context, as somebody with the right to write can."""
        for name, value in values.items():
            self.aws.dynamodb.update_item(
                TableName="executions",
                Key=self.context_key(),
                UpdateExpression="SET #name = :value",
                ExpressionAttributeNames={"#name": name},
                ExpressionAttributeValues={":value": {"S": value}},
            )

    def run(self, *words: str) -> Result:
        return CliRunner().invoke(app, ["trace", *words])

    def verify(self, *words: str, code: int = 0) -> dict[str, Any]:
        """Run `verify` for the tenant and return what it prints."""
        done = self.run("verify", *words, "--tenant", self.tenant, "--json")
        assert done.exit_code == code, done.output
        printed: dict[str, Any] = json.loads(done.stdout)
        return printed


def faults(found: dict[str, Any]) -> dict[str, str | None]:
    return {it["execution"]: it["fault"] and it["fault"]["flaw"] for it in found["executions"]}


@pytest.fixture(scope="module")
def where(aws: Aws) -> Installation:
    clients = {"dynamodb": aws.dynamodb, "s3": aws.s3, "kms": aws.kms}
    aws.s3.create_bucket(Bucket=BUCKET, ObjectLockEnabledForBucket=True)
    outputs = {
        "Bucket": "tenants",
        "ExecutionsTable": "executions",
        "TracesTable": "traces",
        "SealsBucket": BUCKET,
        "KeysTable": "keys",
        "KeyId": aws.master,
    }
    return Installation(clients.__getitem__, outputs)


@pytest.fixture
def here(aws: Aws, where: Installation, monkeypatch: pytest.MonkeyPatch) -> Here:
    monkeypatch.setattr(trace, "installation", lambda _stage: where)
    return Here(aws, where, f"t{secrets.token_hex(6)}")


@pytest.mark.parametrize(
    "words", [["verify", "NOSUCH"], ["export", "{file}", "--execution", "NOSUCH"], ["why", "NOSUCH", "price"]]
)
def test_an_execution_that_never_was_is_not_verified(here: Here, tmp_path: Path, words: list[str]) -> None:
    """Nothing to look at is no proof, and leaves no file behind: also of the right id under another tenant."""
    here.open()
    file = tmp_path / "traces.jsonl"
    for tenant, execution in ((here.tenant, "NOSUCH"), ("somebody-else", EXECUTION)):
        asked = [word.replace("NOSUCH", execution).format(file=file) for word in words]
        done = here.run(*asked, "--tenant", tenant)
        assert done.exit_code == 1
        assert f"no execution {execution} of {tenant}" in done.stderr
    assert not file.exists()


def test_a_deleted_context_hides_no_execution(here: Here) -> None:
    """The trace is there still: it is verified, and the record's absence is named."""
    here.open()
    here.delete_context()
    assert faults(here.verify(EXECUTION, code=1)) == {EXECUTION: "contradicted"}


def test_a_seal_alone_names_an_execution(here: Here) -> None:
    """Context and trace are deleted: the seal says that there was one, for itself and for its day."""
    here.open()
    here.seal()
    here.delete_context()
    here.delete_trace()
    assert faults(here.verify(EXECUTION, code=1)) == {EXECUTION: "truncated"}
    assert faults(here.verify("--day", DAY, code=1)) == {EXECUTION: "truncated"}


def test_a_deleted_trace_is_not_an_unknown_execution(here: Here) -> None:
    """Whoever asks for the trace of an execution whose records are there is told that it is gone."""
    here.open()
    here.delete_trace()
    for words in (["export", "-", "--execution", EXECUTION], ["why", EXECUTION, "price"]):
        done = here.run(*words, "--tenant", here.tenant)
        assert done.exit_code == 1
        assert f"the trace of execution {EXECUTION} of {here.tenant} is gone" in done.stderr


def test_a_day_of_nobody_is_not_verified(here: Here) -> None:
    """A mistyped tenant, or a day on which nothing happened, is no day that verifies."""
    found = here.verify("--day", DAY, code=1)
    assert (found["verified"], found["problems"]) == (False, [f"there is nothing of {here.tenant} on {DAY}"])


def test_a_late_seal_counts_for_every_day_that_it_covers(here: Here) -> None:
    """A seal that was made days late names executions of an earlier day than its own name."""
    here.open()
    here.seal(hours=40)
    here.delete_context()
    here.delete_trace()
    assert faults(here.verify("--day", DAY, code=1)) == {EXECUTION: "truncated"}


@pytest.fixture
def exported(here: Here, tmp_path: Path) -> Callable[..., list[str]]:
    """Two executions of one day, one of the next, all sealed, and an export with some of them taken out."""
    here.open("execution-0", days=-1)
    here.seal(hours=-23)
    here.seal(hours=-1)
    here.open("execution-1")
    here.open("execution-2")
    here.seal()
    here.open("execution-3", days=1)
    here.seal(hours=25)
    seals = here.folder(tmp_path / "seals")
    file = tmp_path / "traces.jsonl"

    def make(without: str, *words: str) -> list[str]:
        done = here.run("export", str(file), "--tenant", here.tenant, *(words or ("--day", DAY)))
        assert done.exit_code == 0, done.output
        lines = [
            line for line in file.read_text().splitlines(keepends=True) if json.loads(line)["execution"] != without
        ]
        file.write_text("".join(lines))
        return ["--file", str(file), "--seals", str(seals)]

    return make


def test_a_file_that_lacks_a_sealed_execution_is_incomplete(here: Here, exported: Callable[..., list[str]]) -> None:
    """What a seal of the file's day names must be in it; other days are noted where the day is known."""
    assert here.verify(*exported(""), "--day", DAY)["notes"] == ["2 sealed executions are not in this file"]
    here.open("execution-4")
    found = here.verify(*exported("execution-2"), "--day", DAY, code=1)
    assert found["problems"] == ["the file is incomplete: it lacks execution-2, which is sealed"]
    assert len(here.verify(*exported(""), code=1)["problems"]) == 2


def test_an_export_of_one_execution_need_not_hold_others(here: Here, exported: Callable[..., list[str]]) -> None:
    """It verifies, and says how many sealed executions it does not hold."""
    found = here.verify(*exported("", "--execution", "execution-1"))
    assert found["notes"] == ["3 sealed executions are not in this file"]


def test_what_is_personal_is_compared_with_the_right_to_read_it(here: Here) -> None:
    """A plain run cannot see that a value of the context is another than the trace tells; with keys it is named."""
    decided = Fact(
        kind="decided", step="price", outcome="decided", reason="a row", personal={"result": {"amount": 9000}}
    )
    context = a_context(here.tenant, variables={"price": {"amount": 9000}})
    here.ledger.open(context, Note(NOW, [ACCEPTED, decided]))
    assert here.verify(EXECUTION, "--unsealed", "--personal")["verified"]
    kept = here.ledger.load(here.tenant, EXECUTION)
    save(here.ledger, kept.model_copy(update={"variables": {"price": {"amount": 1}}}))
    assert here.verify(EXECUTION, "--unsealed")["verified"]
    assert faults(here.verify(EXECUTION, "--unsealed", "--personal", code=1)) == {EXECUTION: "contradicted"}
    assert faults(here.verify("--day", DAY, "--unsealed", "--personal", code=1)) == {EXECUTION: "contradicted"}


@pytest.mark.parametrize("changes", [{"status": "odd"}, {"opened_at": "long ago"}], ids=["status", "time"])
def test_a_malformed_context_does_not_end_the_day(here: Here, changes: dict[str, str]) -> None:
    """It is the fault of its own execution, by name; the others of the day are verified."""
    here.open()
    here.open("execution-2")
    here.alter(**changes)
    found = here.verify("--day", DAY, "--unsealed", code=1)
    assert faults(found) == {EXECUTION: "unreadable", "execution-2": None}
    [explanation] = [it["fault"]["explanation"] for it in found["executions"] if it["fault"]]
    assert explanation == f"its context cannot be read: {next(iter(changes))} is not as we write it"


def test_an_item_with_a_key_that_is_no_number_is_named(here: Here) -> None:
    """What stands behind a trace under another kind of key is a fault of that execution alone."""
    here.open()
    here.open("execution-2")
    item = {"pk": {"S": f"{here.tenant}#{EXECUTION}"}, "sk": {"S": "last"}, "body": {"S": "{}"}}
    here.aws.dynamodb.put_item(TableName="traces", Item=item)
    found = here.verify("--day", DAY, "--unsealed", code=1)
    assert faults(found) == {EXECUTION: "unreadable", "execution-2": None}


def test_an_entry_of_a_foreign_form_is_named(here: Here) -> None:
    """An entry that was appended by hand, with a sound hash and nothing of ours in it, does not pass."""
    here.open()
    last = here.ledger.trace(here.tenant, EXECUTION)[-1]
    body = json.dumps({"tenant": here.tenant, "execution": EXECUTION, "sequence": 4, "subject": "subject-1"})
    texts = {"pk": f"{here.tenant}#{EXECUTION}", "sk": "000004", "body": body, "previous": last.hash}
    item = {name: {"S": text} for name, text in (texts | {"hash": link(last.hash, body)}).items()}
    here.aws.dynamodb.put_item(TableName="traces", Item=item)
    assert faults(here.verify(EXECUTION, "--unsealed", code=1)) == {EXECUTION: "unreadable"}


def test_who_may_not_use_the_keys_is_told_so(here: Here, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the right to what is personal, --personal ends with a sentence; a plain run needs none."""
    here.open()
    denied = ClientError({"Error": {"Code": "AccessDeniedException", "Message": "no"}}, "Decrypt")
    keyless = replace(
        here.where,
        client=lambda name: Mock(**{"decrypt.side_effect": denied}) if name == "kms" else here.where.client(name),
    )
    monkeypatch.setattr(trace, "installation", lambda _stage: keyless)
    done = here.run("verify", EXECUTION, "--tenant", here.tenant, "--unsealed", "--personal")
    assert done.exit_code == 1
    assert "not everything can be read (AccessDeniedException)" in done.stderr
    assert here.verify(EXECUTION, "--unsealed")["verified"]
