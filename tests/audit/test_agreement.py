"""Records that say something else than the trace are named; those of real executions agree with theirs."""

from collections.abc import Callable

import pytest

from followthrough.contracts.evidence import Evidence
from followthrough.ledger.agreement import Recorded, disagreement
from followthrough.ledger.chain import Flaw
from followthrough.ledger.models import (
    Effect,
    EffectStatus,
    ExecutionContext,
    Obligation,
    ObligationStatus,
    Status,
    TraceEntry,
)
from tests.agents.test_undo import spoil
from tests.ledger.samples import an_effect, an_obligation
from tests.workbench.bench import DANA, MAYA, RAY, Bench
from tests.workbench.world import TENANT

CLEANING = "I'd like a cleaning next Wednesday at 3 pm"


def recorded(bench: Bench, place: int = -1) -> tuple[Recorded, list[TraceEntry]]:
    context = bench.contexts()[place]
    of = (TENANT, context.execution)
    return Recorded(context, bench.ledger.effects(*of), bench.ledger.obligations(*of)), bench.ledger.trace(*of)


@pytest.mark.parametrize(
    ("number", "says", "fault"),
    [
        (MAYA, ["yes"], None),
        (MAYA, ["no"], None),
        (RAY, [], None),
        (DANA, ["yes"], None),
        (MAYA, ["yes"], ("stripe", "drop after commit", "/v1/payment_intents$")),
        (MAYA, ["yes"], ("cal_com", "broken", "/v2/bookings$")),
    ],
    ids=["booked", "declined", "refused", "card declined", "answer lost", "calendar broken"],
)
def test_real_executions_agree(bench: Bench, number: str, says: list[str], fault: tuple[str, str, str] | None) -> None:
    """However an execution ended, its records say what its trace says."""
    bench.text(number, CLEANING)
    if fault:
        bench.fault(*fault, method="POST")
    for words in says:
        bench.text(number, words)
    bench.let_pass(days=2)
    found, entries = recorded(bench)
    assert found.context is not None
    assert found.context.closed_at is not None
    assert disagreement(found, entries) is None


Tampering = Callable[[Recorded], Recorded]


def _effect(step: str, **changes: object) -> Tampering:
    def tamper(it: Recorded) -> Recorded:
        return it._replace(effects=[one.model_copy(update=changes) if one.step == step else one for one in it.effects])

    return tamper


def _obligation(party: str, **changes: object) -> Tampering:
    def tamper(it: Recorded) -> Recorded:
        changed = [one.model_copy(update=changes) if one.party == party else one for one in it.obligations]
        return it._replace(obligations=changed)

    return tamper


def _context(**changes: object) -> Tampering:
    def tamper(it: Recorded) -> Recorded:
        assert it.context is not None
        context: ExecutionContext = it.context.model_copy(update=changes)
        return it._replace(context=context)

    return tamper


def _knows(step: str, value: object) -> Tampering:
    def tamper(it: Recorded) -> Recorded:
        assert it.context is not None
        assert step in it.context.variables
        changed = it.context.model_copy(update={"variables": {**it.context.variables, step: value}})
        return it._replace(context=changed)

    return tamper


def _with(effect: Effect | None = None, obligation: Obligation | None = None) -> Tampering:
    def tamper(it: Recorded) -> Recorded:
        return it._replace(
            effects=[*it.effects, *([effect] if effect else [])],
            obligations=[*it.obligations, *([obligation] if obligation else [])],
        )

    return tamper


def _forged(bench: Bench) -> Evidence:
    return Evidence(id="forged", status="succeeded", at=bench.clock.now)


