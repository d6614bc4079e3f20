"""Check that whatever is done can be undone while the chain may still fail, or says why it need not be."""

from collections.abc import Sequence
from typing import assert_never

from followthrough.tenant.checks.review import Review
from followthrough.tenant.models import ActStep, AskStep, ChooseStep, DecideStep, RetrieveStep, Step
from followthrough.tenant.positions import Path
from followthrough.tenant.scopes import operation_of


def check(review: Review) -> None:
    """Report acts that could never be put right, and those that say it in two ways or without need."""
    for path, _, service in review.services():
        for index, step in enumerate(service.steps):
            if isinstance(step, ActStep):
                here: Path = (*path, "steps", index)
                _declared(review, here, step)
                _last(review, here, step, service.steps[index + 1 :])


def _declared(review: Review, path: Path, step: ActStep) -> None:
    """An act says `undo` or `irreversible`, not both; a harmless one neither."""
    if step.undo is not None:
        if step.irreversible is not None:
            message = f"`{step.name}` has an `undo`: leave `irreversible` out, or leave `undo` out on purpose"
            review.report.add((*path, "irreversible"), message, key=True)
        return
    operation = operation_of(review.tenant, step.using, review.operations)
    if operation is None or operation.kind != "write":
        return  # reported where the step is described
    if operation.harmless:
        if step.irreversible is not None:
            message = f"`{step.using}` only leaves a note, which may stand anyway: leave `irreversible` out"
            review.report.add((*path, "irreversible"), message, key=True)
        return
    if step.irreversible is not None or _misspelt(review, path):
        return
    if operation.undo is not None:
        system = step.using.partition(".")[0]
        undo = f"`undo: {system}.{operation.undo}`"
        message = f"`{step.using}` can be undone: say {undo}, or `irreversible` if that is left out on purpose"
    else:
        message = f"`{step.using}` cannot be undone: say `irreversible`"
    why = 'irreversible: "<why it may stand although a later step fails>"'
    review.report.add(path, f"{message} (`irreversible: true` if it comes last, else `{why}`)")


def _misspelt(review: Review, path: Path) -> bool:
    """Whether the step says one of the two in a form that was reported already."""
    original = review.report.original(path)
    return any((*original, key) in review.report.left_out for key in ("undo", "irreversible"))


def _last(review: Review, path: Path, step: ActStep, later: Sequence[Step]) -> None:
    ending = next((each for each in later if _may_end(each)), None)
    if step.irreversible is not True or step.undo is not None or ending is None:
        return
    tell = ", let it say `if it fails: tell <operator>`" if isinstance(ending, ActStep) else ""
    message = (
        f"`{step.name}` is irreversible, but `{ending.name}` comes after it and may end the chain: put it behind "
        f"`{ending.name}`{tell}, or say in words here why it may stand although `{ending.name}` fails"
    )
    review.report.add((*path, "irreversible"), message)


def _may_end(step: Step) -> bool:
    match step:
        case ActStep():
            return step.told_of_failure is None
        case DecideStep():
            return step.rules is not None
        case RetrieveStep() | ChooseStep() | AskStep():
            return True
        case _:
            assert_never(step)
