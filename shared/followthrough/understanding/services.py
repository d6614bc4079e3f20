"""Which service a customer wants, by the tenant's keywords and example utterances; unsure is an answer too.

A keyword counts as a whole word, whatever its case, accents or number. A word that changes something booked before
("cancel", "move") outranks the name of what was booked. Where text and examples leave doubt, nothing is identified:
asking costs a message, the wrong service costs a customer.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from followthrough.understanding.folding import words_of
from followthrough.understanding.likeness import likeness
from followthrough.understanding.service_words import changes_in, singulars, without_ruled_out

ENOUGH = 0.38
"""Below this score (0 to 1) nothing is identified."""

CLEAR = 0.12
"""The best score must be this much above the next."""

_KEYWORD = 0.7


class HasExamples(Protocol):
    """How a service is recognised in a customer's words."""

    @property
    def keywords(self) -> Sequence[str]:
        """Words or phrases that name the service."""

    @property
    def examples(self) -> Sequence[str]:
        """What customers say when they want it, in any language."""


class Identifiable(Protocol):
    """A service, as far as identifying it goes."""

    @property
    def identify(self) -> HasExamples:
        """Return its keywords and examples."""


@dataclass(frozen=True)
class Identification:
    """What was found: `service` is None when unsure, `reason` holds no word of the customer, `scores` are 0 to 1."""

    service: str | None
    reason: str
    scores: dict[str, float]


def identify(text: str, services: Mapping[str, Identifiable]) -> Identification:
    """Identify the service of `services` (by name) that `text` asks for, or abstain with the reason."""
    words = without_ruled_out(text)
    alike = likeness(words, {name: [words_of(each) for each in _said(service)] for name, service in services.items()})
    certain = changes_in(words, surely=True)
    named = {
        name
        for name, service in services.items()
        if _names(words, service.identify.keywords) or certain & _changes_by_keyword(service)
    }
    scores = {
        name: round(_KEYWORD + (1 - _KEYWORD) * score if name in named else score, 3) for name, score in alike.items()
    }
    if not words or not scores:
        return Identification(None, "nothing in the text says what is wanted", scores)
    asked = changes_in(words)
    changing = {name for name, service in services.items() if asked & _changes_of(service)}
    if asked and not changing:
        return Identification(None, "it asks to change something booked before, and no service does that", scores)
    able = {name: score for name, score in scores.items() if name in changing} if asked else scores
    best, *others = sorted(able, key=lambda name: (-able[name], name))
    if able[best] < ENOUGH:
        return Identification(None, f"no service is near enough: {best} is nearest with {able[best]:.2f}", scores)
    if others and able[best] - able[others[0]] < CLEAR:
        near = f"{best} ({able[best]:.2f}) and {others[0]} ({able[others[0]]:.2f})"
        return Identification(None, f"too close to tell apart: {near}", scores)
    how = "a keyword names it" if best in named else "its examples are alike"
    change = ", and it changes something booked before" if asked else ""
    next_best = f"; next is {others[0]} with {able[others[0]]:.2f}" if others else ""
    return Identification(best, f"{how} ({able[best]:.2f}){change}{next_best}", scores)


def _said(service: Identifiable) -> Sequence[str]:
    return [*service.identify.examples, *service.identify.keywords]


def _names(words: Sequence[str], keywords: Sequence[str]) -> bool:
    forms = [singulars(word) for word in words]
    for keyword in keywords:
        wanted = [singulars(word) for word in words_of(keyword)]
        starts = range(len(forms) - len(wanted) + 1) if wanted else ()
        if any(all(one & forms[at + nth] for nth, one in enumerate(wanted)) for at in starts):
            return True
    return False


def _changes_of(service: Identifiable) -> set[str]:
    """Return the changes a service makes: its keywords say so, or its examples where no keyword does."""
    return _changes_by_keyword(service) or {
        kind for said in service.identify.examples for kind in changes_in(words_of(said))
    }


def _changes_by_keyword(service: Identifiable) -> set[str]:
    return {kind for keyword in service.identify.keywords for kind in changes_in(words_of(keyword))}
