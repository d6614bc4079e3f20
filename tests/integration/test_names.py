"""Names that are joined of a tenant's and something of its own: no two tenants ever share one."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest
from hypothesis import given, settings, strategies as st

from followthrough.aws.bodies import S3Bodies
from followthrough.aws.secrets import SecretsManager
from followthrough.aws.step_functions import StepFunctions
from followthrough.contracts.messaging import topic_name
from followthrough.interaction.registry import CHANNELS
from followthrough.ledger.dynamodb.references import context_pk, conversation_pk, reference_pk
from followthrough.tenant.models import TENANT, Operator
from infra.aws.stage import Stage

# Few letters, so that what could be one name is drawn soon.
tenants = st.from_regex("[ad][ad-]{0,6}", fullmatch=True).filter(lambda name: re.fullmatch(TENANT, name))
topics = st.from_regex("[ad][ad-]{0,6}", fullmatch=True).filter(lambda name: bool(Operator(topic=name)))
systems = st.from_regex("[ad][ad_]{0,6}", fullmatch=True)
ids = st.text("0a", min_size=16, max_size=16)


@dataclass
class Noted:
    """A client of AWS that only notes which names it is asked for."""

    names: list[str] = field(default_factory=list)

    def get_secret_value(self, SecretId: str) -> dict[str, str]:  # noqa: N803  AWS's name
        self.names.append(SecretId)
        return {"SecretString": '{"key": "sesame"}'}

    def create_state_machine(self, name: str, **_more: Any) -> None:
        self.names.append(name)

    def put_object(self, Key: str, **_more: Any) -> None:  # noqa: N803  AWS's name
        self.names.append(Key)


def _machine(tenant: str, release: str) -> str:
    client: Any = Noted()
    StepFunctions(client, "arn:stateMachine:followthrough-dev-").create(tenant, release, {}, "role")
    return str(client.names[0])


def _secret(tenant: str, system: str) -> str:
    client: Any = Noted()
    SecretsManager(client, "dev").secret(tenant, system)
    return str(client.names[0])


def _body(tenant: str, text: str) -> str:
    client: Any = Noted()
    S3Bodies(client, "bucket").keep(tenant, text)
    return str(client.names[0])


NAMES: dict[str, tuple[Callable[[str, str], str], st.SearchStrategy[str]]] = {
    "topic": (topic_name, topics),
    "machine": (_machine, ids),
    "secret": (_secret, systems),
    "large entry": (_body, ids),
    "path": (lambda tenant, channel: CHANNELS["sms"].path(tenant) + channel, st.just("")),
    "execution": (context_pk, ids),
    "conversation": (conversation_pk, ids),
    "reference": (reference_pk, st.from_regex("[A-Z#-]{1,5}", fullmatch=True)),
}


@pytest.mark.parametrize("kind", NAMES)
@settings(max_examples=400, deadline=None)
@given(data=st.data())
def test_two_tenants_never_share_a_name(kind: str, data: st.DataObject) -> None:
    """T15: two pairs of a tenant and something of its own have one name only where they are one pair."""
    join, parts = NAMES[kind]
    first, second = (data.draw(st.tuples(tenants, parts)) for _ in range(2))
    assert (join(*first) == join(*second)) == (first == second)


def test_the_pair_that_was_one() -> None:
    """T15: `molar-front-desk` of `dark` and `front-desk` of `dark-molar` are two topics."""
    assert topic_name("dark", "molar-front-desk") != topic_name("dark-molar", "front-desk")


@given(tenants, topics)
def test_no_tenants_topic_is_the_stages_own(tenant: str, topic: str) -> None:
    """T15: the stage's own topics are no tenant's, whatever it calls itself and its topics."""
    own = {f"{Stage().prefix}-operators", f"{Stage().prefix}-mailreports"}
    assert f"{Stage().prefix}-{topic_name(tenant, topic)}" not in own
    assert re.fullmatch(r"[A-Za-z0-9_-]{1,256}", f"{Stage().prefix}-{topic_name(tenant, topic)}")
