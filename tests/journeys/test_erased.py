"""A customer asks to be forgotten: nothing of theirs can be read again, and the proof of what was done stays."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from followthrough.errors import StillOpen
from followthrough.ledger import erasure
from infra.cli import proof
from infra.cli.installation import Installation
from tests.journeys import holdings
from tests.journeys.conversation import Ended, over
from tests.journeys.people import said, weekday
from tests.journeys.stage import PRACTICE, Stage, journey

WANTED = weekday(9, 11)
MAIL = "ottoline@fernsby.example"


@dataclass(frozen=True)
class Forgotten:
    """What was readable before, after the erasure, and after yesterday's tables were put back and erased again."""

    ended: Ended
    refused: str
    erased: erasure.Erased
    before: str
    after: str
    restored: str
    replayed: str
    restored_subject: str | None
    known_after: str | None
    verified: bool


@journey
def forgotten(stage: Stage) -> Forgotten:
    customer = stage.town.customer("Ottoline Fernsby", tier="gold")
    talk = stage.conversation(customer)
    talk.ask(f"I'd like a cleaning on {said(WANTED)}, and write to {MAIL}")
    refused = ""
    try:
        erasure.erase(_there(stage).erasing(), PRACTICE, customer.phone)
    except StillOpen as error:
        refused = str(error)
    talk.ask("yes please")
    ended = over(talk)
    before, backup = _readable(stage, ended), list(_own_items(stage, ended))
    erased = erasure.erase(_there(stage).erasing(), PRACTICE, customer.phone)
    after = _readable(stage, ended)
    sealed, _ = proof.seals_of(_there(stage).seals(), PRACTICE)
    verdict = proof.of_execution(_there(stage).ledger(), PRACTICE, ended.execution, sealed)
    known_after = _there(stage).people().known(PRACTICE, customer.phone)
    for table, item in backup:
        stage.world.standin.client("dynamodb").put_item(TableName=table, Item=item)
    restored, restored_subject = _readable(stage, ended), _there(stage).people().known(PRACTICE, customer.phone)
    erasure.replay(_there(stage).erasing())
    return Forgotten(
        ended,
        refused,
        erased,
        before,
        after,
        restored,
        _readable(stage, ended),
        restored_subject,
        known_after,
        verdict.fault is None,
    )


def _there(stage: Stage) -> Installation:
    """The installation as a new process finds it: nothing is remembered."""
    return Installation(stage.world.standin.client, stage.world.standin.outputs)


def _own_items(stage: Stage, ended: Ended) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every item of this execution and of its subject, as the tables hold them, but for the trace."""
    ledger = _there(stage).ledger()
    context = ledger.load(PRACTICE, ended.execution)
    own = (context.subject, ended.execution, context.interaction)
    for table in ("executions", "subjects", "keys"):
        for item in holdings._items(stage.world, table):
            text = json.dumps(item, default=str)
            if any(one in text for one in own):
                yield stage.world.standin.outputs[f"{table.capitalize()}Table"], item


def _readable(stage: Stage, ended: Ended) -> str:
    """Everything that the product reads of the execution with all rights, as text."""
    ledger, conversations = _there(stage).ledger(), _there(stage).conversations()
    context = ledger.load(PRACTICE, ended.execution)
    return repr(
        [
            context,
            ledger.effects(PRACTICE, ended.execution),
            ledger.obligations(PRACTICE, ended.execution),
            [entry.fact for entry in ledger.trace(PRACTICE, ended.execution)],
            [conversations.interaction(PRACTICE, interaction) for interaction in context.read],
            conversations.taken(PRACTICE, context.subject, ended.execution),
        ]
    )


def _found(text: str, it: Forgotten) -> list[str]:
    own = [*it.ended.customer.name.split(), it.ended.customer.phone[1:], "cleaning on", "yes please", MAIL]
    return [word for word in own if word in text]


def test_who_is_being_served_is_asked_to_wait(forgotten: Forgotten) -> None:
    """Between the question and the answer an erasure is refused, and says which execution is open."""
    assert f"{forgotten.ended.execution} is not closed" in forgotten.refused


def test_nothing_personal_can_be_read_again(forgotten: Forgotten) -> None:
    """Words, name, number and mail address were there for who has the rights, and are not there for anybody now."""
    assert _found(forgotten.before, forgotten) == [
        "Ottoline", "Fernsby", forgotten.ended.customer.phone[1:], "cleaning on", "yes please", MAIL,
    ]  # fmt: skip
    assert _found(forgotten.after, forgotten) == []
    assert forgotten.known_after is None


def test_the_proof_stays(forgotten: Forgotten) -> None:
    """The trace and the records beside it still verify, and name what was done by the providers' own ids."""
    assert forgotten.verified
    assert forgotten.erased.executions == [forgotten.ended.execution]
    assert forgotten.ended.effect("payment")["evidence"]["id"] in forgotten.after


def test_a_restored_backup_is_erased_again(forgotten: Forgotten) -> None:
    """Yesterday's tables bring everything back, number included; replaying the tombstones takes it away."""
    assert len(_found(forgotten.restored, forgotten)) == 6
    assert forgotten.restored_subject == forgotten.erased.subject
    assert _found(forgotten.replayed, forgotten) == []


def test_no_store_and_no_log_has_kept_anything(forgotten: Forgotten, quiet: Stage) -> None:
    """Tables, bucket, logs and the histories of the machines hold none of it in clear."""
    for keeper in (holdings.items, holdings.objects, holdings.logs, holdings.histories):
        assert _found("\n".join(keeper(quiet.world)), forgotten) == []
