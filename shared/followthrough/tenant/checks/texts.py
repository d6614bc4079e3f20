"""Check what is told by text: that it is not longer than its provider takes, and in how many parts it is sent."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Final

from followthrough.contracts.manifest import Operation
from followthrough.tenant.checks.review import Review
from followthrough.tenant.checks.told import Told, reasons, told_by_text
from followthrough.tenant.complaints import Mistake
from followthrough.tenant.formats import Formats, formats_for, is_language
from followthrough.tenant.longest import Known, Longest, longest, widest
from followthrough.tenant.models import DecideStep, Service, Tenant
from followthrough.tenant.positions import Path, path_in_words
from followthrough.tenant.segments import PLAIN, plain, segments
from followthrough.tenant.shape import TextLength
from followthrough.tenant.ways import way

_PHONE: Final = "+" + "9" * 15
_REFERENCE: Final = "X" * 8


def check(review: Review) -> None:
    """Report texts that are too long, warn of letters that make them longer, and note how long each becomes."""
    operation = _sending(review)
    if operation is None:
        return
    told, explaining = told_by_text(review), reasons(review)
    decided = {name: dict(_decided(review.tenant, service)) for _, name, service in review.services()}
    for language in filter(is_language, review.tenant.languages):
        said = _Said(review.tenant, language, decided)
        reason = widest(said.longest(each, Longest()) for each in explaining)
        for each in told:
            length = said.longest(each, reason)
            _length(review, (*each.path, language), each.wording.get(language, ""), length, operation)


def _sending(review: Review) -> Operation | None:
    """Return the operation by which the tenant sends texts; of several the one that takes the fewest characters."""
    ways = [review.operations.get(system.adapter, {}) for system in review.tenant.systems.values()]
    texting = [of[found[0]] for of in ways if (found := way(of)) is not None and found[1] == "text"]
    return min(texting, key=lambda it: it.longest or 0, default=None)


@dataclass(frozen=True)
class _Said:
    """What a tenant says in one language; `decided` are the texts that each service's tables give, by variable."""

    tenant: Tenant
    language: str
    decided: Mapping[str, Mapping[str, list[str]]]

    def longest(self, told: Told, reason: Longest) -> Longest:
        """Return the longest that a wording becomes; nothing where it cannot be read, which is told elsewhere."""
        words = self._words(told.services) | {"outcome.reason": reason}
        known = Known(_formats(self.tenant, self.language), told.scope, words, {"offers": told.offers})
        try:
            return longest(told.wording.get(self.language, ""), known)
        except Mistake:
            return Longest()

    def _words(self, services: frozenset[str]) -> dict[str, Longest]:
        """Return the very words that variables hold, as far as the file says them."""
        said = {
            "tenant.name": [self.tenant.name],
            "language": [self.language],
            "reference": [_REFERENCE],
            "interaction.sender.phone": [_PHONE],
            "service.title": [self.tenant.services[name].title.get(self.language, "") for name in services],
        }
        for name in services:
            for variable, words in self.decided[name].items():
                said[variable] = [*said.get(variable, []), *words]
        return {name: widest(Longest(word, word) for word in words) for name, words in said.items()}


def _formats(tenant: Tenant, language: str) -> Formats:
    """Return how a tenant speaks, as far as its place exists: one that does not is told elsewhere."""
    locale = tenant.locale if is_language(tenant.locale) else language
    return replace(formats_for(tenant, language), locale=locale, time_zone="UTC")


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
