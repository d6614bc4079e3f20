"""A stage is found by the shell's own credentials, or the command says why not."""

import json

import boto3
import pytest
import typer
from typer.testing import CliRunner

from infra.cli.installation import on_aws
from infra.cli.main import app
from infra.cli.terminal import installation
from infra.local.accounts import TENANTS
from infra.local.emulator import CREDENTIALS
from infra.local.standin import STAGE, Standin


@pytest.fixture
def shell(here: Standin, monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """A shell whose credentials are of the embedded AWS, and of nothing else."""
    for name in ("AWS_PROFILE", "AWS_REGION"):
        monkeypatch.delenv(name, raising=False)
    nothing = {"AWS_CONFIG_FILE": "/nonexistent", "AWS_SHARED_CREDENTIALS_FILE": "/nonexistent"}
    found = {"AWS_ENDPOINT_URL": here.gateway, "AWS_DEFAULT_REGION": here.region, **CREDENTIALS}
    for name, value in {**nothing, **found, "AWS_EC2_METADATA_DISABLED": "true"}.items():
        monkeypatch.setenv(name, value)
    # It remembers whose credentials it found first.
    monkeypatch.setattr(boto3, "DEFAULT_SESSION", None)
    return monkeypatch


def test_a_stage_is_found_by_its_stack(shell: pytest.MonkeyPatch, here: Standin) -> None:
    """Its outputs are all that a command needs to know."""
    assert on_aws(STAGE.name).outputs == here.outputs


@pytest.mark.parametrize(
    ("stage", "gone", "said"),
    [
        ("nosuch", "", "the stage nosuch cannot be found with this shell's credentials"),
        ("dev", "AWS_DEFAULT_REGION", "must specify a region"),
        ("dev", "AWS_ACCESS_KEY_ID", "the stage dev cannot be found with this shell's credentials"),
        ("No Stage", "", "1 to 12 lower-case letters"),
        ("", "", "1 to 12 lower-case letters"),
    ],
)
def test_what_keeps_it_from_being_found_is_said(
    shell: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], stage: str, gone: str, said: str
) -> None:
    """A slip or a missing credential ends the command with a sentence."""
    if gone:
        shell.delenv(gone)
    with pytest.raises(typer.Exit) as ended:
        installation(stage)
    assert ended.value.exit_code == 1
    assert said in capsys.readouterr().err


def test_a_tenant_is_given_its_senders(shell: pytest.MonkeyPatch) -> None:
    """T16: whoever runs the stage gives a tenant its identities by one command, which also shows them."""
    ask = ["senders", "acme", "--stage", STAGE.name, "--json"]
    assert json.loads(CliRunner().invoke(app, ask).output) == {"tenant": "acme", "senders": []}
    given = ["acme.example", "desk@acme.example"]
    assert json.loads(CliRunner().invoke(app, [*ask, *given]).output)["senders"] == given
    assert json.loads(CliRunner().invoke(app, ask).output)["senders"] == given


@pytest.mark.parametrize(
    ("tenant", "identity"),
    [("acme", "a@x.example, b@x.example"), ("acme", "not a domain"), ("Acme", "x.example"), ("acme", "x")],
)
def test_what_is_no_identity_is_not_given(tenant: str, identity: str) -> None:
    """T16: a slip gives nobody anything, and nothing is asked of the stage."""
    done = CliRunner().invoke(app, ["senders", tenant, identity, "--stage", "nosuch"])
    assert done.exit_code == 1
    assert "is neither a mail address nor a domain" in done.output or "is no tenant's name" in done.output


def test_a_file_is_checked_against_a_stage(shell: pytest.MonkeyPatch, here: Standin) -> None:
    """P5: before it is uploaded, a file's operator is told which of the stage's secrets are missing or empty."""
    secrets = here.client("secretsmanager")
    secrets.create_secret(Name="followthrough/dev/tenants/brightsmile/texts", SecretString='{"auth_token": ""}')
    file = str(TENANTS / "brightsmile" / "tenant.yaml")
    answer = CliRunner().invoke(app, ["validate", file, "--stage", "dev", "--json"])
    assert answer.exit_code == 0
    warnings = {it["path"]: it["message"] for it in json.loads(answer.stdout)["warnings"]}
    assert set(warnings) == {f"systems.{it}" for it in ("crm", "calendar", "payments", "texts")}
    assert "there is no secret `followthrough/dev/tenants/brightsmile/crm`" in warnings["systems.crm"]
    assert "nothing under `auth_token`" in warnings["systems.texts"]
    assert json.loads(CliRunner().invoke(app, ["validate", file, "--json"]).stdout)["warnings"] == []
