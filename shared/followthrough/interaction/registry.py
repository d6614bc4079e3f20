"""Every channel by the name that tenants write."""

from collections.abc import Iterator, Mapping
from typing import Final

from followthrough.interaction.channel import Channel
from followthrough.interaction.sms import SMS

CHANNELS: Final[Mapping[str, Channel]] = {channel.name: channel for channel in (SMS,)}


def providers() -> dict[str, frozenset[str]]:
    """Return the adapters that may provide each channel."""
    return {name: channel.providers for name, channel in CHANNELS.items()}


def provided_by(adapter: str) -> Iterator[Channel]:
    """Yield the channels that systems of this adapter may provide."""
    return (channel for channel in CHANNELS.values() if adapter in channel.providers)
