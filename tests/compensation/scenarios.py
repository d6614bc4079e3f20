"""What goes wrong in each row of the table in docs/compensation.md: who texts what, and which fault meets it."""

from collections.abc import Callable
from typing import Final

from followthrough.engine.effects import MAX_SETTLING_TRIES
from followthrough.errors import Throttled, Unreachable
from tests.workbench.bench import DANA, IAN, MAYA, OMAR, RAY, Bench

CLEANING, MOVE, CANCEL = (
    "A cleaning next Wednesday at 3 pm please",
    "can I move my appointment to next Friday at 10 am?",
    "please call off my visit",
)
PEOPLE, NOTES = "/crm/objects/2026-03/contacts", "/crm/objects/2026-03/notes"
SLOTS, HOLDS, BOOKINGS = "/v2/slots", "/v2/slots/reservations", "/v2/bookings"
PAYERS, CHARGES, REFUNDS = "/v1/customers", "/v1/payment_intents", "/v1/refunds"
EVER = 400
"""More often than anybody is patient."""

Play = Callable[[Bench], str]
"""Plays a scene and returns whose phone it was about."""


def away(bench: Bench, system: str, path: str, method: str | None = None, body: str = "") -> None:
    """Let a system send everybody away who asks for this: certainly nothing is done."""
    bench.fault(system, "throttled", path, method=method, times=EVER, body=body)


def mute(bench: Bench, system: str, path: str, method: str | None = None) -> None:
    """Let a system do this and never say so."""
    bench.fault(system, "drop after commit", path, method=method, times=EVER)


def snatched(bench: Bench) -> None:
    """Let the front desk book the held time: Cal.com's reservations block no booking."""
    start = bench.context().variables["hold"]["start"]
    booking = {"event_type": 1201, "start": start, "name": "Walter Walkin", "phone": "+13125559998"}
    bench.sandbox.seed("cal_com", {"bookings": [booking]})


def scene(
    *faults: Callable[[Bench], None],
    who: str = MAYA,
    asks: str = CLEANING,
    then: tuple[Callable[[Bench], None], ...] = (),
    says: str = "yes",
) -> Play:
    """Let somebody ask, with `faults` before the first words and `then` before the answer."""

    def play(bench: Bench) -> str:
        for fault in faults:
            fault(bench)
        bench.text(who, asks)
        for fault in then:
            fault(bench)
        if says and bench.machine().token is not None:
            bench.text(who, says)
        return who

    return play


def silent(bench: Bench) -> str:
    """Never answer the quote."""
    bench.text(MAYA, CLEANING)
    bench.let_pass(minutes=16)
    return MAYA


def lost_hold(bench: Bench) -> str:
    """Lose the answer to the hold: other times are offered."""
    bench.fault("cal_com", "drop after commit", HOLDS)
    bench.text(MAYA, CLEANING)
    bench.text(MAYA, "the first one")
    bench.text(MAYA, "yes")
    return MAYA


def undelivered(who: str) -> Play:
    """Let the carrier give the confirmation up, long after Twilio accepted it."""

    def play(bench: Bench) -> str:
        bench.text(who, CLEANING)
        bench.receipts = False
        bench.text(who, "yes")
        receipt = bench.obligations()["customer", "texts"].receipt
        assert receipt is not None
        bench.receipt(receipt.id, "undelivered")
        return who

    return play


def own_visit(bench: Bench) -> str:
    """Return the path of the visit that was booked before all."""
    (visit,) = (it for it in bench.sandbox.snapshot("cal_com")["bookings"] if it["phone"] == IAN)
    return f"{BOOKINGS}/{visit['id']}/cancel"


def paid_visit_cancelled(bench: Bench) -> str:
    """Cancel a paid visit while refunds are sent away."""
    bench.text(MAYA, CLEANING)
    bench.text(MAYA, "yes")
    away(bench, "stripe", REFUNDS)
    bench.text(MAYA, CANCEL)
    bench.text(MAYA, "yes")
    return MAYA


def _notices(bench: Bench) -> None:
    bench.systems.notices.failures = [Throttled("sns", "Throttling", 1)] * 13


def _mail(bench: Bench) -> None:
    bench.systems.mail.failures = [Unreachable("ses", "connect_error")] * 10


