"""Every error that crosses a module's border, drawn as one tree.

FollowthroughError
├── NotAccepted                 ingress refuses an interaction; carries the HTTP status
│   ├── TooLarge                413
│   ├── UnknownTenant           404
│   ├── Forged                  403
│   ├── Malformed               400
│   └── NotReady                503
├── Misconfigured               an operator's mistake: a list of problems, each with its place, and of warnings
├── BadSecret                   a system's secret is missing, empty, or not what its adapter asks for
├── SystemFailure               a connected system did not do what was asked (raised by adapters only)
│   ├── Refused                 it said no, for good: nothing was done
│   │   ├── Declined            the money did not move
│   │   ├── Taken               somebody else has the slot
│   │   └── NotFound            the thing to act on does not exist
│   ├── Throttled               it asks to come back later: nothing was done
│   ├── Unreachable             the request never left: nothing was done
│   └── OutcomeUnknown          the request left and no trustworthy answer came back
│       └── Differs             what came back is not what was asked for
├── NotEvaluated                an expression has no value with what is known (tenant/expressions.py)
├── NotWorded                   a message cannot be rendered (tenant/templates.py)
└── LedgerError
    ├── Conflict                somebody else wrote first: read again and retry
    ├── Leased                  another invocation is at work on this very effect
    ├── OptedOut                the party does not want to be written to
    ├── TooMany                 the party says more than anybody answers
    ├── StillOpen               somebody is being served and cannot be erased now
    ├── Unreadable              an encrypted field does not open in its place (ledger/encryption.py)
    └── Missing                 no such record

No message of these errors may hold personal data: they are logged, and Step Functions keeps them.
"""

# ruff: noqa: N818  the names are the words of the product: a refusal is called Refused

from collections.abc import Sequence
from dataclasses import dataclass


class FollowthroughError(Exception):
    """Root of all errors that the product raises on purpose."""


class NotAccepted(FollowthroughError):
    """An interaction that ingress refuses; nothing was stored or started."""

    status = 400


class TooLarge(NotAccepted):
    """The body is larger than any real interaction."""

    status = 413


class UnknownTenant(NotAccepted):
    """No tenant of this name is live."""

    status = 404


class Forged(NotAccepted):
    """The signature is missing or wrong."""

    status = 403


class Malformed(NotAccepted):
    """The form lacks a field that the channel always sends, or holds it in a wrong shape."""

    status = 400


class NotReady(NotAccepted):
    """What it would have to be checked with is not there: whoever deploys has to see to it, and the provider may come
    again.
    """

    status = 503


@dataclass(frozen=True, order=True)
class Problem:
    """One mistake in a tenant's file, or a warning: 1-based line and column, what is wrong and what to do."""

    line: int
    column: int
    path: str
    message: str

    def __str__(self) -> str:
        """Read like a compiler's message: `12:7 services.cleaning: ...`."""
        return f"{self.line}:{self.column} {self.path}: {self.message}"


class Misconfigured(FollowthroughError):
    """A tenant's file was refused; `problems` holds every mistake and `warnings` what else was seen, in the file's
    order.
    """

    def __init__(self, problems: list[Problem], warnings: Sequence[Problem] = ()) -> None:
        """Keep every problem and every warning, sorted by place."""
        self.problems = sorted(problems)
        self.warnings = sorted(warnings)
        super().__init__("\n".join(map(str, self.problems)))


class BadSecret(FollowthroughError):
    """The secret of a tenant's system is missing, empty, or not what its adapter asks for; no word of it is told."""


class SystemFailure(FollowthroughError):
    """A connected system did not do what was asked.

    `code` is a stable word in our vocabulary or the provider's own error code, `detail` what else is worth a look:
    never free text of theirs.
    """

    def __init__(self, system: str, code: str, detail: str = "") -> None:
        """Name the system as the adapter calls itself, and the code of the failure."""
        self.system = system
        self.code = code
        self.detail = detail
        super().__init__(f"{system}: {self.said}")

    @property
    def said(self) -> str:
        """The code, and the detail where there is one."""
        return f"{self.code} ({self.detail})" if self.detail else self.code


class Refused(SystemFailure):
    """The system said no, for good; nothing was done."""


class Declined(Refused):
    """The money did not move: a card was declined, or a refund failed; `code` is the provider's.

    The one refusal that reading back may raise: it tells of an attempt that was found, and failed.
    """


class Taken(Refused):
    """Somebody else has the slot."""


class NotFound(Refused):
    """The thing to act on does not exist in that system."""


class Throttled(SystemFailure):
    """The system asks to come back after `seconds`; nothing was done."""

    def __init__(self, system: str, code: str, seconds: float) -> None:
        """Carry the provider's Retry-After in seconds."""
        self.seconds = seconds
        super().__init__(system, code)


class Unreachable(SystemFailure):
    """The request never left (no connection): nothing was done."""


class OutcomeUnknown(SystemFailure):
    """The request left and no trustworthy answer came back: it may or may not have been done."""


class Differs(OutcomeUnknown):
    """An answer came back that is not what was asked for: what was done is for people to find out."""

    def __init__(self, system: str, fields: Sequence[str]) -> None:
        """Name the fields that differ."""
        super().__init__(system, "not_as_asked", ", ".join(fields))


class LedgerError(FollowthroughError):
    """The ledger could not do what was asked."""


class Conflict(LedgerError):
    """Somebody else wrote first: read again and retry."""


class Leased(LedgerError):
    """Another invocation holds the lease on this effect; `seconds` until it runs out."""

    def __init__(self, seconds: float) -> None:
        """Carry how long the other's lease still runs."""
        self.seconds = seconds
        super().__init__(f"leased for another {seconds:.0f} s")


class OptedOut(LedgerError):
    """The party does not want to be written to."""


class TooMany(LedgerError):
    """The party has said more within an hour than anybody answers: most likely it is a machine."""


class StillOpen(LedgerError):
    """Somebody is being served: `executions` are not closed, and `unread` messages wait to open one."""

    def __init__(self, tenant: str, executions: list[str], unread: int) -> None:
        """Name what is still open, so that it can be looked at or ended."""
        self.executions = executions
        self.unread = unread
        waiting = [f"execution {execution} is not closed" for execution in executions]
        waiting += [f"{unread} unread message(s)"] if unread else []
        super().__init__(f"{tenant}: {'; '.join(waiting)}")


class Missing(LedgerError):
    """No such record."""
