"""What is true of one channel. Everywhere else a channel is data: its name, and what stands here."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from pydantic import BaseModel

from followthrough.contracts.consent import Signal
from followthrough.contracts.interaction import Sender
from followthrough.contracts.report import DeliveryReport
from followthrough.interaction.post import Post, Response

Secret = Mapping[str, str]
"""The secret of the tenant's system that provides the channel."""


class Said(NamedTuple):
    """What a party said: the provider's id of it, who spoke (`phone` in E.164; None where the `address` is no person's
    number) to which of the tenant's addresses, and the words. `signal` is what the provider took them for, `aside` why
    they are neither answered nor acted on.
    """

    message: str
    address: str
    phone: str | None
    recipient: str
    text: str
    signal: Signal | None = None
    aside: str | None = None


@dataclass(frozen=True)
class Channel:
    """One way in, and back.

    Messages are posted to `/v1/<tenant>/<name>`, and what became of ours to `/v1/<tenant>/<name>/status`. `providers`
    are the adapters of systems that may provide it. `read` and `read_report` check a post and normalise it, and raise
    NotAccepted; a report that settles nothing is None. `accepted` is what the provider is answered. `words` puts words
    to a party into the record that the provider's system sends; `report_to` is where it is to report on them; None
    where the party has no such address.
    """

    name: str
    providers: frozenset[str]
    read: Callable[[Post, Secret], Said]
    read_report: Callable[[Post, Secret], DeliveryReport | None]
    accepted: Response
    words: Callable[[Sender, str, str | None], BaseModel | None]

    def path(self, tenant: str) -> str:
        """Return where messages to a tenant are posted."""
        return f"/v1/{tenant}/{self.name}"

    def status_path(self, tenant: str) -> str:
        """Return where a provider reports on messages of a tenant."""
        return f"{self.path(tenant)}/status"