SCENES: Final[dict[tuple[str, str], Play]] = {
    ("patient", "the CRM does not answer"): scene(lambda it: it.fault("hubspot", "broken", PEOPLE, times=EVER)),
    ("eligible", "a rule refuses"): scene(who=RAY),
    ("payer", "the payment system does not answer"): scene(
        lambda it: it.fault("stripe", "broken", PAYERS, times=EVER)
    ),
    ("openings", "the calendar does not answer"): scene(
        lambda it: it.fault("cal_com", "broken", SLOTS, method="GET", times=EVER)
    ),
    ("hold", "the calendar sends us away"): scene(lambda it: away(it, "cal_com", HOLDS)),
    ("hold", "its answer is lost"): lost_hold,
    ("hold", "no answer ever comes"): scene(lambda it: it.fault("cal_com", "drop before", HOLDS, times=EVER)),
    ("agreed", "the question cannot be sent"): scene(lambda it: away(it, "twilio", "", body="Shall.we.book")),
    ("agreed", "the customer says no"): scene(says="no thanks"),
    ("agreed", "the customer says nothing"): silent,
    ("payment", "the card is declined"): scene(who=DANA),
    ("payment", "the payment system sends us away"): scene(then=(lambda it: away(it, "stripe", CHARGES),)),
    ("payment", "its answer is lost"): scene(then=(lambda it: it.fault("stripe", "drop after commit", CHARGES),)),
    ("payment", "no answer ever comes"): scene(then=(lambda it: mute(it, "stripe", CHARGES),)),
    ("payment", "answers come only when all is over"): scene(
        then=(lambda it: it.fault("stripe", "drop after commit", CHARGES, times=1 + MAX_SETTLING_TRIES),)
    ),
    ("booking", "the time was taken meanwhile"): scene(then=(snatched,)),
    ("booking", "the calendar sends us away"): scene(then=(lambda it: away(it, "cal_com", BOOKINGS, "POST"),)),
    ("booking", "no answer ever comes"): scene(then=(lambda it: mute(it, "cal_com", BOOKINGS),)),
    ("note", "the CRM sends us away"): scene(then=(lambda it: away(it, "hubspot", NOTES, "POST", "booked for"),)),
    ("confirm", "the customer's text cannot be sent"): scene(then=(lambda it: away(it, "twilio", "", body="Booked"),)),
    ("confirm", "the customer's text is not delivered"): undelivered(MAYA),
    ("confirm", "the text is not delivered, and no mail address is known"): undelivered(OMAR),
    ("confirm", "the desk's notice cannot be sent"): scene(then=(_notices,)),
    ("confirm", "the desk's mail cannot be sent"): scene(then=(_mail,)),
    ("confirm", "the outcome cannot be recorded"): scene(
        then=(lambda it: away(it, "hubspot", NOTES, "POST", "Completed"),)
    ),
    ("undo hold", "the calendar sends us away"): scene(lambda it: away(it, "cal_com", HOLDS, "DELETE"), who=DANA),
    ("undo hold", "no answer ever comes"): scene(lambda it: mute(it, "cal_com", HOLDS, "DELETE"), who=DANA),
    ("undo payment", "the payment system sends us away"): scene(
        then=(snatched, lambda it: away(it, "stripe", REFUNDS))
    ),
    ("undo payment", "no answer ever comes"): scene(then=(snatched, lambda it: mute(it, "stripe", REFUNDS))),
    ("undo payment and hold", "both send us away"): scene(
        then=(snatched, lambda it: away(it, "stripe", REFUNDS), lambda it: away(it, "cal_com", HOLDS, "DELETE"))
    ),
    ("move: booking", "the time was taken meanwhile"): scene(who=IAN, asks=MOVE, then=(snatched,)),
    ("move: cancellation", "the calendar sends us away"): scene(
        who=IAN, asks=MOVE, then=(lambda it: away(it, "cal_com", own_visit(it)),)
    ),
    ("move: cancellation", "no answer ever comes"): scene(
        who=IAN, asks=MOVE, then=(lambda it: mute(it, "cal_com", own_visit(it)),)
    ),
    ("move: undo booking", "the calendar sends us away"): scene(
        who=IAN, asks=MOVE, then=(lambda it: away(it, "cal_com", f"{BOOKINGS}/.+/cancel"),)
    ),
    ("cancel: cancellation", "the calendar sends us away"): scene(
        who=IAN, asks=CANCEL, then=(lambda it: away(it, "cal_com", f"{BOOKINGS}/.+/cancel"),)
    ),
    ("cancel: refund", "the payment system sends us away"): paid_visit_cancelled,
}  # fmt: skip
"""By the row's first two cells."""
