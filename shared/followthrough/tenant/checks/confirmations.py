"""Check who is told: that each party exists and can be reached in the ways that are named."""

from followthrough.tenant.checks.review import Review
from followthrough.tenant.filling import words_field
from followthrough.tenant.models import Record, Tell
from followthrough.tenant.positions import Path
from followthrough.tenant.scopes import before, otherwise
from followthrough.tenant.types import Scope
from followthrough.tenant.ways import way

CUSTOMER = "customer"


def check(review: Review) -> None:
    """Report parties that do not exist or cannot be reached, and services that leave one of the three untold."""
    for path, _, service in review.services():
        scope = before(review.tenant, service, None, review.operations)
        _list(review, (*path, "confirm"), list(service.confirm), scope)
    for operator in review.tenant.operators:
        _ways(review, ("alerts", "by"), operator, review.tenant.alerts.by)
    _list(review, ("otherwise",), list(review.tenant.otherwise), otherwise(review.tenant, review.operations))


def _list(review: Review, path: Path, confirmations: list[Tell | Record], scope: Scope) -> None:
    for index, each in enumerate(confirmations):
        here: Path = (*path, index)
        if isinstance(each, Tell):
            _tell(review, here, each)
        else:
            _record(review, here, each, scope)
    if any(gone[: len(path)] == review.report.original(path) for gone in review.report.left_out):
        return
    told = {"record" if isinstance(each, Record) else each.tell for each in confirmations}
    missing = [
        (told.isdisjoint({CUSTOMER}), "the customer (`tell: customer`)"),
        (told <= {CUSTOMER, "record"}, "an operator (`tell: <operator>`)"),
        (told.isdisjoint({"record"}), "the system of record (`record in: <system>.<operation>`)"),
    ]
    for untold, who in missing:
        if untold:
            review.report.add(path, f"nobody tells {who}: all three parties must be told", key=True)


def _tell(review: Review, path: Path, told: Tell) -> None:
    known = review.known((*path, "tell"), told.tell, "party", [CUSTOMER, *review.tenant.operators])
    _ways(review, (*path, "by"), told.tell if known else None, told.by)


def _ways(review: Review, path: Path, party: str | None, systems: list[str]) -> None:
    for index, system in enumerate(systems):
        here = (*path, index)
        if not review.known(here, system, "system", review.tenant.systems):
            continue
        adapter = review.tenant.systems[system].adapter
        if adapter not in review.operations:
            continue
        found = way(review.operations[adapter])
        if found is None:
            review.report.add(
                here, f"`{system}` ({adapter}) cannot send words: name a system for texts, mails or notices"
            )
        elif party and (message := _unreachable(review, party, found[1])):
            review.report.add(here, message)


def _unreachable(review: Review, party: str, kind: str) -> str | None:
    if party == CUSTOMER:
        return None if kind == "text" else f"a customer is known by phone number and cannot be reached by {kind}"
    operator = review.tenant.operators[party]
    if kind == "mail" and operator.mail is None:
        return f"the operator `{party}` has no `mail` address"
    return f"the operator `{party}` has no phone number: use notices or mail" if kind == "text" else None


def _record(review: Review, path: Path, record: Record, scope: Scope) -> None:
    here = (*path, "record in")
    operation = review.operation(here, record.record_in)
    if operation is None:
        return
    field = words_field(operation.takes)
    if operation.kind != "write" or field is None:
        review.report.add(here, f"`{record.record_in}` keeps no words: name an operation that writes a note")
        return
    review.values(path, record.with_, operation.takes, scope, filled=[field])
