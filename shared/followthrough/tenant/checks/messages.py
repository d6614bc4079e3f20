"""Check every message wherever it is said: that it exists, reads, and mentions only what is known there."""

import re
from collections.abc import Iterator
from typing import assert_never

from followthrough.tenant.checks.review import Review
from followthrough.tenant.complaints import Mistake, nearest
from followthrough.tenant.home import Home
from followthrough.tenant.models import (
    ActStep,
    AskStep,
    ChooseStep,
    DecideStep,
    Refuse,
    RetrieveStep,
    Service,
    Step,
    Wording,
)
from followthrough.tenant.positions import Path
from followthrough.tenant.scopes import (
    ENDED,
    INTERACTION,
    alerting,
    before,
    explaining,
    explaining_anywhere,
    offering,
    otherwise,
)
from followthrough.tenant.templates import check as check_template
from followthrough.tenant.types import Scope

EXPLAINING = ("failed", "expired", "unsettled")
"""Messages that every tenant has: why a chain ended when no step says it better, that no answer came in time, and that
nobody could find out whether a step was done.
"""

EXPLAINING_MORE = ("opted_out",)
"""Messages that a tenant may have: that the customer does not want texts, so that nothing could be asked."""

_MENTIONED = re.compile(r"""\boutcome\.(?:stands|undone|unknown)\s+contains\s+["'](\w*)["']""")

Use = tuple[Path, str, Scope]
"""Where a message is said, its name, and what is known there."""


def check(review: Review) -> None:
    """Report messages that do not exist, cannot be read, or say more than is known where they are said."""
    messages = review.tenant.messages
    said: set[str] = set()
    for path, name, scope in uses(review):
        said.add(name)
        if review.known(path, name, "message", messages):
            _wording(review, ("messages", name), messages[name], scope, path)
    for name in EXPLAINING:
        said.add(name)
        if name not in messages and name not in review.report.names:
            review.report.add(
                ("messages",), f"the message `{name}` is missing: every tenant must be able to say it", key=True
            )
        elif name in messages:
            _wording(review, ("messages", name), messages[name], explaining_anywhere(), ())
    for name in EXPLAINING_MORE:
        said.add(name)
        if name in messages:
            _wording(review, ("messages", name), messages[name], explaining_anywhere(), ())
    for name in messages.keys() - said:
        _wording(review, ("messages", name), messages[name], None, ())
    _questions(review)
    _mentioned_steps(review)


def _mentioned_steps(review: Review) -> None:
    """Report `outcome.undone contains 'payment'` where no service has such a step: it would never be true."""
    steps = (step for _, _, service in review.services() for step in service.steps)
    acts = {step.name for step in steps if isinstance(step, ActStep)} | review.report.names
    for name, wording in review.tenant.messages.items():
        for language, template in wording.items():
            for found in _MENTIONED.finditer(template):
                if found[1] not in acts:
                    hint = f"there is no act `{found[1]}`{nearest(found[1], acts)}"
                    review.report.add_inside(("messages", name, language), template, found.start(1), hint)


def _questions(review: Review) -> None:
    for path, _, service in review.services():
        for key, each in service.inputs.items():
            for language, question in each.ask.items():
                if "{{" in question or "{%" in question:
                    here = (*path, "inputs", key, "ask", language)
                    review.report.add(here, "the question for an input is a plain text: leave the braces out")


def _wording(review: Review, path: Path, wording: Wording, scope: Scope | None, said_at: Path) -> None:
    for language, template in wording.items():
        try:
            check_template(template, scope)
        except Mistake as mistake:
            here = (*path, language)
            where = f" (it is said at line {_line(review, said_at)})" if said_at else ""
            for each in mistake.all:
                if not review.follows(template) and review.once(here, each.offset, each.message):
                    review.report.add_inside(here, template, each.offset, each.message + where)


def _line(review: Review, path: Path) -> int:
    return review.report.places.value(review.report.original(path))[0]


def uses(review: Review) -> Iterator[Use]:
    """Go through every place where a message is said."""
    tenant = review.tenant
    yield ("not understood", "ask"), tenant.not_understood.ask, INTERACTION
    if tenant.patience.say is not None:
        yield ("patience", "say"), tenant.patience.say, INTERACTION
    yield ("alerts", "say"), tenant.alerts.say, alerting()
    yield ("not understood", "give up"), tenant.not_understood.give_up, {**INTERACTION, **ENDED}
    for path, _, service in review.services():
        yield from _of_steps(review, path, service)
        scope = before(tenant, service, None, review.operations)
        for index, each in enumerate(service.confirm):
            yield (*path, "confirm", index, "say"), each.say, scope
    for index, each in enumerate(tenant.otherwise):
        yield ("otherwise", index, "say"), each.say, otherwise(tenant, review.operations)


def _of_steps(review: Review, path: Path, service: Service) -> Iterator[Use]:
    for index, step in enumerate(service.steps):
        scope = before(review.tenant, service, step.name, review.operations)
        here: Path = (*path, "steps", index)
        why = explaining(scope, service)
        yield from _of_step(step, here, scope, why, review.tenant.home)
        if isinstance(step, ChooseStep) and (declined := service.said_to_no(step)) is not None:
            yield (*here, "if no", "refuse"), declined, why


def _of_step(step: Step, path: Path, scope: Scope, why: Scope, home: Home) -> Iterator[Use]:
    """Go through a step's messages: `scope` is known where it speaks, `why` where it explains that the chain ends."""
    match step:
        case RetrieveStep():
            if isinstance(step.if_none, Refuse):
                yield (*path, "if none", "refuse"), step.if_none.refuse, why
        case DecideStep():
            for number, rule in enumerate(step.rules or []):
                yield (*path, "rules", number, "refuse"), rule.refuse, why
        case ChooseStep():
            yield (*path, "say"), step.say, offering(scope, step, home)
            yield (*path, "if none", "refuse"), step.if_none.refuse, why
        case AskStep():
            yield (*path, "say"), step.say, scope
            yield (*path, "if no", "refuse"), step.if_no.refuse, why
        case ActStep():
            if step.say is not None:
                yield (*path, "say"), step.say, scope
            if isinstance(step.if_it_fails, Refuse):
                yield (*path, "if it fails", "refuse"), step.if_it_fails.refuse, why
        case _:
            assert_never(step)
