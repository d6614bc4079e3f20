"""The one way to providers over HTTP: a request goes out once, and its answer is bounded in time and size.

Redirects are not followed: what they say is no answer. The vendors' own packages are given this client, too.
"""

import logging
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from ssl import SSLContext
from typing import Any

import httpcore
import httpx

from followthrough.integration.limits import (
    ANSWER_SECONDS,
    CONNECT_SECONDS,
    LARGEST_ANSWER,
    READ_SECONDS,
    seconds_left,
    within,
)

# All that httpx raises before a byte of the request was sent.
_NEVER_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.ProxyError, httpx.UnsupportedProtocol)


class Broken(Exception):  # noqa: N818  what it is
    """No trustworthy answer came back: `code` says why, `left` whether the request may have arrived."""

    def __init__(self, code: str, *, left: bool) -> None:
        """Keep what a failure is made of, and nothing of any text: it may hold an address."""
        self.code, self.left = code, left
        super().__init__(code)


@dataclass(frozen=True)
class Answered:
    """What came back: the headers' names are lower-case."""

    status: int
    headers: Mapping[str, str]
    content: bytes = field(repr=False)


def client(base: str = "", headers: Mapping[str, str] | None = None) -> httpx.Client:
    """Return a pool of connections to `base` (a URL without trailing slash), with `headers` on every request."""
    return httpx.Client(
        base_url=base.rstrip("/"),
        headers=headers,
        timeout=httpx.Timeout(READ_SECONDS, connect=CONNECT_SECONDS),
        transport=_Transport(),
    )


def send(through: httpx.Client, method: str, url: str, **request: Any) -> Answered:
    """Send one request, whose parts httpx names (`params`, `json`, `data`, `content`, `headers`, `auth`), and read all
    of the answer. Raises Broken.
    """
    if seconds_left() <= 0:
        raise Broken("no_time_left", left=False)
    try:
        with within(ANSWER_SECONDS), through.stream(method, url, **request) as answer:
            return Answered(answer.status_code, answer.headers, _whole(answer.iter_bytes()))
    except httpx.RequestError as broken:
        raise Broken(_code(broken), left=not isinstance(broken, _NEVER_SENT)) from None


def quiet(*loggers: str) -> None:
    """Let these loggers say nothing below a warning: they write out whole URLs, and customers' numbers in them."""
    for name in loggers:
        logging.getLogger(name).setLevel(logging.WARNING)


def _whole(parts: Iterable[bytes]) -> bytes:
    """Put an answer together. A part is what came in at once, unpacked: so no more is unpacked than is wanted."""
    body = bytearray()
    for part in parts:
        body += part
        if len(body) > LARGEST_ANSWER:
            raise Broken("answer_too_large", left=True)
    return bytes(body)


def _code(broken: httpx.RequestError) -> str:
    """Name a transport error by its class alone: its text may hold an address."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "_", type(broken).__name__).lower()


@cache
def _trust() -> SSLContext:
    """Return the certificates that we trust; to read them takes longer than many a request."""
    return httpx.create_ssl_context()


class _Transport(httpx.HTTPTransport):
    """httpx's own, over connections that keep to what is left of the time: httpx limits each read of a socket, so that
    an answer of one byte a second never ends.
    """

    def __init__(self) -> None:
        """Replace httpx's pool, which takes no backend, by one like it."""
        trust = _trust()
        super().__init__(verify=trust)
        self._pool = httpcore.ConnectionPool(
            ssl_context=trust,
            max_connections=100,
            max_keepalive_connections=20,
            keepalive_expiry=5.0,
            network_backend=_Backend(),
        )


class _Backend(httpcore.SyncBackend):
    """Opens connections that are `_Timed`."""

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.NetworkStream:
        """Connect."""
        limit = _cut(timeout, httpcore.ConnectTimeout)
        return _Timed(super().connect_tcp(host, port, limit, local_address, socket_options))


class _Timed(httpcore.NetworkStream):
    """A connection whose every wait ends with the time that is left."""

    def __init__(self, stream: httpcore.NetworkStream) -> None:
        """Wrap a connection."""
        self._stream = stream

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        """Receive."""
        return self._stream.read(max_bytes, _cut(timeout, httpcore.ReadTimeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        """Send."""
        self._stream.write(buffer, _cut(timeout, httpcore.WriteTimeout))

    def start_tls(
        self, ssl_context: SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        """Go on encrypted."""
        limit = _cut(timeout, httpcore.ConnectTimeout)
        return _Timed(self._stream.start_tls(ssl_context, server_hostname, limit))

    def close(self) -> None:
        """Hang up."""
        self._stream.close()

    def get_extra_info(self, info: str) -> Any:
        """Tell what httpcore asks of a connection."""
        return self._stream.get_extra_info(info)


def _cut(timeout: float | None, over: type[Exception]) -> float:
    """Return the shorter of a wait and what is left. Raises `over` where nothing is."""
    left = seconds_left()
    if left <= 0:
        raise over
    return left if timeout is None else min(timeout, left)
