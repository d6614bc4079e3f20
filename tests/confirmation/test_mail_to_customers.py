"""Where a text does not arrive, the customer is mailed the same words, if the service knows where to."""

import json
import logging
from typing import Any

import pytest

from followthrough.errors import Refused
from followthrough.ledger.changes import Changes
from followthrough.ledger.models import Obligation, ObligationStatus
from tests.workbench.bench import MAYA, OMAR, Bench
from tests.workbench.sweeping import sweep
from tests.workbench.watched import Reaper, Watch, watched
from tests.workbench.weather import Killed
from tests.workbench.world import TENANT, Edits, World

CLEANING = "I'd like a cleaning next Wednesday at 3 pm"
ADDRESS = "maya@torres.example"
"""Maya's is the only address that the CRM knows."""

BY_MAIL: Edits = ((", by: [texts, mail], say: booked}", ", by: [mail], say: booked}"),)


def told(bench: Bench, way: str = "texts") -> Obligation:
    return bench.obligations()["customer", way]


def switched_off(bench: Bench, number: str = MAYA) -> None:
    """From now on texts are accepted by the carrier and reported as undelivered."""
    bench.sandbox.seed("twilio", {"unreachable": [number]})


@pytest.mark.parametrize(
    ("asks", "says", "words"),
    [(CLEANING, "yes", "Booked: "), ("Quisiera una limpieza mañana a las 3", "sí", "Reservado: ")],
)
def test_undelivered_text_is_mailed(bench: Bench, asks: str, says: str, words: str) -> None:
    """The mail says what the text said, in the customer's language, and the execution closes when it has arrived."""
    bench.text(MAYA, asks)
    switched_off(bench)
    bench.text(MAYA, says)
    (mail,) = (it for it in bench.mail.sent if it.to == ADDRESS)
    assert mail.body == told(bench).words
    assert mail.body.startswith(words)
    assert mail.subject == f"Bright Smile Dental: {bench.context().reference}"
    assert (told(bench).status, told(bench).way) == (ObligationStatus.DELIVERED, "mail")
    assert not any("tell customer" in body for body in bench.notices.bodies())
    assert bench.context().closed_at is not None


def test_delivered_text_is_not_mailed(bench: Bench) -> None:
    """Whoever got the text gets no mail."""
    bench.text(MAYA, CLEANING)
    bench.text(MAYA, "yes")
    assert (told(bench).status, told(bench).way) == (ObligationStatus.DELIVERED, "texts")
    assert bench.mail.bodies(ADDRESS) == []


def test_without_an_address_the_desk_is_alerted(bench: Bench) -> None:
    """A patient whose address the CRM does not know cannot be mailed: the desk hears why the text failed, and calls."""
    bench.text(OMAR, CLEANING)
    switched_off(bench, OMAR)
    bench.text(OMAR, "yes")
    assert (told(bench).status, told(bench).failure) == (ObligationStatus.EXHAUSTED, "undelivered")
    assert any("`tell customer`" in body and "undelivered" in body for body in bench.notices.bodies())
    assert {it.to for it in bench.mail.sent} == {"desk@brightsmile.example"}
    assert bench.context().closed_at is not None


@pytest.mark.parametrize("kind", ["ledger.write", "ledger.intend"])
def test_the_desk_is_alerted_wherever_the_process_dies(here: World, kind: str) -> None:
    """Nobody is given up without an alert: it is owed with that, and owing it twice is owing it once. A notice that
    went out and is not on record goes out again.
    """
    counting = Reaper(of=(kind,))
    _not_told(Bench(here, wrap=lambda ports: watched(ports, _telling(counting))))
    assert counting.points
    for at in range(len(counting.points)):
        sent: list[bool] = []
        watch = _telling(Reaper(at, of=(kind,)), sent)
        bench = Bench(here, wrap=lambda ports, watch=watch: watched(ports, watch))  # type: ignore[misc]  # bound now
        _not_told(bench)
        for place, _ in enumerate(bench.contexts()):
            assert bench.obligations(place)["customer", "texts"].status is ObligationStatus.EXHAUSTED
        alerts = [body for body in bench.notices.bodies() if "`tell customer`" in body]
        assert len(alerts) == 1 + any(sent), at
        assert bench.context().closed_at is not None


