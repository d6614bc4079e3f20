"""Records to test with: a customer whose words, name and number must never be found in a store."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from threading import Barrier
from typing import Any, TypeVar

from followthrough.contracts.interaction import Interaction, Sender
from followthrough.ledger.models import Effect, ExecutionContext, Fact, Obligation

_Answer = TypeVar("_Answer")

NOW = datetime(2026, 11, 22, 15, 4, 5, tzinfo=UTC)
PHONE = "+13125550188"
NAME = "Wilhelmina Oyelaran"
WORDS = "my molar aches terribly"
CARD = "4242 4242 4242 4242"
# Long, or with a space in them: a short word alone turns up by chance in two megabytes of ciphertext now and then.
PERSONAL_WORDS = [PHONE, PHONE[1:], "Wilhelmina", "Oyelaran", "my molar", "aches terribly", "4242 4242"]


class HandClock:
    """A clock that is set by hand."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now


def a_context(tenant: str, execution: str = "execution-1", **changes: Any) -> ExecutionContext:
    fields: dict[str, Any] = {
        "tenant": tenant,
        "execution": execution,
        "release": "r1",
        "subject": "subject-1",
        "interaction": "sms-SM1",
        "channel": "sms",
        "language": "en",
        "opened_at": NOW,
        "answers": {"when": ["again", "done"]},
        "inputs": {"why": WORDS},
        "variables": {"patient": {"name": NAME, "phone": PHONE}, "price": {"amount": 12000, "share": 0.5}},
    }
    return ExecutionContext(**{**fields, **changes})


def an_effect(tenant: str, owner: str = "one", **changes: Any) -> Effect:
    fields: dict[str, Any] = {
        "id": "effect-1",
        "tenant": tenant,
        "execution": "execution-1",
        "subject": "subject-1",
        "step": "payment",
        "system": "payments",
        "adapter": "stripe",
        "operation": "charge",
        "owner": owner,
        "leased_until": NOW + timedelta(seconds=60),
        "intended_at": NOW,
        "called_at": NOW,
        "request": {"amount": 12000, "payer": NAME},
    }
    return Effect(**{**fields, **changes})


def an_obligation(tenant: str, **changes: Any) -> Obligation:
    fields: dict[str, Any] = {
        "id": "customer-1",
        "tenant": tenant,
        "execution": "execution-1",
        "subject": "subject-1",
        "party": "customer",
        "name": "customer",
        "ways": ["texts", "mail"],
        "message": "booked",
        "words": f"Dear {NAME}, you are booked.",
    }
    return Obligation(**{**fields, **changes})


def an_interaction(tenant: str, number: int = 1, subject: str = "subject-1", text: str = WORDS) -> Interaction:
    return Interaction(
        id=f"sms-SM{number}",
        tenant=tenant,
        channel="sms",
        sender=Sender(subject=subject, phone=PHONE),
        recipient="+13125550100",
        text=text,
        received_at=NOW + timedelta(seconds=number),
    )


def a_fact(step: str = "identify", **changes: Any) -> Fact:
    fields: dict[str, Any] = {
        "kind": "decided",
        "step": step,
        "outcome": "chosen",
        "reason": "The first rule that fits.",
        "facts": {"row": 1, "score": 0.75},
        "personal": {"said": WORDS},
    }
    return Fact(**{**fields, **changes})


def at_once(times: int, call: Callable[[int], _Answer]) -> list[_Answer]:
    """Call with 0, 1, 2... from as many threads, all let go at the same moment; return the answers in that order."""
    start = Barrier(times)

    def one(number: int) -> _Answer:
        start.wait(30)
        return call(number)

    with ThreadPoolExecutor(times) as threads:
        return list(threads.map(one, range(times)))
