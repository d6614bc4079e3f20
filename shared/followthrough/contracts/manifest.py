"""What an adapter declares of each operation, so that the compiler can check it and the ledger can settle it."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Literal

from pydantic import BaseModel


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
