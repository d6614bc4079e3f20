"""Check what is told by text: that it is not longer than its provider takes, and in how many parts it is sent."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Final

from followthrough.contracts.manifest import Operation
from followthrough.contracts.messaging import NewText
from followthrough.tenant.checks.messages import EXPLAINING, uses
from followthrough.tenant.checks.review import Review
from followthrough.tenant.complaints import Mistake
from followthrough.tenant.formats import Formats, formats_for, is_language
from followthrough.tenant.longest import Known, Longest, longest, widest
from followthrough.tenant.models import ActStep, AskStep, ChooseStep, DecideStep, Service, Tell, Tenant, Wording
from followthrough.tenant.positions import Path, path_in_words
from followthrough.tenant.scopes import INTERACTION, before, explaining_anywhere, offering, operation_of, otherwise
from followthrough.tenant.segments import PLAIN, plain, segments
from followthrough.tenant.shape import TextLength
from followthrough.tenant.types import Scope
from followthrough.tenant.ways import way

_PHONE: Final = "+" + "9" * 15
_REFERENCE: Final = "X" * 8


@dataclass(frozen=True)
class _Told:
    """A wording that is told by text: where it stands, and what is known where it is said."""

    path: Path
    wording: Wording
    scope: Scope
    services: Iterable[Service]
    offers: int = 1


def check(review: Review) -> None:
    """Report texts that are too long, warn of letters that make them longer, and note how long each becomes."""
    operation = _sending(review)
    if operation is None:
        return
    told = list(_told(review))
    wordings = {each.path: each.wording for each in told}
    for language in filter(is_language, review.tenant.languages):
        reason = widest(_longest(review, each, language, Longest()) for each in _explaining(review))
        found: dict[Path, Longest] = {}
        for each in told:
            length = _longest(review, each, language, reason)
            found[each.path] = widest([found.get(each.path, Longest()), length])
        for path, length in found.items():
            _length(review, (*path, language), wordings[path].get(language, ""), length, operation)


def _sending(review: Review) -> Operation | None:
    """Return the operation by which the tenant sends texts; of several the one that takes the fewest characters."""
    ways = [review.operations.get(system.adapter, {}) for system in review.tenant.systems.values()]
    texting = [of[found[0]] for of in ways if (found := way(of)) is not None and found[1] == "text"]
    return min(texting, key=lambda it: it.longest or 0, default=None)


def _told(review: Review) -> Iterator[_Told]:
    tenant, everywhere = review.tenant, list(review.tenant.services.values())
    yield from _message(tenant, tenant.not_understood.ask, _Told((), {}, INTERACTION, everywhere))
    for path, _, service in review.services():
        here = _Told((), {}, INTERACTION, [service])
        for name, wanted in service.inputs.items():
            yield replace(here, path=(*path, "inputs", name, "ask"), wording=wanted.ask)
        for step in service.steps:
            scope = before(tenant, service, step.name, review.operations)
            if isinstance(step, ChooseStep):
                offered = replace(here, scope=offering(scope, step), offers=step.offer)
                yield from _message(tenant, step.say, offered)
            elif isinstance(step, AskStep) or (isinstance(step, ActStep) and step.say and _texts(review, step.using)):
                yield from _message(tenant, step.say or "", replace(here, scope=scope))
        ended = replace(here, scope=before(tenant, service, None, review.operations))
        for each in service.confirm:
            yield from _confirmation(review, each, ended)
    for each in tenant.otherwise:
        yield from _confirmation(review, each, _Told((), {}, otherwise(tenant, review.operations), everywhere))


def _explaining(review: Review) -> Iterator[_Told]:
    """Go through the messages that may be the reason why a chain did not complete."""
    everywhere = list(review.tenant.services.values())
    for path, name, scope in uses(review):
        if path[-1] in {"refuse", "give up"}:
            yield from _message(review.tenant, name, _Told((), {}, scope, everywhere))
    for name in EXPLAINING:
        yield from _message(review.tenant, name, _Told((), {}, explaining_anywhere(), everywhere))


def _message(tenant: Tenant, name: str, told: _Told) -> Iterator[_Told]:
    if name in tenant.messages:
        yield replace(told, path=("messages", name), wording=tenant.messages[name])


def _confirmation(review: Review, each: object, told: _Told) -> Iterator[_Told]:
    if isinstance(each, Tell) and any(_sends_texts(review, system) for system in each.by):
        yield from _message(review.tenant, each.say, told)


def _sends_texts(review: Review, system: str) -> bool:
    config = review.tenant.systems.get(system)
    found = way(review.operations.get(config.adapter, {})) if config else None
    return found is not None and found[1] == "text"


def _texts(review: Review, using: str) -> bool:
    operation = operation_of(review.tenant, using, review.operations)
    return operation is not None and issubclass(operation.takes, NewText)


def _longest(review: Review, told: _Told, language: str, reason: Longest) -> Longest:
    """Return the longest that a wording becomes in a language; nothing where it cannot be read, which is told."""
    known = Known(
        formats=_formats(review.tenant, language),
        scope=told.scope,
        words=_words(review.tenant, told.services, language) | {"outcome.reason": reason},
        many={"offers": told.offers},
    )
    try:
        return longest(told.wording.get(language, ""), known)
    except Mistake:
        return Longest()


def _formats(tenant: Tenant, language: str) -> Formats:
    """Return how a tenant speaks, as far as its place exists: one that does not is told elsewhere."""
    locale = tenant.locale if is_language(tenant.locale) else language
    return replace(formats_for(tenant, language), locale=locale, time_zone="UTC")


def _words(tenant: Tenant, services: Iterable[Service], language: str) -> dict[str, Longest]:
    """Return the very words that variables hold, as far as the file says them."""
    titles = [service.title.get(language, "") for service in services]
    said = {
        "tenant.name": [tenant.name],
        "language": [language],
        "reference": [_REFERENCE],
        "interaction.sender.phone": [_PHONE],
        "service.title": titles,
        **{name: words for service in services for name, words in _decided(tenant, service)},
    }
    return {name: widest(Longest(word, word) for word in words) for name, words in said.items()}


def _decided(tenant: Tenant, service: Service) -> Iterator[tuple[str, list[str]]]:
    """Go through the texts that tables give."""
    for step in service.steps:
        table = tenant.tables.get(step.table or "") if isinstance(step, DecideStep) else None
        for output, kind in table.outputs.items() if table else ():
            if kind == "text":
                rows = [row.then or row.otherwise or {} for row in table.rows] if table else []
                yield f"{step.name}.{output}", [str(row.get(output, "")) for row in rows]


def _length(review: Review, path: Path, template: str, length: Longest, operation: Operation) -> None:
    likely, most = segments(length.likely), operation.longest
    review.report.texts.append(TextLength(path_in_words(path), likely.encoding, len(length.likely), likely.parts))
    if most is not None and len(length.known) > most:
        said = f"as a text this has {len(length.known):,} characters at its longest, and a text has {most:,} at most"
        review.report.add(path, f"{said}: say it shorter")
    elif most is not None and len(length.likely) > most:
        said = f"with names and words of the usual length this text has {len(length.likely):,} characters"
        review.report.warn(path, f"{said}, and a text has {most:,} at most: say it shorter, or show less")
    _typeset(review, path, template, length.likely)


def _typeset(review: Review, path: Path, template: str, text: str) -> None:
    """Warn of what a word processor wrote, where the same in plain letters would be sent in fewer parts."""
    parts, fewer = segments(text).parts, segments(plain(text)).parts
    if fewer >= parts:
        return
    letters = [letter for letter in dict.fromkeys(text) if letter in PLAIN and letter != PLAIN[letter]]
    instead = ", ".join(f"`{PLAIN[letter]}` for `{letter}`" for letter in letters)
    said = f"makes a text of {parts} parts out of one of {fewer}: write {instead}"
    place = next((place for place, letter in enumerate(template) if letter in letters), None)
    if place is None:
        review.report.warn(path, f"a letter of what is shown here {said}")
    else:
        review.report.warn_inside(path, template, place, f"`{template[place]}` {said}")
