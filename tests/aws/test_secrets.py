"""Secrets as they are kept, and what is no secret."""

import json
from collections.abc import Iterator

import boto3
import pytest
from moto import mock_aws

from followthrough.aws.secrets import SecretsManager
from followthrough.contracts.settings import StageSettings
from followthrough.errors import BadSecret, NotReady
from followthrough.integration.connections import Connections
from followthrough.interaction.reception import receive
from followthrough.interaction.sms import SMS
from tests.workbench.bench import MAYA, PRACTICE, Bench
from tests.workbench.world import World, release, world

NAME = "followthrough/test/tenants/brightsmile/texts"
BAD = [
    None,
    "",
    "not json",
    "[]",
    "{}",
    "null",
    '"text"',
    '{"auth_token": ""}',
    '{"auth_token": " "}',
    '{"auth_token": 7}',
]
"""Whatever whoever deploys may have put there; None for nothing."""


@pytest.fixture(scope="module")
def here() -> Iterator[World]:
    with world() as running:
        yield running


@pytest.fixture
def aws() -> Iterator[None]:
    with mock_aws():
        yield


def kept(text: str | None) -> SecretsManager:
    """The texts' secret as it is kept."""
    client = boto3.client("secretsmanager", region_name="us-east-1")
    if text is not None:
        client.create_secret(Name=NAME, SecretString=text or " ")
    return SecretsManager(client, "test")


@pytest.mark.usefixtures("aws")
@pytest.mark.parametrize("text", BAD)
def test_what_is_no_secret_is_said_to_be_none(text: str | None) -> None:
    """P5: a secret that is missing, empty, or no JSON object of texts is named, and none of it is quoted."""
    with pytest.raises(BadSecret, match=NAME) as missing:
        kept(text).secret("brightsmile", "texts")
    assert not text or len(text) < 4 or text not in str(missing.value)


@pytest.mark.parametrize("text", BAD)
def test_nothing_is_taken_in_that_cannot_be_checked(here: World, text: str | None) -> None:
    """P5: a post signed with the empty key opens nothing; it is answered 503, so that the provider comes again."""
    bench = Bench(here)
    form = {"MessageSid": f"SM{1:032x}", "From": MAYA, "To": PRACTICE, "Body": "A cleaning"}
    with mock_aws(), pytest.raises(NotReady):
        receive(SMS, bench.post("sms", form), bench.ports, kept(text))
    assert bench.conversations.interactions == {}


@pytest.mark.usefixtures("aws")
def test_a_secret_of_another_kind_connects_nothing() -> None:
    """P5: an adapter that lacks a part of its secret is not built; which part is said, and nothing of the others."""
    tenant = release().tenant
    connections = Connections(kept(json.dumps({"auth_token": "sesame"})), {}, StageSettings("", "", lambda _tenant: ()))
    with pytest.raises(BadSecret, match="account_sid") as wrong:
        connections.adapter(tenant, "texts")
    assert "sesame" not in str(wrong.value)
