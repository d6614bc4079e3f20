"""What an adapter declares of each operation, so that the compiler can check it and the ledger can settle it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final, Literal

from pydantic import BaseModel

from followthrough.contracts.call import Answer, Call
from followthrough.errors import Differs


@dataclass(frozen=True)
class ByKey:
    """An unknown outcome is settled by the same call with the same idempotency key, while the provider keeps it.

    `afterwards` says how it is settled when the key is too old.
    """

    valid_for: timedelta
    afterwards: "ByReadBack | None" = None


@dataclass(frozen=True)
class ByReadBack:
    """An unknown outcome is settled by looking for our reference in the provider's records.

    `lag` is how long the provider's search may run behind: "not found" means "not done" only when the call is older.
    """

    lag: timedelta


@dataclass(frozen=True)
class ByRepeating:
    """The operation may simply be repeated: doing it twice leaves the same state as doing it once (a cancel, a
    release).
    """


@dataclass(frozen=True)
class Lapses:
    """An unknown outcome cannot be looked up but undoes itself after this time (a slot reservation). The provider gives
    it to one only: asked for again it is given if it was not before, and else refused as taken.

    `minutes` names the setting in which a tenant says for how many it is, where it is not for that long.
    """

    after: timedelta
    minutes: str | None = None


@dataclass(frozen=True)
class Unsettled:
    """An unknown outcome cannot be settled. `repeat` says that once more is better than never (a confirmation)."""

    repeat: bool


Settlement = ByKey | ByReadBack | ByRepeating | Lapses | Unsettled


@dataclass(frozen=True)
class Reported:
    """The provider reports later what became of the words that it accepted: until then they are not delivered.

    `ask` names the operation that reads how they stand (it takes FindSent and gives Sent) where a report does not
    come; None where nobody can ask.
    """

    ask: str | None = None


AsAsked = Callable[[Any, Any, Call], Iterator[str]]
"""Names the fields of an answer (`gives`) that are not what was asked for (`takes`)."""


def whatever(_request: object, _answer: object, _call: Call) -> Iterator[str]:
    """Nothing of the answer repeats what was asked for."""
    return iter(())


ACCEPTED: Final = frozenset({"accepted"})
"""The status of what a service took on that names none of its own."""


@dataclass(frozen=True)
class Operation:
    """One thing an adapter can do.

    `takes` and `gives` are the port's models. `many`: the answer is a list of `gives`; `optional`: it may be None.
    A `write` says how an unknown outcome is settled; a read has none. `undo` names the operation that undoes it, whose
    `takes` is filled by field name from this one's answer, then from its request. `creates` names the operation that
    `if none: create` runs. `harmless`: it leaves no more than a note in the tenant's own records, which may stand when
    the chain does not finish, since the record of the outcome follows it. What sends words says by `reported` how one
    learns what became of them; without it, that they were accepted is all that anybody will ever know;
    and by `longest` how many characters of them it takes, where that is bounded.

    The answer to a write is evidence only if it is what was asked for (a postcondition): `as_asked` compares it with
    the request, and its status, in the provider's own words, must be one of `statuses`.

    What moves money says by `sums` what every sum in a currency (ISO 4217) must be a multiple of, in minor units; None
    where the provider does not take that currency.
    """

    kind: Literal["read", "write"]
    takes: type[BaseModel]
    gives: type[BaseModel]
    many: bool = False
    optional: bool = False
    settle: Settlement | None = None
    undo: str | None = None
    creates: str | None = None
    harmless: bool = False
    reported: Reported | None = None
    longest: int | None = None
    as_asked: AsAsked | None = None
    statuses: frozenset[str] = frozenset()
    sums: Callable[[str], int | None] | None = None

    def check(self, system: str, request: BaseModel, answer: Answer, call: Call) -> None:
        """Compare what a system answered with what was asked of it. Raises Differs."""
        if self.kind == "read":
            return
        wrong = [] if self.as_asked is None else list(self.as_asked(request, answer.result, call))
        if self.statuses and answer.evidence is not None and answer.evidence.status not in self.statuses:
            wrong.append("status")
        if answer.reference not in {None, call.reference}:
            wrong.append("reference")
        if wrong:
            raise Differs(system, wrong)
