"""Owe a party words, and owe an operator the news of something that a person has to see to (an outbox)."""

import hashlib
from dataclasses import dataclass

from followthrough.engine.case import Case
from followthrough.engine.variables import worded
from followthrough.ledger.models import Obligation


@dataclass(frozen=True)
class Whom:
    """A party, by its kind and its name, and the ways to it."""

    party: str
    name: str
    ways: list[str]


def owe_alert(case: Case, operator: str, step: str, code: str) -> None:
    """Owe an operator the news of something that a person has to see to."""
    alerts = case.tenant.alerts
    text = worded(case, alerts.say, {"problem": {"step": step, "code": code}}, case.tenant.languages[0])
    owe_to(case, Whom("operator", operator, alerts.by), alerts.say, text, f"{step} {code}")


def obligation_id(case: Case, whom: Whom, message: str, about: str = "") -> str:
    """Return the id of what is owed: 32 hex digits over execution, party, ways, message and what it is about."""
    path = "\n".join([case.context.execution, whom.party, whom.name, *whom.ways, message, about])
    return hashlib.sha256(path.encode()).hexdigest()[:32]


def owe_to(case: Case, whom: Whom, message: str, text: str, about: str = "") -> None:
    """Write down that these words are owed; owing them again changes nothing."""
    context = case.context
    case.owe(
        Obligation(
            id=obligation_id(case, whom, message, about),
            tenant=context.tenant,
            execution=context.execution,
            subject=context.subject,
            party=whom.party,
            name=whom.name,
            ways=whom.ways,
            message=message,
            words=text,
        )
    )
