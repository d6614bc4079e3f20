"""The one small HTTP client that adapters share: it turns what can go wrong on a wire into our errors.

A read has no outcome, so whatever breaks it is `Unreachable`: safe to repeat. A write that breaks after it was sent is
`OutcomeUnknown`: never repeated blindly. What the provider says about a request (any 4xx but 429) is handed back, for
the adapter's own table to translate; how long a 429 asks to wait is the vendor's to read (`throttled`).
"""

from collections.abc import Callable, Mapping
from typing import Any
from weakref import finalize

import httpx

from followthrough.clock import utc_now
from followthrough.errors import OutcomeUnknown, SystemFailure, Throttled, Unreachable
from followthrough.integration.reply import Reply, answered_at, refused, throttled
from followthrough.integration.wire import Broken, client, send


class Connection:
    """A pool of connections to one provider; errors carry the system's name and a code, never a provider's text."""

    def __init__(
        self,
        system: str,
        base: str,
        headers: Mapping[str, str],
        limited: Callable[[Reply], Throttled] = throttled,
    ) -> None:
        """Speak for `system` to `base` (a URL without trailing slash), with `headers` on every request; `limited` reads
        a 429.
        """
        self._system, self._limited = system, limited
        self._client = client(base, headers)
        # An adapter lives as long as its secret is valid; whoever drops it need not know that it holds sockets.
        finalize(self, self._client.close)

    def read(
        self,
        method: str,
        path: str,
        *,
        query: Mapping[str, str] | None = None,
        body: Any = None,
        headers: Mapping[str, str] | None = None,
    ) -> Reply:
        """Ask for something that changes nothing. Raises Throttled, Unreachable."""
        return self._asked(method, path, query, body, headers, write=False)

    def write(self, method: str, path: str, *, body: Any = None, headers: Mapping[str, str] | None = None) -> Reply:
        """Ask for something that changes the provider's records. Raises Throttled, Unreachable, OutcomeUnknown."""
        return self._asked(method, path, None, body, headers, write=True)

    def _asked(
        self,
        method: str,
        path: str,
        query: Mapping[str, str] | None,
        body: Any,
        headers: Mapping[str, str] | None,
        *,
        write: bool,
    ) -> Reply:
        try:
            answer = send(self._client, method, path, params=query, json=body, headers=headers)
        except Broken as broken:
            raise self._lost(broken.code, write=write and broken.left) from None
        at = answered_at(answer.headers, utc_now())
        reply = Reply(self._system, answer.status, answer.content, at, answer.headers, write=write)
        if answer.status == httpx.codes.TOO_MANY_REQUESTS:
            raise self._limited(reply)
        if not (httpx.codes.is_success(answer.status) or refused(answer.status)):
            # It says nothing trustworthy about the request.
            raise self._lost(f"http_{answer.status}", write=write)
        return reply

    def _lost(self, code: str, *, write: bool) -> SystemFailure:
        return (OutcomeUnknown if write else Unreachable)(self._system, code)
