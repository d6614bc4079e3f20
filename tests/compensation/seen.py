"""What can be seen of an execution from outside when it is over, in the words of the table."""

import re

from followthrough.confirmation.standing import standing
from followthrough.ledger.models import Obligation, ObligationStatus
from tests.workbench.bench import Bench

_ALERT = re.compile(r"`([^`]+)` did not work")
_REACHED = {ObligationStatus.SENT, ObligationStatus.DELIVERED}


def seen(bench: Bench, customer: str) -> dict[str, str]:
    """Return the row that this execution makes, but for the words."""
    left = standing(bench.case())
    return {
        "Status": bench.context().status.value,
        "Undone": _listed(left.undone),
        "Stands": _listed(left.stands),
        "Not known": _listed(left.unknown),
        "Left in the systems": in_the_systems(bench, customer),
        "Alerts": _listed(alerts(bench)),
        "Not reached": _listed(not_reached(bench)),
    }


def in_the_systems(bench: Bench, customer: str) -> str:
    """Count the customer's visits and payments in the providers' own books. Holds lapse by themselves."""
    stripe = bench.sandbox.snapshot("stripe")
    paid = [it for it in stripe["payments"] if it["status"] == "succeeded" and it["amount"] > it["refunded"]]
    calendar = bench.sandbox.snapshot("cal_com")["bookings"]
    visits = [it for it in calendar if it["phone"] == customer and it["status"] == "accepted"]
    counted = [("visit", len(visits)), ("payment", len(paid))]
    return _listed([kind if count == 1 else f"{count} {kind}s" for kind, count in counted if count])


def alerts(bench: Bench) -> list[str]:
    """Return what operators were asked to look at, each once."""
    return sorted({found[1] for it in owed(bench) if (found := _ALERT.search(it.words or ""))})


def not_reached(bench: Bench) -> list[str]:
    """Return the parties that could not be told by a way."""
    return sorted({f"{it.party} ({it.ways[0]})" for it in owed(bench) if it.status not in _REACHED})


def owed(bench: Bench) -> list[Obligation]:
    """Return whatever somebody is owed, alerts included."""
    context = bench.context()
    return bench.ledger.obligations(context.tenant, context.execution)


def _listed(names: list[str]) -> str:
    return ", ".join(names) or "-"