def _telling(reaper: Reaper, sent: list[bool] | None = None) -> Watch:
    """Let it know only of what is written of confirmations; note when it strikes whether a notice had gone out."""

    def watch(point: str, about: Any) -> None:
        if not isinstance(about, Changes) or about.owed or about.obligations or about.handed_over:
            try:
                reaper(point, about)
            except Killed:
                noticed = isinstance(about, Changes) and any(it.adapter == "sns" for it in about.effects)
                assert sent is not None
                sent.append(noticed and any("`tell customer`" in it.request["body"] for it in about.effects))
                raise

    return watch


def _not_told(bench: Bench) -> None:
    bench.text(OMAR, CLEANING)
    switched_off(bench, OMAR)
    bench.text(OMAR, "yes")
    bench.let_pass(hours=2)
    for _ in range(2):
        sweep(bench.ports)
        bench.let_pass(hours=2)


def test_mail_may_be_the_only_way(here: World) -> None:
    """A mail that bounces where there is no other way makes the desk call."""
    bench = Bench(here, edits=BY_MAIL)
    bench.mail.bouncing = {ADDRESS}
    bench.text(MAYA, CLEANING)
    assert bench.text(MAYA, "yes") == []
    assert (told(bench, "mail").status, told(bench, "mail").failure) == (ObligationStatus.EXHAUSTED, "bounced")
    assert any("`tell customer`" in body for body in bench.notices.bodies())


def test_that_the_only_way_has_no_address_is_said(here: World) -> None:
    """Where nothing else was tried, the missing address is the reason."""
    bench = Bench(here, edits=BY_MAIL)
    bench.text(OMAR, CLEANING)
    assert bench.text(OMAR, "yes") == []
    assert (told(bench, "mail").status, told(bench, "mail").failure) == (ObligationStatus.EXHAUSTED, "no_address")
    assert any("`tell customer`" in body and "no_address" in body for body in bench.notices.bodies())


def test_another_end_is_mailed_as_well(bench: Bench) -> None:
    """Whatever the end, the service's address is used as soon as its step was done."""
    bench.text(MAYA, CLEANING)
    switched_off(bench)
    bench.text(MAYA, "no thanks")
    assert told(bench).message == "not_done"
    assert bench.mail.bodies(ADDRESS) == [told(bench).words]


@pytest.mark.parametrize("asks", ["what is the weather like?", CLEANING])
def test_an_end_before_the_patient_is_known_has_no_address(bench: Bench, asks: str) -> None:
    """Neither a chain without a service nor one that fails in its first step knows whom to mail."""
    bench.fault("hubspot", "broken", "/crm/objects/2026-03/contacts", times=400)
    switched_off(bench)
    for _ in range(3 if asks != CLEANING else 1):
        bench.text(MAYA, asks)
    assert (bench.context().service is None) == (asks != CLEANING)
    assert (told(bench).status, told(bench).failure) == (ObligationStatus.EXHAUSTED, "undelivered")
    assert bench.mail.bodies(ADDRESS) == []
    assert any("`tell customer`" in body for body in bench.notices.bodies())


def test_an_erased_customer_has_no_address(here: World) -> None:
    """A text that is reported as undelivered after the erasure is not made good: nobody knows to whom."""
    bench = Bench(here, receipts=False)
    bench.text(MAYA, CLEANING)
    bench.text(MAYA, "yes")
    receipt = told(bench).receipt
    assert receipt is not None
    bench.keys.erase(TENANT, bench.context().subject)
    bench.receipt(receipt.id, "undelivered")
    assert (told(bench).status, told(bench).failure) == (ObligationStatus.EXHAUSTED, "undelivered")
    assert bench.mail.bodies(ADDRESS) == []


def test_the_address_is_kept_to_what_is_personal(bench: Bench, caplog: pytest.LogCaptureFixture) -> None:
    """Where it was sent to is on record under the customer's key, and nowhere else: not in facts, machines or logs."""
    caplog.set_level(logging.DEBUG)
    bench.mail.failures = [Refused("ses", "message_rejected")]
    bench.text(MAYA, CLEANING)
    switched_off(bench)
    bench.text(MAYA, "yes")
    facts = [it.fact for it in bench.trace() if it.fact.step == "tell customer"]
    assert any(ADDRESS in json.dumps(fact.personal) for fact in facts)
    plain = [fact.model_dump_json(exclude={"personal"}) for fact in facts]
    plain += [told(bench).model_dump_json(exclude={"words"}), bench.context().model_dump_json(exclude={"variables"})]
    plain += [it.model_dump_json(exclude={"request", "result"}) for it in bench.effects()]
    plain += [str(vars(bench.machine())), caplog.text, *bench.notices.bodies()]
    assert not any(ADDRESS in each for each in plain)
