"""Hand an obligation over by the first of its ways that works."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import assert_never

from pydantic import BaseModel

from followthrough.confirmation.address import customers_mail
from followthrough.confirmation.obligations import confirmation_of, fact, owe
from followthrough.confirmation.reporting import reported
from followthrough.contracts.messaging import NewMail, NewNotice
from followthrough.contracts.report import FAILED
from followthrough.engine.alerts import owe_alert
from followthrough.engine.case import Case
from followthrough.engine.effects import Deed, Performed, perform_all
from followthrough.engine.variables import fill
from followthrough.interaction.registry import provided_by
from followthrough.ledger.models import Obligation, ObligationStatus
from followthrough.routing.bounds import A_DAY
from followthrough.tenant.models import Record

_NO_ADDRESS = "no_address"


def deliver_owed(case: Case) -> float:
    """Deliver what is owed, or went a way that failed, each once; return the longest pause that a provider asked for.

    Giving a confirmation up may owe the operators an alert: so it goes on until nothing is new.
    """
    pauses, tried = [0.0], set[str]()
    while owed := [it for it in owe(case) if due(it) and it.id not in tried]:
        tried |= {it.id for it in owed}
        pauses.append(deliver(case, owed))
    return max(pauses)


def due(obligation: Obligation) -> bool:
    """Tell whether the next way is to be tried now."""
    if obligation.status is ObligationStatus.SENT:
        return obligation.failure is not None
    return obligation.status is ObligationStatus.OWED


def deliver(case: Case, owed: Sequence[Obligation]) -> float:
    """Try the ways that were not tried yet, in order, of all of them together: they are sent as a group and what came
    of it is written at once. Return the longest pause that a way asks for.

    Each ends `sent` (a receipt will follow), `delivered` (the provider's answer is the proof), `exhausted`, or stays as
    it is where its way asks to come back.
    """
    # What is owed is on record before anything is sent for it.
    case.commit()
    pause, left = 0.0, [(it, _untried(it)) for it in owed]
    while left:
        # What nobody can be told by is passed over before anything is sent.
        ways = [way for obligation, others in left if (way := _next(case, obligation, others)) is not None]
        sent = list(zip(ways, perform_all(case, [way.deed for way in ways]), strict=True))
        for way, performed in sent:
            if performed.outcome == "done":
                _handed_over(case, way, performed)
        case.commit()
        pause = max(pause, *(performed.seconds for _, performed in sent if performed.outcome == "later"), 0)
        left = [found for way, performed in sent if (found := _goes_on(case, way, performed)) is not None]
    case.commit()
    return pause


def exhaust(case: Case, obligation: Obligation) -> None:
    """Give an obligation up, and tell the operators unless it was theirs: both are written together."""
    gone = obligation.model_copy(update={"status": ObligationStatus.EXHAUSTED})
    if gone.party != "operator":
        for operator in case.tenant.operators:
            owe_alert(case, operator, f"tell {gone.name}", gone.failure or "")
    case.move(gone, fact(gone, f"every way was tried: {gone.failure}"))


@dataclass(frozen=True)
class _Way:
    """An obligation on its way: by which system, what is done there, and the ways that are left."""

    obligation: Obligation
    system: str
    deed: Deed
    others: list[str]


_Left = tuple[Obligation, list[str]]
"""An obligation that a way has failed for, and the ways that are left."""


def _untried(obligation: Obligation) -> list[str]:
    return obligation.ways[obligation.ways.index(obligation.way) + 1 :] if obligation.way else obligation.ways


def _next(case: Case, obligation: Obligation, ways: list[str]) -> _Way | None:
    """Return the first of the ways that has an address; None, and the obligation is given up, where none has."""
    for place, system in enumerate(ways):
        deed = _deed(case, obligation, system)
        if deed is not None:
            return _Way(obligation, system, deed, ways[place + 1 :])
    # That there is no other way says less than why the last one failed.
    failure = obligation.failure or _NO_ADDRESS
    exhaust(case, obligation.model_copy(update={"failure": failure}))
    return None


def _handed_over(case: Case, way: _Way, performed: Performed) -> None:
    """Note that a way accepted it."""
    assert performed.effect is not None
    evidence, party = performed.effect.evidence, way.obligation.party
    status = ObligationStatus.DELIVERED if party == "record" else ObligationStatus.SENT
    changes = {"status": status, "way": way.system, "receipt": evidence, "failure": None}
    sent = way.obligation.model_copy(update=changes)
    told = f"{way.system} accepted it as {evidence.id}" if evidence else f"{way.system} accepted it"
    case.hand_over(sent, fact(sent, told, {"receipt": evidence.model_dump(mode="json") if evidence else None}))


def _goes_on(case: Case, way: _Way, performed: Performed) -> _Left | None:
    """Return what is left to be tried where this way failed, at once or by what its provider had said already."""
    match performed.outcome:
        case "done":
            moved = _early(case, way)
            return (moved, way.others) if moved.failure else None
        case "failed" | "taken":
            return way.obligation.model_copy(update={"failure": performed.code}), way.others
        case "later":
            return None
        case _:
            assert_never(performed.outcome)


def _early(case: Case, way: _Way) -> Obligation:
    """Take what the provider may have said about it before we knew its id."""
    sent = case.obligation(way.obligation.id)
    if sent.receipt is None or reported(sent, case.tenant, case.ports.systems.operations()) is None:
        return sent
    said = case.ports.ledger.early(case.context.tenant, sent.receipt.id)
    if said is None:
        return sent
    update = {"failure": said} if said in FAILED else {"status": ObligationStatus.DELIVERED}
    moved = sent.model_copy(update=update)
    case.move(moved, fact(moved, f"{way.system} had reported it as {said} already", {"receipt": sent.receipt.id}))
    return moved


def _deed(case: Case, obligation: Obligation, system: str) -> Deed | None:
    """Return what tells the party by this system; None where it has no address for them."""
    adapter = case.tenant.systems[system].adapter
    operations = case.ports.systems.operations()[adapter]
    confirmation = confirmation_of(case, obligation)
    if isinstance(confirmation, Record):
        name = confirmation.record_in.split(".")[1]
        request = fill(case, operations[name].takes, confirmation.with_, obligation.words)
        return Deed(f"tell {obligation.name}", system, name, request, patience=A_DAY)
    for name, operation in operations.items():
        words = _letter(case, obligation, adapter, operation.takes)
        if words is not None:
            # Who does not want texts may still be mailed.
            by_channel = obligation.party == "customer" and not isinstance(words, NewMail)
            return Deed(f"tell {obligation.name}", system, name, words, to_customer=by_channel)
    return None


def _letter(case: Case, obligation: Obligation, adapter: str, takes: type[BaseModel]) -> BaseModel | None:
    """Address the words to the obligation's party in the form that an operation takes; None where it has no such
    address.
    """
    subject, body = f"{case.tenant.name}: {case.context.reference}", obligation.words or ""
    if obligation.party == "customer":
        return _to_customer(case, adapter, takes, subject, body)
    operator = case.tenant.operators.get(obligation.name)
    if takes is NewMail and operator and operator.mail:
        return NewMail(to=operator.mail, subject=subject, body=body)
    if takes is NewNotice and operator:
        return NewNotice(topic=operator.topic, subject=subject, body=body)
    return None


def _to_customer(case: Case, adapter: str, takes: type[BaseModel], subject: str, body: str) -> BaseModel | None:
    for channel in provided_by(adapter):
        report_to = f"{case.ports.public_url}{channel.status_path(case.tenant.tenant)}"
        words = channel.words(case.interaction.sender, body, report_to)
        if type(words) is takes:
            return words
    if takes is NewMail and (mail := customers_mail(case)):
        return NewMail(to=mail, subject=subject, body=body)
    return None
