"""Check who is told: that each party exists and can be reached in the ways that are named."""

from collections.abc import Mapping
from typing import assert_never

from followthrough.tenant.checks.review import Review
from followthrough.tenant.filling import words_field
from followthrough.tenant.models import Record, Service, Tell
from followthrough.tenant.positions import Path
from followthrough.tenant.scopes import before, otherwise
from followthrough.tenant.types import Maybe, Plain, Scope, fits, in_words
from followthrough.tenant.ways import Kind, way

CUSTOMER = "customer"


def check(review: Review) -> None:
    """Report parties that do not exist or cannot be reached, and services that leave one of the three untold."""
    tenant = review.tenant
    for path, name, service in review.services():
        scope = before(tenant, service, None, review.operations)
        _address(review, path, service, scope)
        _list(review, (*path, "confirm"), list(service.confirm), scope, {name: service})
    for operator in tenant.operators:
        _ways(review, ("alerts", "by"), operator, tenant.alerts.by, {})
    known = otherwise(tenant, review.operations)
    _list(review, ("otherwise",), list(tenant.otherwise), known, tenant.services)


def _address(review: Review, path: Path, service: Service, scope: Scope) -> None:
    """Report an address that is no text. One that may be missing will do: the next way is tried then."""
    if service.customer is None:
        return
    here = (*path, "customer", "mail")
    of = review.expression(here, service.customer.mail, scope)
    if not fits(of, Maybe(Plain.TEXT)):
        review.report.add(here, f"this gives {in_words(of)}, but a mail address is text")


def _list(
    review: Review, path: Path, confirmations: list[Tell | Record], scope: Scope, of: Mapping[str, Service]
) -> None:
    """Check a list of confirmations; `of` are the services after which they are told, by name."""
    for index, each in enumerate(confirmations):
        here: Path = (*path, index)
        match each:
            case Tell():
                _tell(review, here, each, of)
            case Record():
                _record(review, here, each, scope)
            case _:
                assert_never(each)
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


def _tell(review: Review, path: Path, told: Tell, of: Mapping[str, Service]) -> None:
    known = review.known((*path, "tell"), told.tell, "party", [CUSTOMER, *review.tenant.operators])
    _ways(review, (*path, "by"), told.tell if known else None, told.by, of)


def _ways(review: Review, path: Path, party: str | None, systems: list[str], of: Mapping[str, Service]) -> None:
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
        elif party and (message := _unreachable(review, party, found[1], of)):
            review.report.add(here, message)


def _unreachable(review: Review, party: str, kind: Kind, of: Mapping[str, Service]) -> str | None:
    if party == CUSTOMER:
        return _unreachable_customer(review, kind, of)
    operator = review.tenant.operators[party]
    match kind:
        case "mail":
            return None if operator.mail is not None else f"the operator `{party}` has no `mail` address"
        case "text":
            return f"the operator `{party}` has no phone number: use notices or mail"
        case "notice":
            return None
        case _:
            assert_never(kind)


def _unreachable_customer(review: Review, kind: Kind, of: Mapping[str, Service]) -> str | None:
    """Say why a customer of these services cannot be reached by a kind of way.

    Everybody has a phone number, but a mail address only where the service says so. Of the tenant's `otherwise` that is
    asked of every service: one that says nothing would be found out only when its text is not delivered.
    """
    if kind != "mail":
        return None if kind == "text" else f"a customer is known by phone number and cannot be reached by {kind}"
    gone = review.report.left_out
    silent = [
        f"`{name}`"
        for name, service in of.items()
        if service.customer is None and ("services", name, "customer") not in gone
    ]
    if not silent:
        return None
    says = "does not say" if len(silent) == 1 else "do not say"
    where = "`customer: {mail: =<where it is known from>}`"
    return f"{', '.join(silent)} {says} where the customer's mail address is known from: write {where} in the service"


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
