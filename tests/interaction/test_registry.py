"""What a channel must be, and that only its own file knows it."""

import subprocess
import sys
from pathlib import Path

import pytest

import followthrough
from followthrough.contracts.interaction import Sender
from followthrough.integration.registry import ADAPTERS, operations
from followthrough.interaction.channel import Channel
from followthrough.interaction.registry import CHANNELS, provided_by
from followthrough.tenant.ways import way

SOURCES = sorted(Path(followthrough.__file__).parent.rglob("*.py"))
EVERY = pytest.mark.parametrize("channel", CHANNELS.values(), ids=lambda channel: channel.name)


@EVERY
def test_only_its_own_file_names_a_channel(channel: Channel) -> None:
    """A channel's name is written once: whoever else needs it has the channel."""
    written = (f'"{channel.name}"', f"'{channel.name}'")
    naming = [source.name for source in SOURCES if any(name in source.read_text("utf-8") for name in written)]
    assert naming == [f"{channel.name}.py"]


@EVERY
def test_twiml_is_answered_only_to_twilio(channel: Channel) -> None:
    """No other provider is sent Twilio's markup."""
    assert ("<Response" in channel.accepted.body) == ("twilio" in channel.providers)


@EVERY
def test_its_providers_send_its_words(channel: Channel) -> None:
    """Every system that may provide a channel has an operation that takes the words which go back."""
    words = channel.words(Sender(subject="s", phone="+13125550142"), "hello", None)
    assert channel.providers <= set(ADAPTERS)
    for adapter in channel.providers:
        found = way(operations()[adapter])
        assert found is not None
        assert type(words) is operations()[adapter][found[0]].takes
        assert channel in provided_by(adapter)


@EVERY
def test_nobody_without_an_address_is_written_to(channel: Channel) -> None:
    """Who was erased has no address any more."""
    assert channel.words(Sender(subject="s"), "hello", None) is None


def test_channels_cost_agents_nothing() -> None:
    """Agents look up how words go back: what only verifies and reads posts is not imported for it."""
    code = "import sys, followthrough.interaction.registry; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert {"twilio", "phonenumbers"}.isdisjoint(done.stdout.split())
