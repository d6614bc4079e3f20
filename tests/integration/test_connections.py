"""A tenant's systems are connected from what the tenant wrote, what it keeps secret and what the stage fills in."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

import boto3
import pytest
from moto import mock_aws

from followthrough.aws.secrets import SecretsManager
from followthrough.contracts.settings import StageSettings
from followthrough.errors import BadSecret
from followthrough.integration.connections import Connections
from followthrough.tenant.models import SystemConfig, Tenant
from infra.local.accounts import SECRETS, configuration

STAGE = StageSettings(
    topic_arn_prefix="arn:aws:sns:us-east-1:1:followthrough-dev-",
    configuration_set="reports",
    senders=lambda tenant: [f"{tenant}.example"],
)


class Vault:
    """The tenants' secrets, which can be replaced; `asked` notes for which systems."""

    def __init__(self) -> None:
        self.token = "first"
        self.asked: list[str] = []

    def secret(self, tenant: str, system: str) -> Mapping[str, str]:
        """Return the secret of one of the tenant's systems."""
        self.asked.append(system)
        return {**SECRETS["twilio"], "auth_token": self.token}


@pytest.fixture
def vault(monkeypatch: pytest.MonkeyPatch) -> Vault:
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    return Vault()


@pytest.fixture
def tenant() -> Tenant:
    return configuration("brightsmile")


@pytest.fixture
def connections(vault: Vault) -> Connections:
    return Connections(vault, {"twilio": "http://127.0.0.1:9"}, STAGE)


def _of(tenant: Tenant, adapter: str) -> str:
    return next(name for name, system in tenant.systems.items() if system.adapter == adapter)


@pytest.mark.parametrize(
    ("adapter", "filled"),
    [
        ("sns", {"topic_arn_prefix": STAGE.topic_arn_prefix}),
        (
            "ses",
            {
                "sender": "hello@brightsmile.example",
                "configuration_set": "reports",
                "senders": ("brightsmile.example",),
            },
        ),
    ],
)
def test_the_stage_fills_in_what_an_adapter_declares(
    adapter: str, filled: dict[str, Any], connections: Connections, vault: Vault, tenant: Tenant
) -> None:
    """By name, beside what the tenant wrote; where there is no secret none is asked for."""
    connected = connections.adapter(tenant, _of(tenant, adapter))
    assert vars(connected)["_settings"].model_dump() == filled
    assert vault.asked == []


def test_the_stages_word_counts_whatever_a_release_says(connections: Connections, tenant: Tenant) -> None:
    """A tenant that came by a setting of the stage's cannot publish to topics that are not its own."""
    mine = SystemConfig(adapter="sns", settings={"topic_arn_prefix": "arn:aws:sns:us-east-1:1:followthrough-prod-"})
    connected = connections.adapter(tenant.model_copy(update={"systems": {"notices": mine}}), "notices")
    assert vars(connected)["_settings"].topic_arn_prefix == STAGE.topic_arn_prefix


def test_a_connection_is_kept_while_its_secret_stays_the_same(
    connections: Connections, vault: Vault, tenant: Tenant
) -> None:
    """Connecting costs; a secret that was replaced must not be used any longer."""
    texts = _of(tenant, "twilio")
    first = connections.adapter(tenant, texts)
    assert connections.adapter(tenant, texts) is first
    vault.token = "second"
    assert connections.adapter(tenant, texts) is not first


NAME = "followthrough/test/tenants/brightsmile/texts"


@pytest.fixture
def kept(monkeypatch: pytest.MonkeyPatch) -> Iterator[Connections]:
    """Connections with the secrets of a stage."""
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "testing")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    with mock_aws():
        yield Connections(SecretsManager(boto3.client("secretsmanager"), "test"), {}, STAGE)


@pytest.mark.parametrize(
    ("secret", "said"),
    [
        (None, f"there is no secret `{NAME}`"),
        ("hush", "is no JSON object of texts"),
        ('["hush"]', "is no JSON object of texts"),
        ('{"account_sid": "AC1", "auth_token": 7}', "is no JSON object of texts"),
        ('{"account_sid": "AC1", "auth_token": ""}', "has nothing under `auth_token`"),
        ('{"account_sid": " ", "auth_token": "hush"}', "has nothing under `account_sid`"),
        ('{"account_sid": "AC1"}', "must hold `account_sid`, `auth_token`, and nothing else"),
        ("{}", "is no JSON object of texts"),
        ('{"account_sid": "AC1", "auth_token": "hush", "token": "hush"}', "and nothing else"),
    ],
)
def test_a_secret_that_opens_nothing_is_told_without_a_word_of_it(
    secret: str | None, said: str, kept: Connections, tenant: Tenant
) -> None:
    """P5: missing, empty, no JSON, no object, too little or too much: named, and never quoted."""
    if secret is not None:
        boto3.client("secretsmanager").create_secret(Name=NAME, SecretString=secret)
    with pytest.raises(BadSecret) as bad:
        kept.adapter(tenant, "texts")
    assert said in str(bad.value)
    assert "hush" not in f"{bad.value!r} {bad.value.__cause__!r}"


def test_a_secret_that_is_about_to_be_deleted_is_none(kept: Connections, tenant: Tenant) -> None:
    """P5: AWS keeps it for some days and gives it to nobody."""
    client = boto3.client("secretsmanager")
    client.create_secret(Name=NAME, SecretString=json.dumps(SECRETS["twilio"]))
    client.delete_secret(SecretId=NAME)
    with pytest.raises(BadSecret, match="about to be deleted"):
        kept.adapter(tenant, "texts")


def test_a_secret_without_a_value_is_none(kept: Connections, tenant: Tenant) -> None:
    """P5: whoever deploys may create the name first and the value later."""
    boto3.client("secretsmanager").create_secret(Name=NAME)
    with pytest.raises(BadSecret, match="there is no secret"):
        kept.adapter(tenant, "texts")
