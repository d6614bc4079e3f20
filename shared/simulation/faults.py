"""A switchboard for faults: which of the next requests to a sandbox system go wrong, and how."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

from simulation.exchange import Request, Response, SandboxSystem


class Fault(StrEnum):
    """What goes wrong."""

    DELAY = "delay"
    """The answer is right, but late by `seconds`."""
    THROTTLED = "throttled"
    """429 with `seconds` as Retry-After; nothing is done."""
    LIMITED = "limited"
    """429 as the provider itself says it, without Retry-After: its own rules tell that it is for `seconds`, or about as
    long; nothing is done."""
    BROKEN = "broken"
    """500; nothing is done."""
    BROKEN_AFTER_COMMIT = "broken after commit"
    """500; it is done all the same."""
    DROP_BEFORE = "drop before"
    """The connection is closed without an answer; nothing is done."""
    DROP_AFTER_COMMIT = "drop after commit"
    """It is done, then the connection is closed without an answer."""


@dataclass(frozen=True)
class Rule:
    """One rule: the next `times` requests to `system` meet `fault`.

    Only requests by `method` (any, if None) whose path `path`, a regular expression, matches from its beginning, and
    in whose body `body`, another one, is found: so that trouble befalls one customer among many.
    """

    system: str
    fault: Fault
    method: str | None = None
    path: str = ""
    times: int = 1
    seconds: float = 1.0
    body: str = ""

    @classmethod
    def read(cls, system: str, data: Mapping[str, Any]) -> "Rule":
        """Read a rule from JSON. Raises ValueError and KeyError when it is none."""
        given = {name: data[name] for name in ("method", "path", "times", "seconds", "body") if name in data}
        for name in ("path", "body"):
            try:
                re.compile(given.get(name, ""))
            except re.error as bad:
                raise ValueError(f"{name} is no regular expression: {bad}") from None
        return cls(system, Fault(data["fault"]), **given)

    def befalls(self, system: str, request: Request) -> bool:
        """Tell whether the rule is about this request."""
        return (
            self.system == system
            and self.method in {None, request.method}
            and re.match(self.path, request.path) is not None
            and re.search(self.body, request.body.decode(errors="replace")) is not None
        )


@dataclass
class Switchboard:
    """The rules in force, each used up by as many requests as it says; the first that matches is applied."""

    rules: list[Rule] = field(default_factory=list)

    def add(self, rule: Rule) -> None:
        """Put a rule behind those in force."""
        self.rules.append(rule)

    def clear(self, system: str) -> None:
        """Lift all rules about a system."""
        self.rules = [rule for rule in self.rules if rule.system != system]

    def draw(self, system: str, request: Request) -> Rule | None:
        """Return the rule that befalls this request, and count it off."""
        for place, rule in enumerate(self.rules):
            if rule.befalls(system, request):
                left = [replace(rule, times=rule.times - 1)] if rule.times > 1 else []
                self.rules[place : place + 1] = left
                return rule
        return None


def answered(rule: Rule | None, system: SandboxSystem, request: Request) -> Response | None:
    """Let a system answer under a rule; None stands for a closed connection. The delay is the caller's to wait."""
    match rule.fault if rule else None:
        case Fault.DROP_BEFORE:
            return None
        case Fault.THROTTLED:
            return Response(429, _words(system, 429), {"Retry-After": f"{rule.seconds if rule else 0:g}"})
        case Fault.LIMITED:
            return _limited(system, request, rule.seconds if rule else 0)
        case Fault.BROKEN | Fault.BROKEN_AFTER_COMMIT as broken:
            if broken is Fault.BROKEN_AFTER_COMMIT:
                system.handle(request)
            return Response(500, _words(system, 500))
        case Fault.DROP_AFTER_COMMIT:
            system.handle(request)
            return None
    return system.handle(request)


def _limited(system: SandboxSystem, request: Request, seconds: float) -> Response:
    """Ask the system how it words a limit where it has rules of its own."""
    limited = getattr(system, "limited", None)
    answer: Response = limited(request, seconds) if limited else Response(429, _words(system, 429))
    return answer


def _words(system: SandboxSystem, status: int) -> object:
    """Ask the system for its own words where it has some."""
    body = getattr(system, "fault_body", None)
    return body(status) if body else {"message": "Too many requests" if status == 429 else "Internal error"}  # noqa: PLR2004
