"""Which of a tenant's words are told by text, and which may be the reason that such a text gives."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import assert_never

from followthrough.contracts.messaging import NewText
from followthrough.tenant.checks.messages import EXPLAINING, uses
from followthrough.tenant.checks.review import Review
from followthrough.tenant.models import (
    ActStep,
    AskStep,
    ChooseStep,
    DecideStep,
    RetrieveStep,
    Service,
    Tell,
    Tenant,
    Wording,
)
from followthrough.tenant.positions import Path
from followthrough.tenant.scopes import INTERACTION, before, explaining_anywhere, offering, operation_of, otherwise
from followthrough.tenant.types import Scope
from followthrough.tenant.ways import way


@dataclass(frozen=True)
class Told:
    """A wording that is told by text: where it stands, and what is known where it is said, in which services."""

    path: Path
    wording: Wording
    scope: Scope
    services: frozenset[str]
    offers: int = 1

    def __or__(self, other: "Told") -> "Told":
        """Say it here and there."""
        return replace(
            self,
            scope={**self.scope, **other.scope},
            services=self.services | other.services,
            offers=max(self.offers, other.offers),
        )


def told_by_text(review: Review) -> list[Told]:
    """Return the wordings that customers are told by text."""
    return _once(_told(review))


def reasons(review: Review) -> list[Told]:
    """Return the messages that may say why a chain did not complete."""
    return _once(_explaining(review))


def _once(told: Iterable[Told]) -> list[Told]:
    """Put together what is said of each wording: a message may be told at many places."""
    found: dict[Path, Told] = {}
    for each in told:
        found[each.path] = found[each.path] | each if each.path in found else each
    return list(found.values())


def _told(review: Review) -> Iterator[Told]:
    tenant, everywhere = review.tenant, frozenset(review.tenant.services)
    yield from _message(tenant, tenant.not_understood.ask, Told((), {}, INTERACTION, everywhere))
    for path, key, service in review.services():
        here = Told((), {}, INTERACTION, frozenset({key}))
        for name, wanted in service.inputs.items():
            yield replace(here, path=(*path, "inputs", name, "ask"), wording=wanted.ask)
        yield from _of_steps(review, service, here)
        ended = replace(here, scope=before(tenant, service, None, review.operations))
        for each in service.confirm:
            yield from _confirmation(review, each, ended)
    for each in tenant.otherwise:
        yield from _confirmation(review, each, Told((), {}, otherwise(tenant, review.operations), everywhere))


def _of_steps(review: Review, service: Service, here: Told) -> Iterator[Told]:
    for step in service.steps:
        scope = before(review.tenant, service, step.name, review.operations)
        match step:
            case ChooseStep():
                offered = replace(here, scope=offering(scope, step, review.tenant.home), offers=step.offer)
                yield from _message(review.tenant, step.say, offered)
            case AskStep():
                yield from _message(review.tenant, step.say, replace(here, scope=scope))
            case ActStep():
                if step.say is not None and _texts(review, step.using):
                    yield from _message(review.tenant, step.say, replace(here, scope=scope))
            case RetrieveStep() | DecideStep():
                pass
            case _:
                assert_never(step)


def _explaining(review: Review) -> Iterator[Told]:
    """Go through the messages that may be the reason why a chain did not complete."""
    everywhere = frozenset(review.tenant.services)
    for path, name, scope in uses(review):
        if path[-1] in {"refuse", "give up"}:
            yield from _message(review.tenant, name, Told((), {}, scope, everywhere))
    for name in EXPLAINING:
        yield from _message(review.tenant, name, Told((), {}, explaining_anywhere(), everywhere))


def _message(tenant: Tenant, name: str, told: Told) -> Iterator[Told]:
    if name in tenant.messages:
        yield replace(told, path=("messages", name), wording=tenant.messages[name])


def _confirmation(review: Review, each: object, told: Told) -> Iterator[Told]:
    if isinstance(each, Tell) and any(_sends_texts(review, system) for system in each.by):
        yield from _message(review.tenant, each.say, told)


def _sends_texts(review: Review, system: str) -> bool:
    config = review.tenant.systems.get(system)
    found = way(review.operations.get(config.adapter, {})) if config else None
    return found is not None and found[1] == "text"


def _texts(review: Review, using: str) -> bool:
    operation = operation_of(review.tenant, using, review.operations)
    return operation is not None and issubclass(operation.takes, NewText)
