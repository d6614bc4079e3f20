"""The one small HTTP client that adapters share: it turns what can go wrong on a wire into our errors.

A read has no outcome, so whatever breaks it is `Unreachable`: safe to repeat. A write that breaks after it was sent is
`OutcomeUnknown`: never repeated blindly. What the provider says about a request (any 4xx but 429) is handed back, for
the adapter's own table to translate.
"""

import json
import re
from collections.abc import Mapping
from typing import Any
from weakref import finalize

import httpx

from followthrough.clock import utc_now
from followthrough.errors import OutcomeUnknown, Throttled, Unreachable
from followthrough.integration.reply import Reply, answered_at, refused, retry_after
from followthrough.integration.wire import CONNECT_SECONDS, READ_SECONDS

# All that httpx raises before a byte of the request was sent.
_NEVER_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.ProxyError, httpx.UnsupportedProtocol)


class Connection:
    """A pool of connections to one provider; errors carry the system's name and a code, never a provider's text."""

    def __init__(self, system: str, base: str, headers: Mapping[str, str]) -> None:
        """Speak for `system` to `base` (a URL without trailing slash), with `headers` on every request."""
        self._system = system
        self._client = httpx.Client(
            base_url=base.rstrip("/"),
            headers=dict(headers),
            timeout=httpx.Timeout(READ_SECONDS, connect=CONNECT_SECONDS),
        )
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
        try:
            answer = self._client.request(method, path, params=query, json=body, headers=headers)
        except httpx.RequestError as broken:
            raise Unreachable(self._system, _code(broken)) from None
        reply = self._understood(answer)
        if reply is None:
            raise Unreachable(self._system, f"http_{answer.status_code}")
        return reply

    def write(self, method: str, path: str, *, body: Any = None, headers: Mapping[str, str] | None = None) -> Reply:
        """Ask for something that changes the provider's records. Raises Throttled, Unreachable, OutcomeUnknown."""
        try:
            answer = self._client.request(method, path, json=body, headers=headers)
        except _NEVER_SENT as broken:
            raise Unreachable(self._system, _code(broken)) from None
        except httpx.RequestError as broken:
            raise OutcomeUnknown(self._system, _code(broken)) from None
        reply = self._understood(answer)
        if reply is None:
            raise OutcomeUnknown(self._system, f"http_{answer.status_code}")
        return reply

    def _understood(self, answer: httpx.Response) -> Reply | None:
        """Read an answer; None when it says nothing trustworthy about the request. Raises Throttled."""
        if answer.status_code == httpx.codes.TOO_MANY_REQUESTS:
            raise Throttled(self._system, "too_many_requests", retry_after(answer.headers))
        if not (answer.is_success or refused(answer.status_code)):
            return None
        try:
            body = json.loads(answer.content) if answer.content else None
        except ValueError:
            # A refusal is a refusal whatever its body (a gateway's HTML page); a success that cannot be read is none.
            if answer.is_success:
                return None
            body = None
        return Reply(answer.status_code, body, answered_at(answer.headers, utc_now()), answer.headers)


def _code(broken: httpx.RequestError) -> str:
    """Name a transport error by its class alone: its text may hold an address."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "_", type(broken).__name__).lower()
