"""The process ends in mid-work, anywhere; the machine, the provider or the next text takes it up."""

from collections.abc import Iterable
from typing import Any

import pytest

from followthrough.engine.effects import LEASE
from followthrough.ledger.agreement import disagreement
from followthrough.ledger.chain import verify
from followthrough.ledger.models import TraceEntry
from tests.audit.test_agreement import recorded
from tests.workbench.agreement import disagreements, settled
from tests.workbench.bench import MAYA, Bench
from tests.workbench.watched import Reaper, watched
from tests.workbench.weather import Killed
from tests.workbench.world import World

CLEANING = "I'd like a cleaning next Wednesday at 3 pm"

ONCE = ["accepted", "asked", "ended", "closed"]
"""What a booking is told of once, in this order."""


def booking(here: World, reaper: Reaper) -> Bench:
    """Book, and deliver each text a second time, as a provider does that got no answer."""
    bench = Bench(here, wrap=lambda ports: watched(ports, reaper))
    for number, words in enumerate((CLEANING, "yes"), 1):
        sid = f"SM{number:032x}"
        bench.text(MAYA, words, message=sid)
        bench.text(MAYA, words, message=sid)
    return bench


@pytest.fixture(scope="module")
def undisturbed(here: World) -> tuple[list[str], set[tuple[str, str]]]:
    """Every write of a booking in which nobody dies, and what its trace tells."""
    reaper = Reaper()
    _, entries = recorded(booking(here, reaper), 0)
    return reaper.points, _told(entries)


@pytest.mark.parametrize("part", range(4))
def test_death_at_every_write(here: World, undisturbed: tuple[list[str], set[tuple[str, str]]], part: int) -> None:
    """Wherever the process ends, the booking ends once, its payment and its words too; nobody is left waiting, and
    the trace tells all that it tells of a booking in which nobody died.
    """
    points, told = undisturbed
    assert len(points) > 40
    for at in range(part, len(points), 4):
        reaper = Reaper(at)
        bench = booking(here, reaper)
        where = f"{at}: {reaper.points[at]}, {bench.contexts()[0].status}"
        assert disagreements(bench) == [], where
        assert settled(bench) == [] or _only_unreported(bench), where
        records, entries = recorded(bench, 0)
        assert disagreement(records, entries) is None, where
        assert verify(entries) is None, where
        if not _offers_anew(bench):
            kinds = [entry.fact.kind for entry in entries]
            assert [kind for kind in kinds if kind in ONCE] == ONCE, where
            assert told <= _told(entries), where
            assert [it["status"] for it in bench.sandbox.snapshot("stripe")["payments"]] == ["succeeded"], where
            assert sum("Booked" in words for words in bench.heard(MAYA)) == 1, where
            assert len(bench.contexts()) == 1, where


def _told(entries: Iterable[TraceEntry]) -> set[tuple[str, str]]:
    return {(entry.fact.kind, entry.fact.step) for entry in entries}


def _offers_anew(bench: Bench) -> bool:
    """Tell of the one death that costs the customer something: nobody knows of the hold, so other slots are offered."""
    return any(it.failure == "lapses" for it in bench.effects())


def _only_unreported(bench: Bench) -> bool:
    """Tell whether all is done but for the carrier's word, which died with the process; said again, it closes."""
    receipt = bench.obligations()["customer", "texts"].receipt
    assert receipt is not None
    bench.receipt(receipt.id, "delivered")
    return settled(bench) == []


def test_death_after_the_charge_waits_for_the_lease(here: World) -> None:
    """Who dies after the charge leaves a lease behind; the machine comes back after it, and charges nothing more."""
    died: list[str] = []

    def watch(point: str, about: Any) -> None:
        # What would be written next is that the charge was made.
        if point == "before ledger.write" and not died and any(it.step == "payment" for it in about.effects):
            died.append(point)
            raise Killed

    bench = Bench(here, wrap=lambda ports: watched(ports, watch))
    bench.text(MAYA, CLEANING)
    began = bench.clock.now
    assert "Booked" in bench.text(MAYA, "yes")[-1]
    assert bench.clock.now - began > LEASE
    assert len(bench.sandbox.snapshot("stripe")["payments"]) == 1
    assert bench.effect("payment").attempt == 2
