"""Check how long customers may take to answer: not less than they need, and no longer than what is held for them."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any, Final

from followthrough.contracts.manifest import Lapses
from followthrough.tenant.checks.review import Review
from followthrough.tenant.duration import in_words
from followthrough.tenant.models import ActStep, AskStep, ChooseStep, Step
from followthrough.tenant.positions import Path
from followthrough.tenant.scopes import operation_of

_LEAST: Final = timedelta(minutes=1)


def check(review: Review) -> None:
    """Report waits in which nobody can answer, and warn of those that outlast a hold."""
    _long_enough(review, ("not understood", "wait"), review.tenant.not_understood.wait)
    for path, _, service in review.services():
        for index, step in enumerate(service.steps):
            here: Path = (*path, "steps", index)
            if isinstance(step, AskStep | ChooseStep):
                _long_enough(review, (*here, "wait"), step.wait)
            if isinstance(step, ActStep) and (life := _life(review, step)):
                _outlasted(review, here, service.steps, life)


def _long_enough(review: Review, path: Path, wait: timedelta) -> None:
    if wait < _LEAST:
        review.report.add(path, "nobody answers that fast: let customers have a minute at least")


def _life(review: Review, step: ActStep) -> timedelta | None:
    """Return for how long what a step does stands by itself; None where it stands until it is undone."""
    operation = operation_of(review.tenant, step.using, review.operations)
    if operation is None or not isinstance(operation.settle, Lapses):
        return None
    settings = review.tenant.systems[step.using.partition(".")[0]].settings
    minutes = settings.get(operation.settle.minutes or "")
    return timedelta(minutes=minutes) if isinstance(minutes, int) else operation.settle.after


def _outlasted(review: Review, path: Path, steps: list[Step], life: timedelta) -> None:
    """Warn of the question with which the waits become longer than a hold that is needed after them."""
    begun = int(path[-1])
    held = steps[begun].name
    needed = max((index for index, step in enumerate(steps) if held in _mentioned(step)), default=begun)
    waited = timedelta()
    for index, step in enumerate(steps[begun + 1 : needed], begun + 1):
        if not isinstance(step, AskStep | ChooseStep):
            continue
        waited += step.wait
        if waited > life:
            said = (
                f"`{held}` is held for {in_words(life)}, and by this answer {in_words(waited)} may have passed: let "
                f"customers have {in_words(life)} in all, or look and hold after they answered"
            )
            review.report.warn((*path[:-1], index, "wait"), said)
            return


def _mentioned(step: Step) -> set[str]:
    """Return the variables that a step's values are."""
    texts = _texts(step.with_) if isinstance(step, ActStep) else ()
    return {text.removeprefix("=").strip().partition(".")[0] for text in texts if text.startswith("=")}


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for part in value.values() if isinstance(value, dict) else value:
            yield from _texts(part)
