"""Hand an obligation over by the first of its ways that works."""

from pydantic import BaseModel

from followthrough.confirmation.address import customers_mail
from followthrough.confirmation.obligations import confirmation_of, fact, owe
from followthrough.confirmation.statuses import FAILED, FINAL
from followthrough.contracts.messaging import NewMail, NewNotice, NewText
from followthrough.engine.alerts import owe_alert
from followthrough.engine.effects import Deed, Performed, perform
from followthrough.engine.variables import fill
from followthrough.engine.work import Case
from followthrough.ledger.models import Obligation, ObligationStatus
from followthrough.tenant.models import Record

_NO_ADDRESS = Performed("failed", code="no_address")


def deliver_owed(case: Case) -> float:
    """Deliver what is owed, or went a way that failed, each once; return the longest pause that a provider asked for.

    Giving a confirmation up may owe the operators an alert: so it goes on until nothing is new.
    """
    pauses, tried = [0.0], set[str]()
    while owed := [it for it in owe(case) if due(it) and it.id not in tried]:
        for obligation in owed:
            tried.add(obligation.id)
            pauses.append(deliver(case, obligation) or 0)
    return max(pauses)


def due(obligation: Obligation) -> bool:
    """Tell whether the next way is to be tried now."""
    if obligation.status is ObligationStatus.SENT:
        return obligation.failure is not None
    return obligation.status is ObligationStatus.OWED


def deliver(case: Case, obligation: Obligation) -> float | None:
    """Try the ways that were not tried yet, in order; return the seconds to wait where one asks to come back.

    The obligation ends `sent` (a receipt will follow), `delivered` (the provider's answer is the proof), or
    `exhausted`.
    """
    tried = obligation.ways.index(obligation.way) + 1 if obligation.way else 0
    for way in obligation.ways[tried:]:
        performed = _try(case, obligation, way)
        if performed.outcome == "later":
            return performed.seconds
        if performed.outcome == "done":
            obligation = _handed_over(case, obligation, way, performed)
            if obligation.failure is None:
                return None
            continue
        # That there is no other way says less than why this one failed.
        failure = obligation.failure if performed is _NO_ADDRESS and obligation.failure else performed.code
        obligation = obligation.model_copy(update={"failure": failure})
    exhaust(case, obligation)
    return None


def exhaust(case: Case, obligation: Obligation) -> None:
    """Give an obligation up, and tell the operators unless it was theirs.

    The alert is owed first: who dies in between gives it up again, while one that is given up is not looked at again.
    """
    gone = obligation.model_copy(update={"status": ObligationStatus.EXHAUSTED})
    if gone.party != "operator":
        for operator in case.tenant.operators:
            owe_alert(case, operator, f"tell {gone.name}", gone.failure or "")
    case.ports.ledger.update_obligation(gone, case.note(fact(gone, f"every way was tried: {gone.failure}")))


def _handed_over(case: Case, obligation: Obligation, way: str, performed: Performed) -> Obligation:
    """Note that a way accepted it, and what the provider may have said about it before we knew its id."""
    assert performed.effect is not None
    evidence = performed.effect.evidence
    status = ObligationStatus.DELIVERED if obligation.party == "record" else ObligationStatus.SENT
    sent = obligation.model_copy(update={"status": status, "way": way, "receipt": evidence, "failure": None})
    told = f"{way} accepted it as {evidence.id}" if evidence else f"{way} accepted it"
    note = case.note(fact(sent, told, {"receipt": evidence.model_dump(mode="json") if evidence else None}))
    written = case.ports.ledger.update_obligation(sent, note)
    early = case.ports.ledger.early(case.context.tenant, evidence.id) if evidence else None
    if evidence is None or early not in FINAL:
        return written
    update = {"failure": early} if early in FAILED else {"status": ObligationStatus.DELIVERED}
    moved = written.model_copy(update=update)
    note = case.note(fact(moved, f"{way} had reported it as {early} already", {"receipt": evidence.id}))
    return case.ports.ledger.update_obligation(moved, note)


def _try(case: Case, obligation: Obligation, way: str) -> Performed:
    adapter = case.ports.systems.adapter(case.tenant, way)
    confirmation = confirmation_of(case, obligation)
    if isinstance(confirmation, Record):
        name = confirmation.record_in.split(".")[1]
        request = fill(case, adapter.operations[name].takes, confirmation.with_, obligation.words)
        return perform(case, Deed(f"tell {obligation.name}", way, name, request))
    for name, operation in adapter.operations.items():
        words = _letter(case, obligation, operation.takes)
        if words is not None:
            return perform(case, Deed(f"tell {obligation.name}", way, name, words))
    return _NO_ADDRESS


def _letter(case: Case, obligation: Obligation, takes: type[BaseModel]) -> BaseModel | None:
    """Address the words to the obligation's party in the form that an operation takes; None where it has no such
    address.
    """
    subject, body = f"{case.tenant.name}: {case.context.reference}", obligation.words or ""
    if obligation.party == "customer":
        return _to_customer(case, takes, subject, body)
    operator = case.tenant.operators.get(obligation.name)
    if takes is NewMail and operator and operator.mail:
        return NewMail(to=operator.mail, subject=subject, body=body)
    if takes is NewNotice and operator:
        return NewNotice(topic=operator.topic, subject=subject, body=body)
    return None


def _to_customer(case: Case, takes: type[BaseModel], subject: str, body: str) -> BaseModel | None:
    if takes is NewText and (phone := case.interaction.sender.phone):
        url = f"{case.ports.public_url}/v1/{case.tenant.tenant}/sms/status"
        return NewText(to=phone, body=body, status_url=url)
    if takes is NewMail and (mail := customers_mail(case)):
        return NewMail(to=mail, subject=subject, body=body)
    return None
