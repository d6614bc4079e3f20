"""Check each step of each service: what it uses, what it gives it, and what is known by then."""

from typing import assert_never

from pydantic import BaseModel

from followthrough.contracts.manifest import Operation
from followthrough.tenant.checks.review import Review
from followthrough.tenant.filling import words_field
from followthrough.tenant.models import ActStep, AskStep, ChooseStep, DecideStep, RetrieveStep, Service, Step
from followthrough.tenant.positions import Path
from followthrough.tenant.scopes import RESERVED, before, opening
from followthrough.tenant.types import Many, Maybe, Plain, Scope, fits, in_words, of_model


def check(review: Review) -> None:
    """Report steps whose systems, values, expressions or names do not fit."""
    for path, _, service in review.services():
        seen: set[str] = set()
        for index, step in enumerate(service.steps):
            here: Path = (*path, "steps", index)
            scope = _scope(review, service, step, repeated=step.name in seen)
            _name(review, here, step, seen)
            _step(review, here, step, service, scope)
            seen.add(step.name)


def _scope(review: Review, service: Service, step: Step, *, repeated: bool) -> Scope:
    if not repeated:
        return before(review.tenant, service, step.name, review.operations)
    return {**opening(review.tenant, service), **before(review.tenant, service, None, review.operations)}


def _name(review: Review, path: Path, step: Step, seen: set[str]) -> None:
    verb = type(step).__name__.removesuffix("Step").lower()
    if step.name in seen:
        message = (
            f"an earlier step is already called `{step.name}`, so this one cannot be reached: give it another name"
        )
        review.report.add((*path, verb), message)
    elif step.name in RESERVED:
        review.report.add((*path, verb), f"`{step.name}` has a meaning of its own: give the step another name")


def _step(review: Review, path: Path, step: Step, service: Service, scope: Scope) -> None:
    match step:
        case RetrieveStep():
            _retrieve(review, path, step, scope)
        case DecideStep():
            for index, rule in enumerate(step.rules or []):
                review.expression((*path, "rules", index, "when"), rule.when, scope, Plain.YES_NO)
            if step.table is not None:
                review.known((*path, "table"), step.table, "table", review.tenant.tables)
        case ChooseStep():
            _choose(review, path, step, service, scope)
        case ActStep():
            _act(review, path, step, service, scope)
        case AskStep():
            pass  # it only says a message, and all messages are checked at once
        case _:
            assert_never(step)


def _retrieve(review: Review, path: Path, step: RetrieveStep, scope: Scope) -> None:
    operation = review.operation((*path, "using"), step.using)
    if operation is None:
        return
    if operation.kind != "read":
        review.report.add((*path, "using"), f"`{step.using}` changes something: do it in an `act` step")
        return
    created = _created(review, path, step, operation)
    if created is None:
        review.values(path, step.with_, operation.takes, scope)
    else:
        _values_of_both(review, path, step, (operation, created), scope)
    if operation.optional and step.if_none is None:
        review.report.add(
            path, f"`{step.using}` may find nothing: say `if none: {{refuse: <message>}}` or `if none: create`"
        )
    if step.if_none is not None and not operation.optional:
        why = "it gives a list, which `choose` may find empty" if operation.many else "it always gives something"
        review.report.add((*path, "if none"), f"`{step.using}` needs no `if none`: {why}", key=True)


def _created(review: Review, path: Path, step: RetrieveStep, operation: Operation) -> Operation | None:
    if step.if_none != "create":
        return None
    system = step.using.partition(".")[0]
    adapter = review.tenant.systems[system].adapter
    created = review.operations[adapter].get(operation.creates or "")
    if created is None:
        review.report.add((*path, "if none"), f"`{step.using}` cannot create what it does not find: refuse instead")
    return created


def _values_of_both(
    review: Review, path: Path, step: RetrieveStep, both: tuple[Operation, Operation], scope: Scope
) -> None:
    """Check `with` of a question that may create: each of the two operations takes the keys that it knows."""
    given = step.with_
    operation, created = both
    asked = {name: value for name, value in given.items() if name not in created.takes.model_fields}
    shared = {name: value for name, value in given.items() if name in created.takes.model_fields}
    review.values(path, asked, operation.takes, scope, filled=shared)
    review.values(path, shared, created.takes, scope)


