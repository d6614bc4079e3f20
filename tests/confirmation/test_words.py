"""What people are told follows from evidence, in their language, and holds nothing that is not true."""

import pytest

from followthrough.ledger.models import EffectStatus
from tests.workbench.bench import DANA, LUCIA, MAYA, RAY, Bench

CLEANING = "I'd like a cleaning next Wednesday at 3 pm"


@pytest.mark.parametrize("number", [DANA, RAY])
def test_nothing_is_called_done_that_is_not(bench: Bench, number: str) -> None:
    """Nobody reads booked or paid where nothing was."""
    bench.text(number, CLEANING)
    bench.text(number, "yes")
    everything = [*bench.heard(number), *bench.mail.bodies(), *bench.notices.bodies()]
    closing = [words for words in everything if "Ref." in words]
    assert closing
    assert not any("Booked:" in words or "paid" in words for words in closing)


def test_reference_is_the_same_for_all(bench: Bench) -> None:
    """Customer, desk and record can quote the same short reference."""
    bench.text(MAYA, CLEANING)
    bench.text(MAYA, "yes")
    reference = bench.context().reference
    assert reference in bench.heard(MAYA)[-1]
    assert all(reference in words for words in [*bench.mail.bodies(), *bench.notices.bodies()])
    assert reference in str(bench.sandbox.snapshot("hubspot")["contacts"])


def test_amount_is_the_charged_one(bench: Bench) -> None:
    """The price in the confirmation is what the payments system says it took."""
    bench.text(MAYA, CLEANING)
    (heard,) = bench.text(MAYA, "yes")
    (payment,) = bench.sandbox.snapshot("stripe")["payments"]
    assert payment["amount"] == 9000
    assert "$90.00 paid" in heard


def test_desk_reads_its_own_language(bench: Bench) -> None:
    """A Spanish customer's desk notice is in the practice's first language."""
    bench.text(LUCIA, "Quisiera una limpieza dental el miércoles a las 3 de la tarde")
    (heard,) = bench.text(LUCIA, "sí")
    assert "pagados" in heard
    assert "Teeth cleaning" in bench.notices.bodies()[-1]


def test_failed_refund_is_not_called_refunded(bench: Bench) -> None:
    """Where the money could not be given back, nobody is told that it was."""
    bench.text(MAYA, CLEANING)
    start = bench.context().variables["hold"]["start"]
    thief = {"event_type": 1201, "start": start, "name": "A Thief", "phone": "+13125550177"}
    bench.sandbox.seed("cal_com", {"bookings": [thief]})
    bench.fault("stripe", "throttled", "/v1/refunds", times=200)
    (heard,) = bench.text(MAYA, "yes")
    assert bench.effect("payment").status is EffectStatus.DONE
    assert "refunded" not in heard.lower()
    assert "front desk" in heard


def test_words_of_the_customer_stay_out_of_the_machine(bench: Bench) -> None:
    """What the machine carries holds no name, number or word of the customer."""
    bench.text(MAYA, CLEANING)
    bench.text(MAYA, "yes")
    record = str(bench.machine().record)
    assert not any(word in record for word in ("Maya", "Torres", MAYA, "cleaning next"))
