"""Check that every step can be reached."""

from typing import assert_never

from followthrough.tenant.checks.review import Review
from followthrough.tenant.complaints import Mistake
from followthrough.tenant.expressions import constant
from followthrough.tenant.home import Home
from followthrough.tenant.models import ActStep, AskStep, ChooseStep, DecideStep, RetrieveStep, Service
from followthrough.tenant.positions import Path
from followthrough.tenant.scopes import before
from followthrough.tenant.types import Scope


def check(review: Review) -> None:
    """Report what can never happen."""
    for path, _, service in review.services():
        _reachable(review, path, service)


def _reachable(review: Review, path: Path, service: Service) -> None:
    ends: str | None = None
    for index, step in enumerate(service.steps):
        here: Path = (*path, "steps", index)
        if ends is not None:
            review.report.add(here, f"`{step.name}` can never be reached: `{ends}` always ends the chain before it")
            return
        scope = before(review.tenant, service, step.name, review.operations)
        match step:
            case DecideStep():
                ends = step.name if _always_ends(review, here, step, scope) else None
            case ActStep():
                if step.only_if and _always(step.only_if, scope, review.tenant.home) is False:
                    review.report.add((*here, "only if"), f"`{step.name}` can never be reached: this is never true")
            case RetrieveStep() | ChooseStep() | AskStep():
                pass
            case _:
                assert_never(step)


def _always_ends(review: Review, path: Path, step: DecideStep, scope: Scope) -> bool:
    ends = False
    for index, rule in enumerate(step.rules or []):
        here = (*path, "rules", index)
        if ends:
            review.report.add(here, "this rule can never be reached: an earlier one is always true")
            continue
        value = _always(rule.when, scope, review.tenant.home)
        ends = value is True
        if value is False:
            review.report.add((*here, "when"), "this rule can never fire: it is never true")
    return ends


def _always(text: str, scope: Scope, home: Home) -> object:
    try:
        return constant(text, scope, home)
    except Mistake:
        return None
