"""What no provider can do to us: talk for ever, talk too much, or send us elsewhere."""

import gzip
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from threading import Event, Thread
from typing import TYPE_CHECKING

import pytest

from followthrough.errors import OutcomeUnknown, SystemFailure, Unreachable
from followthrough.integration.limits import ANSWER_SECONDS, LARGEST_ANSWER, within
from tests.fuzz.answers import CONTRACTS
from tests.integration.contract import CALL, AdapterContract
from tests.integration.served import served

if TYPE_CHECKING:
    from followthrough.contracts.adapter import Adapter

Sending = Callable[[socket.socket, Event], None]
HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"


@contextmanager
def answering(send: Sending) -> Iterator[str]:
    """A server that answers each connection with whatever `send` writes, byte by byte if it likes."""
    over = Event()
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(0.05)

        def serve() -> None:
            while not over.is_set():
                try:
                    connection, _ = listener.accept()
                except TimeoutError:
                    continue
                with connection:
                    connection.recv(65536)
                    try:
                        send(connection, over)
                    except OSError:
                        continue  # the client had enough

        thread = Thread(target=serve)
        thread.start()
        try:
            yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        finally:
            over.set()
            thread.join()


def dripping(connection: socket.socket, over: Event) -> None:
    """One byte of a body at a time, without an end."""
    connection.sendall(HEAD + b"Content-Length: 1000000\r\n\r\n")
    while not over.wait(0.02):
        connection.sendall(b" ")


def dripping_headers(connection: socket.socket, over: Event) -> None:
    """One byte of a header at a time, without an end."""
    connection.sendall(HEAD + b"X-Long: ")
    while not over.wait(0.02):
        connection.sendall(b"x")


@cache
def packed_spaces() -> bytes:
    """Pack them once."""
    return gzip.compress(b" " * (64 * 1024 * 1024), compresslevel=1)


def bursting(connection: socket.socket, _over: Event) -> None:
    """Sixty-four megabytes of spaces, packed into less than one."""
    packed = packed_spaces()
    connection.sendall(HEAD + b"Content-Encoding: gzip\r\nContent-Length: %d\r\n\r\n" % len(packed) + packed)


def endless(connection: socket.socket, over: Event) -> None:
    """A body without an end, as fast as it is read."""
    connection.sendall(HEAD + b"Transfer-Encoding: chunked\r\n\r\n")
    while not over.is_set():
        connection.sendall(b"10000\r\n" + b" " * 65536 + b"\r\n")


@pytest.fixture(params=CONTRACTS, ids=lambda contract: contract.trial.kind.name)
def contract(request: pytest.FixtureRequest) -> type[AdapterContract]:
    """Each adapter that speaks HTTP."""
    found: type[AdapterContract] = request.param
    return found


def failing(
    contract: type[AdapterContract], operation: str, endpoint: str, seconds: float = ANSWER_SECONDS
) -> SystemFailure:
    """Ask a well-behaved system for what the operation needs, and the other one for the operation itself."""
    with served(contract.trial.system()) as server:
        request = contract.trial.prepare[operation](contract.trial.build(contract.trial.secret, server.endpoint))
    adapter: Adapter = contract.trial.build(contract.trial.secret, endpoint)
    with within(seconds), pytest.raises(SystemFailure) as failure:
        adapter.run(operation, request, CALL)
    return failure.value


def one(contract: type[AdapterContract], kind: str) -> str:
    """An operation of the kind, whose first request is of that kind, too."""
    names = {
        "read": ("find_openings", "find_person", "find_payer", "find_sent"),
        "write": ("book", "log_activity", "create_payer", "send"),
    }
    return next(name for name in names[kind] if name in contract.trial.kind.operations)


@pytest.mark.parametrize("send", [dripping, dripping_headers])
@pytest.mark.parametrize(("kind", "failure"), [("read", Unreachable), ("write", OutcomeUnknown)])
def test_an_answer_that_never_ends_is_not_waited_for(
    contract: type[AdapterContract], send: Sending, kind: str, failure: type[SystemFailure]
) -> None:
    """P4: each byte comes in time, and yet the whole has to end: what was asked for is then unknown."""
    with answering(send) as endpoint:
        failed = failing(contract, one(contract, kind), endpoint, seconds=1)
    assert type(failed) is failure
    assert failed.code == "read_timeout"


@pytest.mark.parametrize("send", [bursting, endless])
def test_an_answer_that_is_too_large_is_not_read(contract: type[AdapterContract], send: Sending) -> None:
    """P4: what is packed or endless is cut off, long before it fills a function's memory."""
    assert LARGEST_ANSWER < 64 * 1024 * 1024
    with answering(send) as endpoint:
        assert failing(contract, one(contract, "read"), endpoint).code == "answer_too_large"


def test_a_redirect_is_no_answer(contract: type[AdapterContract]) -> None:
    """P4: whoever stands before a provider cannot send us, and a tenant's secret, elsewhere."""
    asked: list[bytes] = []

    def elsewhere(connection: socket.socket, _over: Event) -> None:
        asked.append(b"here")
        connection.sendall(b"HTTP/1.1 302 Found\r\nLocation: /elsewhere\r\nContent-Length: 0\r\n\r\n")

    with answering(elsewhere) as endpoint:
        assert failing(contract, one(contract, "read"), endpoint).code == "http_302"
    assert len(asked) == 1


def test_what_is_out_of_time_is_not_sent(contract: type[AdapterContract]) -> None:
    """P4: a visit that has no time left asks for nothing more, so that nothing of it is unknown."""
    with served(contract.trial.system()) as server:
        adapter = contract.trial.build(contract.trial.secret, server.endpoint)
        request = contract.trial.prepare[one(contract, "write")](adapter)
        before = len(server.requests)
        with within(0), pytest.raises(Unreachable, match="no_time_left"):
            adapter.run(one(contract, "write"), request, CALL)
        assert len(server.requests) == before