TAMPERINGS: dict[str, tuple[Callable[[Bench], Tampering], Flaw, str]] = {
    "a payment that is said not to have been done": (
        lambda _: _effect("payment", status=EffectStatus.NOT_DONE), Flaw.CONTRADICTED, "but was done"),
    "a payment that is said to be only intended": (
        lambda _: _effect("payment", status=EffectStatus.INTENDED, evidence=None, result=None),
        Flaw.CONTRADICTED, "but was done"),
    "another evidence": (
        lambda bench: _effect("payment", evidence=_forged(bench)), Flaw.CONTRADICTED, "not the provider's own"),
    "no evidence": (lambda _: _effect("payment", evidence=None), Flaw.CONTRADICTED, "not the provider's own"),
    "another request": (
        lambda _: _effect("payment", request={"amount": 1}), Flaw.CONTRADICTED, "the request of effect"),
    "another result": (lambda _: _effect("hold", result={"id": "other"}), Flaw.CONTRADICTED, "the result of effect"),
    "another system": (lambda _: _effect("note", system="other"), Flaw.CONTRADICTED, "the system of effect"),
    "another price": (lambda _: _knows("price", {"amount": 1}), Flaw.CONTRADICTED, "knows as price is something else"),
    "another patient": (
        lambda _: _knows("patient", {"name": "Eve"}), Flaw.CONTRADICTED, "knows as patient is something else"),
    "another payment": (
        lambda _: _knows("payment", {"id": "pi_0"}), Flaw.CONTRADICTED, "knows as payment is something else"),
    "an effect that is gone": (
        lambda _: lambda it: it._replace(effects=[one for one in it.effects if one.step != "payment"]),
        Flaw.CONTRADICTED, "(payment) is gone"),
    "an effect from nowhere": (
        lambda bench: _with(an_effect(TENANT, status=EffectStatus.DONE, evidence=_forged(bench))),
        Flaw.UNTRACED, "effect-1 (payment) is recorded as done"),
    "an undoing that nobody did": (
        lambda _: _effect("payment", status=EffectStatus.UNDONE), Flaw.UNTRACED, "nothing undid it"),
    "a customer who is said to have been missed": (
        lambda _: _obligation("customer", status=ObligationStatus.EXHAUSTED), Flaw.CONTRADICTED, "but was delivered"),
    "another receipt": (
        lambda bench: _obligation("customer", receipt=_forged(bench)), Flaw.CONTRADICTED, "not the provider's own"),
    "an obligation that is gone": (
        lambda _: lambda it: it._replace(obligations=[one for one in it.obligations if one.party != "record"]),
        Flaw.CONTRADICTED, "is gone"),
    "an obligation from nowhere": (
        lambda _: _with(obligation=an_obligation(TENANT, status=ObligationStatus.DELIVERED)),
        Flaw.UNTRACED, "customer-1 (tell customer) is recorded as delivered"),
    "another end": (lambda _: _context(status=Status.REFUSED), Flaw.CONTRADICTED, "closed as completed"),
    "an execution that is opened again": (lambda _: _context(closed_at=None), Flaw.CONTRADICTED, "not closed"),
    "other rules": (lambda _: _context(release="other"), Flaw.CONTRADICTED, "the release of the context is other"),
    "a context that is gone": (lambda _: lambda it: it._replace(context=None), Flaw.CONTRADICTED, "context is gone"),
}  # fmt: skip


@pytest.fixture(scope="module")
def booked(here: object) -> Bench:
    """A bench on which one cleaning was booked."""
    made = Bench(here)  # type: ignore[arg-type]  # the fixture's world, made once for the session
    made.text(MAYA, CLEANING)
    made.text(MAYA, "yes")
    return made


@pytest.mark.parametrize("tampering", TAMPERINGS)
def test_tampering_with_a_record_is_named(booked: Bench, tampering: str) -> None:
    """Whatever is changed, taken away or put there in table `executions`, the trace tells."""
    make, flaw, words = TAMPERINGS[tampering]
    found, entries = recorded(booked)
    assert disagreement(found, entries) is None
    fault = disagreement(make(booked)(found), entries)
    assert fault is not None
    assert fault.flaw is flaw
    assert words in fault.explanation


def test_a_closing_that_is_not_on_record_is_named(booked: Bench) -> None:
    """A context that says closed while its trace does not was closed by hand."""
    found, entries = recorded(booked)
    fault = disagreement(found, [entry for entry in entries if entry.fact.kind != "closed"])
    assert fault is not None
    assert (fault.flaw, fault.sequence) == (Flaw.UNTRACED, 0)


def test_an_undoing_that_is_denied_is_named(bench: Bench) -> None:
    """A refunded payment cannot be made to look as if it stood; while the execution is open it may for a moment."""
    bench.text(MAYA, CLEANING)
    spoil(bench)
    bench.text(MAYA, "yes")
    bench.let_pass(days=2)
    found, entries = recorded(bench)
    assert "undone" in [it.status for it in found.effects if it.step == "payment"]
    denied = _effect("payment", status=EffectStatus.DONE)(found)
    fault = disagreement(denied, entries)
    assert fault is not None
    assert fault.flaw is Flaw.CONTRADICTED
    assert "(payment) is recorded as done, and was undone" in fault.explanation
    still_open = _context(closed_at=None)(denied)
    assert disagreement(still_open, [it for it in entries if it.fact.kind != "closed"]) is None


def test_a_call_that_is_made_again_is_intended_again(bench: Bench) -> None:
    """Behind an entry that says `not done` or `unknown` the next call's intent is as it should be."""
    bench.text(MAYA, CLEANING)
    bench.text(MAYA, "yes")
    found, entries = recorded(bench)
    again = _effect("payment", status=EffectStatus.INTENDED, evidence=None, result=None)(found)
    [place] = [place for place, it in enumerate(entries) if it.fact.kind == "effect" and it.fact.step == "payment"]
    for outcome in ("not done", "unknown"):
        fact = entries[place].fact.model_copy(update={"outcome": outcome})
        told = [*entries[:place], entries[place].model_copy(update={"fact": fact}), *entries[place + 1 :]]
        assert disagreement(again, told) is None, outcome


def test_what_is_under_way_may_be_ahead_of_its_trace(bench: Bench) -> None:
    """Between an effect's evidence and its entry there is a moment: only closed executions are held to it."""
    bench.text(MAYA, CLEANING)
    found, entries = recorded(bench)
    ahead = an_effect(TENANT, status=EffectStatus.DONE, evidence=_forged(bench))
    assert disagreement(found._replace(effects=[*found.effects, ahead]), entries) is None
