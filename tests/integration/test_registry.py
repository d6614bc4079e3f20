"""The adapters by name."""

import subprocess
import sys
from dataclasses import fields

import pytest
from pydantic import ValidationError

from followthrough.contracts.messaging import FindSent, Sent
from followthrough.contracts.settings import StageSettings, from_stage
from followthrough.integration.registry import ADAPTERS, UnknownAdapterError, connect, load, operations, settings_of


@pytest.mark.parametrize("name", sorted(ADAPTERS))
def test_every_adapter_is_what_its_name_says(name: str) -> None:
    """The name in tenant YAML leads to the class of that name, with operations and settings."""
    assert load(name).name == name
    assert operations()[name] == load(name).operations
    assert settings_of()[name] is load(name).Settings


@pytest.mark.parametrize("name", sorted(ADAPTERS))
def test_every_undo_and_every_creation_is_an_operation(name: str) -> None:
    """What an operation points to exists beside it."""
    declared = load(name).operations
    pointed_to = {name for one in declared.values() for name in (one.undo, one.creates) if name}
    assert pointed_to <= set(declared)


@pytest.mark.parametrize("name", sorted(ADAPTERS))
def test_whoever_can_be_asked_for_a_report_takes_its_id(name: str) -> None:
    """The operation that reads how words stand is there, and is asked and answers as the confirmation layer expects."""
    declared = load(name).operations
    for one in declared.values():
        if one.reported is not None and one.reported.ask is not None:
            asked = declared[one.reported.ask]
            assert (asked.kind, asked.takes, asked.gives, asked.many) == ("read", FindSent, Sent, False)


@pytest.mark.parametrize("name", sorted(ADAPTERS))
def test_the_stage_has_what_it_fills_in(name: str) -> None:
    """A setting that the stage fills in is one that every stage has, and publishing can do without it."""
    settings = load(name).Settings
    assert from_stage(settings) <= {known.name for known in fields(StageSettings)}
    assert not any(settings.model_fields[filled].is_required() for filled in from_stage(settings))


def test_who_reports_on_words() -> None:
    """Carriers of texts and mail tell what became of them; SNS never tells who got a notice by mail."""
    reporting = {(name, one) for name, can in operations().items() for one in can if can[one].reported is not None}
    assert reporting == {("twilio", "send"), ("ses", "send")}


def test_an_unknown_name_is_told_the_known_ones() -> None:
    """The operator sees what there is."""
    with pytest.raises(UnknownAdapterError) as unknown:
        load("hubspt")
    assert str(unknown.value) == ("there is no adapter 'hubspt'; there are cal_com, hubspot, ses, sns, stripe, twilio")
    assert isinstance(unknown.value, KeyError)


def test_an_adapter_is_connected_from_plain_settings() -> None:
    """Settings and secret come as they are stored; what does not fit is refused."""
    secret = {"account_sid": "AC1", "auth_token": "token"}
    assert connect("twilio", {"from": "+13125550100"}, secret, "http://127.0.0.1:9").name == "twilio"
    with pytest.raises(ValidationError):
        connect("twilio", {"form": "+13125550100"}, secret)


def test_declaring_costs_no_vendors_package() -> None:
    """Publishing and deciding look at the manifests of all adapters, and import none of the packages behind them."""
    look = (
        "import sys; from followthrough.integration.registry import operations, settings_of; "
        "operations(); settings_of(); "
        "print(*sorted({'stripe', 'twilio', 'boto3', 'botocore', 'requests'} & set(sys.modules)))"
    )
    seen = subprocess.run([sys.executable, "-c", look], capture_output=True, text=True, check=True)
    assert seen.stdout.strip() == ""