def _choose(review: Review, path: Path, step: ChooseStep, service: Service, scope: Scope) -> None:
    steps = review.report.original(path[:-1])
    complete = not any(gone[: len(steps)] == steps for gone in review.report.left_out)
    if complete and service.said_to_no(step) is None:
        review.report.add(path, "nothing is said to who wants none of the offers: write `if no: {refuse: <message>}`")
    of = review.expression((*path, "among"), step.among, scope)
    if of is not Plain.ANYTHING:
        item = of.of if isinstance(of, Many) else None
        if item is None or not fits(getattr(item, "fields", {}).get("start", Plain.TEXT), Plain.TIME):
            message = f"`{step.among}` is {in_words(of)}: choose among a list whose items have a `start`"
            review.report.add((*path, "among"), message)
    review.expression((*path, "nearest"), step.nearest, scope, Plain.TIME)


def _act(review: Review, path: Path, step: ActStep, service: Service, scope: Scope) -> None:
    if step.only_if is not None:
        review.expression((*path, "only if"), step.only_if, scope, Plain.YES_NO)
    if step.told_of_failure is not None:
        review.known((*path, "if it fails"), step.told_of_failure, "operator", review.tenant.operators)
    if step.if_taken is not None:
        _taken(review, path, step, service)
    operation = review.operation((*path, "using"), step.using)
    if operation is None:
        if step.undo is not None:
            review.operation((*path, "undo"), step.undo)
        return
    if operation.kind != "write":
        review.report.add((*path, "using"), f"`{step.using}` only looks: ask for it in a `retrieve` step")
        return
    field = words_field(operation.takes) if step.say else None
    if step.say and field is None:
        review.report.add((*path, "say"), f"`{step.using}` takes no words", key=True)
    review.values(path, step.with_, operation.takes, scope, filled=[field] if field else [])
    if step.undo is not None:
        _undo(review, path, step, operation)


def _undo(review: Review, path: Path, step: ActStep, operation: Operation) -> None:
    here = (*path, "undo")
    undo = review.operation(here, step.undo or "")
    if undo is None:
        return
    system = step.using.partition(".")[0]
    if undo.kind != "write" or (step.undo or "").partition(".")[0] != system:
        review.report.add(here, f"`{step.using}` is undone by an operation of `{system}` that changes something")
        return
    if operation.undo is not None and step.undo != f"{system}.{operation.undo}":
        review.report.add(here, f"`{step.using}` is undone by `{system}.{operation.undo}`")
        return
    known = {**of_model(operation.takes).fields, **of_model(operation.gives).fields}
    for name in _required(undo.takes):
        wanted = of_model(undo.takes).fields[name]
        if name not in known or not fits(known[name], Maybe(wanted)):
            said = f"`{step.undo}` needs `{name}`, which `{step.using}` neither takes nor gives: it cannot undo this"
            review.report.add(here, said)


def _required(takes: type[BaseModel]) -> list[str]:
    return [name for name, field in takes.model_fields.items() if field.is_required()]


def _taken(review: Review, path: Path, step: ActStep, service: Service) -> None:
    here = (*path, "if taken")
    names = [each.name for each in service.steps]
    own = names.index(step.name)
    if step.if_taken not in names[:own]:
        later = step.if_taken in names
        where = "does not come before this one" if later else "does not exist"
        if later or step.if_taken not in review.report.names:
            review.report.add(
                here, f"the step `{step.if_taken}` {where}: name an earlier `retrieve` step, to look again"
            )
        return
    again = service.steps[names.index(step.if_taken or "") : own]
    if not isinstance(again[0], RetrieveStep):
        review.report.add(here, f"`{step.if_taken}` is no `retrieve` step: looking again begins with one")
    done = [each.name for each in again if isinstance(each, ActStep)]
    if done:
        said = f"`{done[0]}` would be done twice: nothing may be done between looking and `{step.name}`"
        review.report.add(here, said)
