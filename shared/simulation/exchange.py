"""What a sandbox system is asked and what it answers: HTTP without sockets, so that behaviour stays pure."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol
from urllib.parse import parse_qs


@dataclass(frozen=True)
class Request:
    """One HTTP request.

    `path` begins with a slash and carries no query; `query` maps a name to its values in order; `headers` have
    lower-case names; `body` is what came over the wire.
    """

    method: str
    path: str
    query: Mapping[str, list[str]] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""

    def json(self) -> Any:
        """Read the body as JSON; None when it is empty. Raises ValueError when it is no JSON."""
        return json.loads(self.body) if self.body else None

    def form(self) -> dict[str, list[str]]:
        """Read the body as a URL-encoded form: each name's values in order, empty ones kept."""
        return parse_qs(self.body.decode(), keep_blank_values=True)

    def first(self, name: str) -> str | None:
        """The first value of a query parameter, or None."""
        values = self.query.get(name)
        return values[0] if values else None


@dataclass(frozen=True)
class Response:
    """One HTTP response: `body` is a JSON value, or None for an empty body."""

    status: int
    body: object = None
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Callback:
    """What a provider posts by itself: a form to a URL, with the headers that prove where it comes from."""

    url: str
    form: Mapping[str, str]
    headers: Mapping[str, str]


class SandboxSystem(Protocol):
    """The pure behaviour of one provider; whoever serves it holds a lock around each call."""

    name: str

    def handle(self, request: Request) -> Response:
        """Answer as the provider would, in its dialect; never raises on a caller's mistake."""

    def snapshot(self) -> dict[str, Any]:
        """The state that a person wants to compare before and after, as JSON values."""

    def seed(self, data: dict[str, Any]) -> None:
        """Add records as if they had always been there. Raises KeyError when a needed field is missing."""
