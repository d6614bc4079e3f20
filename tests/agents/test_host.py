"""A calendar whose host has the last word, and systems that say in their own way how long they are busy."""

from datetime import timedelta
from typing import Any

import pytest

from followthrough.ledger.models import EffectStatus, Status
from infra.local.accounts import configuration, first_state
from simulation.exchange import Request
from simulation.hubspot.server import HubSpot
from tests.workbench.agreement import disagreements
from tests.workbench.bench import MAYA, Bench
from tests.workbench.world import TENANT

CLEANING = "I'd like a cleaning next Wednesday at 3 pm"
HOST = {"authorization": "Bearer cal_host", "cal-api-version": "2024-08-13"}


def waiting(bench: Bench) -> dict[str, Any]:
    """Let a customer say yes to a booking that waits for its host, and return it, some minutes later."""
    (event_type,) = first_state(configuration(TENANT))["cal_com"]["event_types"]
    bench.sandbox.seed("cal_com", {"event_types": [{**event_type, "confirmed": True}]})
    bench.text(MAYA, CLEANING)
    bench.text(MAYA, "yes", settle=False)
    bench.machines.let_pass(bench.clock.now + timedelta(minutes=10))
    made: dict[str, Any]
    (made,) = [it for it in bench.sandbox.snapshot("cal_com")["bookings"] if it["phone"] == MAYA]
    return made


def says(bench: Bench, booking: str, deed: str) -> None:
    """Let the host say yes or no in Cal.com."""
    booth = bench.sandbox._booth("cal_com")
    with booth.lock:
        assert booth.system.handle(Request("POST", f"/v2/bookings/{booking}/{deed}", {}, HOST)).status == 200


def test_what_waits_for_the_host_is_not_booked(bench: Bench) -> None:
    """CAL-2: nobody hears that it is booked before the host has spoken; with their yes it is, and once."""
    made = waiting(bench)
    assert made["status"] == "pending"
    assert bench.effect("booking").status is EffectStatus.UNKNOWN
    assert not any("Booked" in words for words in bench.heard(MAYA))
    says(bench, made["id"], "confirm")
    bench.settle()
    assert bench.effect("booking").status is EffectStatus.DONE
    assert sum("Booked" in words for words in bench.heard(MAYA)) == 1
    assert [it["status"] for it in bench.sandbox.snapshot("stripe")["payments"]] == ["succeeded"]
    assert disagreements(bench) == []


def test_whom_the_host_rejects_is_refunded_and_told(bench: Bench) -> None:
    """CAL-2: a no of the host's is a no to the customer, who gets the money back and hears so."""
    made = waiting(bench)
    says(bench, made["id"], "decline")
    bench.settle()
    assert bench.effect("booking").status is EffectStatus.NOT_DONE
    assert bench.effect("payment").status is EffectStatus.UNDONE
    assert not any("Booked" in words for words in bench.heard(MAYA))
    assert "did not take the booking" in bench.heard(MAYA)[-1]
    assert len(bench.sandbox.snapshot("stripe")["refunds"]) == 1


def test_a_host_who_never_speaks_is_for_people(bench: Bench) -> None:
    """CAL-2: after an hour people are told, and nobody has heard that the visit stands."""
    waiting(bench)
    bench.settle()
    assert bench.context().status is Status.FAILED
    assert not any("Booked" in words for words in bench.heard(MAYA))
    assert any("booking" in body for body in bench.notices.bodies())


@pytest.mark.parametrize(
    ("system", "path", "seconds"),
    [("cal_com", "/v2/bookings", 60), ("hubspot", "/crm/objects/2026-03/notes", 10), ("cal_com", "/v2/slots", 45)],
)
def test_a_busy_minute_costs_a_minute(bench: Bench, system: str, path: str, seconds: int) -> None:
    """THR-1: a limit that is told without Retry-After is waited out once, and the booking goes on."""
    bench.text(MAYA, CLEANING)
    bench.fault(system, "limited", path, method="POST", seconds=seconds)
    assert "Booked" in bench.text(MAYA, "yes")[-1]
    asked = [it for it in bench.sandbox.requests(system) if it.status == 429]
    assert len(asked) <= 1
    assert disagreements(bench) == []


def test_an_account_that_used_up_its_day_is_not_waited_for(bench: Bench) -> None:
    """THR-1: a customer does not wait until midnight; people are told at once, after one request."""
    bench.fault("hubspot", "limited", "/crm/objects/2026-03/contacts", times=100, seconds=86_400)
    assert "something went wrong" in bench.text(MAYA, CLEANING)[-1]
    refused = [it for it in bench.sandbox.requests("hubspot") if it.status == 429 and "contacts" in it.path]
    assert len(refused) == 1


def test_who_texts_again_within_the_searchs_lag_is_one_person(bench: Bench) -> None:
    """HS-3: HubSpot's search finds a contact minutes after it was created; no second one is created meanwhile."""
    crm = bench.sandbox._booth("hubspot").system
    assert isinstance(crm, HubSpot)
    crm.lag = timedelta(hours=2)
    number = "+13125550199"
    bench.text(number, CLEANING)
    bench.text(number, "no")
    bench.text(number, CLEANING)
    assert len(bench.contexts()) == 2
    assert [it["phone"] for it in bench.sandbox.snapshot("hubspot")["contacts"]].count(number) == 1
    assert disagreements(bench) == []
