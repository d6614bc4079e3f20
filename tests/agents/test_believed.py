"""What a system answers, as far as it can be believed; and how long it is waited for."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any, ClassVar

import pytest
from pydantic import BaseModel

from followthrough.contracts.call import Answer, Call
from followthrough.contracts.manifest import Operation
from followthrough.integration.stripe.adapter import Stripe
from followthrough.ledger.models import EffectStatus, Status
from tests.workbench.bench import MAYA, Bench

CLEANING = "I'd like a cleaning next Wednesday at 3 pm"


class Fibbing:
    """The tenant's payments, with something else in their answers than what was done."""

    name: ClassVar[str] = Stripe.name
    Settings: ClassVar[type[BaseModel]] = Stripe.Settings
    Secret: ClassVar[type[BaseModel]] = Stripe.Secret
    operations: ClassVar[Mapping[str, Operation]] = Stripe.operations

    def __init__(self, bench: Bench, fib: Mapping[str, Any], _endpoint: str | None) -> None:
        self._real, self._fib = bench.systems.connections.adapter(bench.case().tenant, "payments"), fib

    def run(self, operation: str, request: BaseModel, call: Call) -> Answer:
        return self._fibbed(operation, self._real.run(operation, request, call))

    def read_back(self, operation: str, request: BaseModel, call: Call) -> Answer | None:
        found = self._real.read_back(operation, request, call)
        return self._fibbed(operation, found) if found else None

    def _fibbed(self, operation: str, answer: Answer) -> Answer:
        if operation != "charge":
            return answer
        assert isinstance(answer.result, BaseModel)
        return replace(answer, result=answer.result.model_copy(update=self._fib))


@pytest.mark.parametrize("fib", [{"amount": -9000}, {"amount": 100}, {"currency": "JPY"}])
def test_an_answer_that_is_not_as_asked_is_no_evidence(bench: Bench, fib: dict[str, Any]) -> None:
    """M1: the charge is unknown, people are told at once, and the customer hears neither a sum nor that they paid."""
    bench.text(MAYA, CLEANING)
    bench.systems.instead["payments"] = Fibbing(bench, fib, None)
    began = bench.clock.now
    (heard,) = bench.text(MAYA, "yes")
    assert bench.effect("payment").status is EffectStatus.UNKNOWN
    assert bench.effect("payment").evidence is None
    assert bench.context().status is Status.FAILED
    assert "$" not in heard
    assert "paid" not in heard
    bodies = bench.notices.bodies()
    assert any("payment" in body and "unsettled" in body for body in bodies), bodies
    assert bench.clock.now - began < timedelta(minutes=5)


def test_who_waits_is_told_once(bench: Bench) -> None:
    """P1: who said yes, and waits for a busy calendar, hears that it takes longer, and then how it went."""
    bench.text(MAYA, CLEANING)
    bench.fault("cal_com", "throttled", "/v2/bookings", method="POST", times=3, seconds=90)
    heard = bench.text(MAYA, "yes")
    assert ["takes a little longer" in words for words in heard] == [True, False]
    assert "Booked" in heard[-1]


def test_a_short_wait_is_not_worth_a_word(bench: Bench) -> None:
    """P1: a few seconds pass without a text."""
    bench.text(MAYA, CLEANING)
    bench.fault("cal_com", "throttled", "/v2/bookings", method="POST", seconds=30)
    assert len(bench.text(MAYA, "yes")) == 1


@pytest.mark.parametrize(("system", "path"), [("hubspot", "/crm/objects/2026-03/contacts"), ("cal_com", "/v2/slots")])
def test_nobody_waits_for_a_day(bench: Bench, system: str, path: str) -> None:
    """P1: a system that asks us to come back tomorrow is not waited for: people are told, and so is the customer."""
    bench.fault(system, "throttled", path, seconds=86_400)
    began = bench.clock.now
    assert "something went wrong" in bench.text(MAYA, CLEANING)[-1]
    assert bench.clock.now - began < timedelta(minutes=10)
    assert any("Not completed" in body for body in bench.notices.bodies())
