"""Agents are invoked again: by a machine that lost an answer, or twice at once. Nothing happens twice."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

import pytest

from simulation.executor import Invoke
from tests.workbench.agreement import disagreements, settled
from tests.workbench.bench import DANA, IAN, LUCIA, MAYA, RAY, Bench
from tests.workbench.oddjob import RefusesOnce
from tests.workbench.weather import doubled, lost
from tests.workbench.world import SYSTEMS, TENANT, World

if TYPE_CHECKING:
    from pydantic import BaseModel

Script = tuple[str, list[str]]

SCRIPTS: Mapping[str, Script] = {
    "booked": (MAYA, ["I'd like a cleaning next Wednesday at 3 pm", "yes"]),
    "not understood at first": (MAYA, ["hello", "a cleaning", "next Wednesday at 3 pm", "yes"]),
    "another slot": (MAYA, ["A cleaning next Tuesday at 3 pm please", "next Wednesday at 3 pm", "yes please"]),
    "offers": (LUCIA, ["Quisiera una limpieza dental el martes que viene a las 3 de la tarde", "2", "sí"]),
    "no": (MAYA, ["I'd like a cleaning next Wednesday at 3 pm", "no"]),
    "declined": (DANA, ["I'd like a cleaning next Wednesday at 3 pm", "yes"]),
    "blocked": (RAY, ["I'd like a cleaning next Wednesday at 3 pm"]),
    "cancelled": (IAN, ["I need to cancel my appointment", "yes"]),
    "moved": (IAN, ["can I move my appointment to next Friday at 10 am?", "yes"]),
    "a new patient": ("+13125550199", ["I'd like a cleaning next Wednesday at 3 pm", "yes"]),
    "emergency": (MAYA, ["my tooth hurts a lot, can somebody see me today?", "it broke on a nut", "1", "yes"]),
}

EVERY_WAY: Mapping[str, Callable[[Invoke], Invoke]] = {
    "doubled": doubled,
    "answers lost once": lost(1),
    "answers lost five times": lost(5),
}


PASSING = {
    *("opened_at", "closed_at", "intended_at", "called_at", "leased_until", "at", "until"),
    *("since", "reached_at"),
    *("subject", "version", "owner", "attempt"),
    *("written", "entries", "last_hash"),
}
"""What may differ between two runs of the same: times, random ids, how often it was tried, and the ledger's counts."""


def play(bench: Bench, script: Script) -> None:
    for words in script[1]:
        bench.text(script[0], words)


def ending(bench: Bench) -> dict[str, Any]:
    """Return what there is in the end, but for times, versions, and how often it was tried."""
    obligations = bench.ledger.obligations(TENANT, bench.context().execution)
    records: dict[str, BaseModel] = {
        "context": bench.context(),
        **{it.id: it for it in bench.effects()},
        **{it.id: it for it in obligations},
    }
    return {
        "records": {name: _lasting(record.model_dump(mode="json")) for name, record in records.items()},
        "trace": sorted(set(bench.told())),
        "asked": [it for it in bench.told() if "asked" in it],
        "systems": {name: _lasting(bench.sandbox.snapshot(name)) for name in SYSTEMS},
        "mail": bench.mail.bodies(),
        "notices": bench.notices.bodies(),
        "state": bench.machine().status,
    }


def _lasting(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _lasting(part) for name, part in value.items() if name not in PASSING}
    return [_lasting(part) for part in value] if isinstance(value, list) else value


Once = Mapping[str, tuple[dict[str, Any], int]]


@pytest.fixture(scope="module")
def once(here: World) -> Once:
    """How each script ends when every agent is invoked once, and how many invocations that takes."""
    endings = {}
    for name, script in SCRIPTS.items():
        bench = Bench(here)
        play(bench, script)
        assert bench.context().closed_at is not None
        endings[name] = ending(bench), len(bench.invocations)
    return endings


@pytest.mark.parametrize("way", EVERY_WAY)
@pytest.mark.parametrize("name", SCRIPTS)
def test_repeating_every_invocation_changes_nothing(here: World, once: Once, name: str, way: str) -> None:
    """Whether every agent answers once, runs twice, or loses its answers: the same things are done and said."""
    again = Bench(here, around=EVERY_WAY[way])
    play(again, SCRIPTS[name])
    assert len(again.invocations) > once[name][1]
    assert ending(again) == once[name][0]
    assert disagreements(again) == []
    assert settled(again) == []


@pytest.mark.parametrize("agent", ["identify", "ask", "answer", "retrieve", "decide", "act", "confirm", "undo"])
def test_agent_that_never_answers_ends_the_chain(here: World, agent: str) -> None:
    """An agent whose every answer is lost makes the machine give up; all is undone, and nothing is left pending."""
    bench = Bench(here, around=lost(100, lambda name: name == agent))
    play(bench, SCRIPTS["declined"])
    bench.let_pass(days=2)
    assert disagreements(bench) == []
    assert bench.context().status != "open"
    assert all(effect.status != "done" or effect.undo is None for effect in bench.effects())


def test_end_that_was_decided_stays(here: World) -> None:
    """A chain that was found to fail has failed, even where the step would work when its lost answer is retried."""
    lost_answers: list[str] = []

    def around(invoke: Invoke) -> Invoke:
        def losing(arn: str, payload: dict[str, Any]) -> dict[str, Any]:
            answer = invoke(arn, payload)
            if payload.get("step") == "booking" and not lost_answers:
                lost_answers.append(answer["outcome"])
                raise TimeoutError("the answer was lost")
            return answer

        return losing

    bench = Bench(here, around=around)
    bench.text(MAYA, SCRIPTS["booked"][1][0])
    calendar = here.connections.adapter(bench.case().tenant, "calendar")
    bench.systems.instead["calendar"] = RefusesOnce(calendar, "book")
    (heard,) = bench.text(MAYA, "yes")
    assert lost_answers == ["failed"]
    assert "Booked" not in heard
    assert bench.context().status == "failed"
    assert disagreements(bench) == []
    assert [it["status"] for it in bench.sandbox.snapshot("cal_com")["bookings"]] == ["accepted"]
