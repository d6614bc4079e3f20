"""What is owed to whom once a chain has ended, written down before anything is sent."""

from collections.abc import Mapping
from typing import Any, assert_never

from followthrough.confirmation.standing import standing
from followthrough.engine.alerts import Whom, obligation_id, owe_to
from followthrough.engine.case import Case
from followthrough.engine.variables import worded
from followthrough.ledger.models import Fact, Obligation, Status
from followthrough.tenant.models import Confirmation, Record, Tell


def owe(case: Case) -> list[Obligation]:
    """Owe every confirmation of this execution, worded, and return all that are owed, alerts included.

    What is owed already is not worded again: the customer may have been erased since.
    """
    known = {it.id for it in case.obligations()}
    for confirmation in confirmations(case):
        if obligation_id(case, _whom(confirmation), confirmation.say) not in known:
            _owe_one(case, confirmation)
    return case.obligations()


def confirmations(case: Case) -> list[Confirmation]:
    """Return what has to be told: the service's own list when it was completed, else the tenant's for all other
    ends.
    """
    if case.context.status is Status.COMPLETED:
        return case.service.confirm
    return case.tenant.otherwise


def confirmation_of(case: Case, obligation: Obligation) -> Confirmation | None:
    """Return the part of the configuration that an obligation comes from; None for an alert."""
    return next((it for it in confirmations(case) if obligation_id(case, _whom(it), it.say) == obligation.id), None)


def outcome_variables(case: Case) -> dict[str, Any]:
    """Return `outcome` as messages see it: the status, its reason in the customer's words, and what stands in the
    ledger.
    """
    context = case.context
    left = standing(case)
    known = {"status": context.status.value, **left.variables()}
    message = context.outcome_message or context.status.value
    if message in {"failed", "unsettled"}:
        # Only now is it certain: undoing may have found out what became of a step, or have left a new doubt.
        message = "unsettled" if left.unknown else "failed"
    reason = worded(case, message, {"outcome": known}) if message in case.tenant.messages else ""
    return {"outcome": {**known, "reason": reason}}


def _owe_one(case: Case, confirmation: Confirmation) -> None:
    more = {} if case.context.status is Status.COMPLETED else outcome_variables(case)
    whom = _whom(confirmation)
    language = case.context.language if whom.party == "customer" else case.tenant.languages[0]
    owe_to(case, whom, confirmation.say, worded(case, confirmation.say, more, language))


def _whom(confirmation: Confirmation) -> Whom:
    match confirmation:
        case Tell(tell="customer"):
            return Whom("customer", "customer", confirmation.by)
        case Tell():
            return Whom("operator", confirmation.tell, confirmation.by)
        case Record():
            return Whom("record", confirmation.record_in, [confirmation.record_in.split(".")[0]])
        case _:
            assert_never(confirmation)


def fact(obligation: Obligation, reason: str, facts: Mapping[str, Any] | None = None) -> Fact:
    """Put on record how far a confirmation has come."""
    return Fact(
        kind="told",
        step=f"tell {obligation.name}",
        outcome=obligation.status.value,
        reason=reason,
        facts={"obligation": obligation.id, "party": obligation.party, "way": obligation.way, **(facts or {})},
        personal={"words": obligation.words},
    )
