"""The whole of the embedded AWS ends in the middle of a conversation, and comes back with what was stored."""

from dataclasses import replace
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from infra.aws import layer
from infra.cli.proof import of_execution
from infra.local.emulator import emulator
from infra.local.standin import standin
from infra.local.world import PUBLIC_URL, settled, systems
from tests.journeys.conversation import ledger_of
from tests.journeys.people import said, weekday
from tests.journeys.stage import PRACTICE, Stage
from tests.journeys.sweeping import await_waits, fall_due, runs, sweep

WANTED = weekday(0, 10)


@pytest.mark.outage
def test_a_conversation_outlives_an_outage_of_everything(tmp_path: Path) -> None:
    """What was under way has failed when everything is back. The customer answers before the sweep comes by, it takes
    up what it finds, and all is booked and told once.
    """
    with systems() as sandbox:
        with standin(endpoints=sandbox.endpoints, public_url=PUBLIC_URL, state=tmp_path) as product:
            stage = Stage.of(settled(product, sandbox))
            talk = stage.conversation(stage.town.customer("Barnaby Winterbourne"))
            talk.ask(f"I'd like a cleaning on {said(WANTED)}")
            await_waits(talk, 1)
        with emulator(layer.interpreter(), urlsplit(product.gateway).port, tmp_path) as aws:
            world = replace(stage.world, standin=replace(product, emulator=aws))
            talk = replace(talk, world=world, ledger=ledger_of(world))
            assert runs(talk) == {talk.execution: "FAILED"}
            talk.say("yes")
            fall_due(talk)
            sweep(world)
            report = talk.ended()
            assert runs(talk) == {talk.execution: "FAILED", f"{talk.execution}-2": "SUCCEEDED"}
            assert of_execution(talk.ledger, PRACTICE, talk.execution, None).fault is None
        assert report["status"] == "completed"
        assert [text.split()[0] for text in talk.phone.heard()[1:]] == ["Booked:"]
        assert len(stage.visits(talk.customer)) == len(stage.payments(talk.customer)) == 1
        assert {effect["outcome"] for effect in report["effects"]} == {"done"}
