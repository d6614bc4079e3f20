"""Providers that answer nonsense: every operation of every adapter, over real HTTP, its real answer spoiled.

What comes of it is the operation's own answer, where what was spoiled is not read, or a `SystemFailure`; never an error
of Python's, and never an answer of another shape.
"""

import json
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

from pydantic import BaseModel

from followthrough.contracts.adapter import Adapter
from followthrough.errors import SystemFailure
from tests.fuzz.tally import Tally
from tests.integration import test_cal_com, test_hubspot, test_stripe, test_twilio
from tests.integration.contract import CALL, AdapterContract, Trial
from tests.integration.served import Served, served

CONTRACTS: tuple[type[AdapterContract], ...] = (
    test_cal_com.TestCalComContract,
    test_hubspot.TestHubSpotContract,
    test_stripe.TestStripeContract,
    test_twilio.TestTwilioContract,
)
TRIALS = {contract.trial.kind.name: contract.trial for contract in CONTRACTS}

DEEP = 100_000

WHOLE: tuple[bytes, ...] = (
    b"",
    b" ",
    b"null",
    b"true",
    b"0",
    b"[]",
    b"{}",
    b'"text"',
    b"<html><body>502</body></html>",
    b"[" * DEEP,
    b"[" * DEEP + b"]" * DEEP,
    b'{"data":' * DEEP,
    b"\xff\xfe\x00",
    b'{"id": "\xff"}',
    b'{"data": null}',
    b'{"data": [null]}',
    b'{"data": {}}',
    b'{"results": [{}]}',
    b'{"id": NaN}',
    b'{"id": 1e999}',
    b"1" * 5_000,
)
"""Whole bodies."""

PARTS: tuple[Any, ...] = (
    None,
    True,
    -1,
    0,
    2**70,
    0.5,
    "",
    "x" * 20_000,
    "\ud800",
    "\x00",
    "9999-99-99T99:99:99Z",
    "0001-01-01T00:00:00+14:00",
    "9999-12-31T23:59:59-14:00",
    [],
    {},
    [None],
    {"": {}},
)
"""What is put in the place of one value."""

Spoil = Callable[[bytes], bytes]


@dataclass(frozen=True)
class Range:
    """An operation, its adapter, and a system behind a socket, which is new for every shot."""

    trial: Trial
    operation: str
    server: Served
    adapter: Adapter

    def fire(self, spoil: Spoil) -> str:
        """Spoil the answers to the operation; return what came of it: `answered`, or the failure's class."""
        request = self._prepared()
        declared = self.trial.kind.operations[self.operation]
        self.server.spoil = spoil
        try:
            answer = self.adapter.run(self.operation, request, CALL)
            declared.check(self.adapter.name, request, answer, CALL)
        except SystemFailure as failure:
            return type(failure).__name__
        results = answer.result if declared.many else [answer.result]
        assert isinstance(results, list)
        fits = all(isinstance(it, declared.gives) or (it is None and declared.optional) for it in results)
        assert fits, f"{self.operation} gave {[type(it).__name__ for it in results]}"
        for it in results:
            assert not isinstance(it, BaseModel) or type(it).model_validate(it.model_dump()) == it
        return "answered"

    def shots(self) -> Iterator[tuple[str, Spoil]]:
        """Name and yield every way to spoil its answer."""
        for number, body in enumerate(WHOLE):
            yield f"whole {number}", _always(body)
        yield "truncated", _truncated
        for place in range(self._places()):
            for number, value in enumerate(PARTS):
                yield f"place {place} is {number}", _replacing(place, value)

    def _prepared(self) -> BaseModel:
        self.server.system, self.server.spoil = self.trial.system(), None
        return self.trial.prepare[self.operation](self.adapter)

    def _places(self) -> int:
        """Count the values in the largest answer that it gets; of a long list the first elements will do."""
        bodies: list[bytes] = [b""]

        def keep(body: bytes) -> bytes:
            bodies.append(body)
            return body

        request = self._prepared()
        self.server.spoil = keep
        self.adapter.run(self.operation, request, CALL)
        largest = max(bodies, key=len)
        return min(40, len(list(_slots([json.loads(largest)])))) if largest else 0


def fuzz(share: float, seed: int) -> Tally:
    """Fire this share of all shots; return what came of them."""
    chance = random.Random(seed)
    tally = Tally("providers' answers")
    for trial in TRIALS.values():
        with served(trial.system()) as server:
            adapter = trial.build(trial.secret, server.endpoint)
            for operation in trial.kind.operations:
                place = Range(trial, operation, server, adapter)
                for name, spoil in [it for it in place.shots() if chance.random() < share]:
                    tally.count(f"{trial.kind.name}.{operation} {name}", partial(place.fire, spoil))
    return tally


def _always(body: bytes) -> Spoil:
    return lambda _: body


def _truncated(body: bytes) -> bytes:
    return body[: len(body) // 2]


def _replacing(place: int, value: Any) -> Spoil:
    def spoil(body: bytes) -> bytes:
        holder = [json.loads(body) if body else None]
        found = list(_slots(holder))
        container, key = found[place % len(found)]
        container[key] = value
        return json.dumps(holder[0]).encode("utf-8", "surrogatepass")

    return spoil


def _slots(container: Any) -> Iterator[tuple[Any, Any]]:
    """Yield where every value of a JSON value stands, the outermost first."""
    for key in list(container) if isinstance(container, dict) else range(len(container)):
        yield container, key
        if isinstance(container[key], dict | list):
            yield from _slots(container[key])
