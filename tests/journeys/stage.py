"""Journeys are played side by side, as soon as the world is up, and each test looks at how one of them ended.

@journey
def booked(stage: Stage) -> Ended:
    ...

def test_it(booked: Ended) -> None:
    ...
"""

from collections.abc import Callable, Collection
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final, TypeVar

import httpx
import pytest

from followthrough.ledger.dynamodb.ledger import DynamoLedger
from infra.cli.installation import Installation
from infra.local.accounts import configuration, number_of
from infra.local.phone import Phone
from infra.local.world import PUBLIC_URL, World
from tests.journeys.conversation import Conversation, ledger_of
from tests.journeys.people import Customer, Town

AT_ONCE = 5
"""How many journeys are under way together: more would only wait for the same processors."""

PRACTICE = "brightsmile"
_Told = TypeVar("_Told")
PLAYS: Final[dict[str, Callable[["Stage"], Any]]] = {}


@dataclass
class Stage:
    """What a journey may use."""

    world: World
    town: Town
    ledger: DynamoLedger
    _playing: dict[str, Future[Any]] = field(default_factory=dict)

    @classmethod
    def of(cls, world: World) -> "Stage":
        """Set a world's stage."""
        return cls(world, Town(world), ledger_of(world))

    def conversation(self, customer: Customer, tenant: str = PRACTICE, to: str = "") -> Conversation:
        """Give a customer a phone; `to` is the tenant's number, of the practice if not said."""
        to = to or number_of(configuration(PRACTICE))
        twilio = self.world.sandbox.endpoints["twilio"]
        phone = Phone(self.world.standin.api, PUBLIC_URL, twilio, tenant, customer.phone, to)
        return Conversation(self.world, self.ledger, customer, phone)

    def visits(self, customer: Customer) -> list[dict[str, Any]]:
        """What the calendar has under a customer's number, by time."""
        bookings = self.world.sandbox.snapshot("cal_com")["bookings"]
        return [booking for booking in bookings if booking["phone"] == customer.phone]

    def held(self, start: datetime) -> bool:
        """Tell whether a time is held in the calendar."""
        reservations = self.world.sandbox.snapshot("cal_com")["reservations"]
        return any(reserved["start"] == start.isoformat() for reserved in reservations)

    def payments(self, customer: Customer) -> list[dict[str, Any]]:
        """What a customer's card was charged, or failed to be."""
        payments = self.world.sandbox.snapshot("stripe")["payments"]
        return [payment for payment in payments if payment["customer"] == customer.payer]

    def notes(self, customer: Customer) -> list[str]:
        """What is written in a customer's file."""
        contacts = self.world.sandbox.snapshot("hubspot")["contacts"]
        (notes,) = [contact["notes"] for contact in contacts if contact["id"] == customer.person]
        return list(notes)

    def received(self, talk: Conversation) -> datetime:
        """When ingress received the last text of a conversation."""
        standin = self.world.standin
        conversations = Installation(standin.client, standin.outputs).conversations()
        return conversations.interaction(talk.phone.tenant, f"sms-{talk.messages[-1]}").received_at

    def live(self, tenant: str) -> str:
        """Which release of a tenant takes new interactions."""
        standin = self.world.standin
        key = {"pk": {"S": tenant}, "sk": {"S": "live"}}
        item = standin.client("dynamodb").get_item(TableName=standin.outputs["TenantsTable"], Key=key)["Item"]
        return str(item["release"]["S"])

    def mails(self) -> list[dict[str, Any]]:
        """Every mail that was sent."""
        sent = httpx.get(f"{self.world.standin.gateway}/_ministack/ses/messages", timeout=10, trust_env=False).json()
        return [mail for account in sent["messages"].values() for mail in account]

    def play(self, pool: ThreadPoolExecutor, names: Collection[str]) -> None:
        """Begin these journeys."""
        self._playing = {name: pool.submit(play, self) for name, play in PLAYS.items() if name in names}

    def end_of(self, name: str) -> Any:
        """Wait until a journey is over, and return how it ended."""
        return self._playing[name].result()

    def all_over(self) -> None:
        """Wait until every journey is over, however it ended."""
        wait(self._playing.values())


def journey(play: Callable[[Stage], _Told]) -> Any:
    """Play this as soon as the world is up, if any test asks for it; its name is the fixture of how it ended."""
    PLAYS[play.__name__] = play

    @pytest.fixture(scope="session", name=play.__name__)
    def ended(stage: Stage) -> Any:
        return stage.end_of(play.__name__)

    return ended
