"""A sandbox system behind a real socket, with the faults that a network and a provider have."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from json import dumps
from socket import SHUT_RDWR
from threading import Lock, Thread
from urllib.parse import parse_qs, urlsplit

from followthrough.integration.reply import Reply
from simulation.exchange import Request, Response, SandboxSystem

Judge = Callable[[Request], bool]


@dataclass
class Served:
    """A served system: `fault` befalls every request that `when` picks.

    `throttle` answers 429 with seven seconds, `crash` 500 before anything is done, `drop` does what is asked and then
    hangs up. `spoil` makes something else of the body of every answer to a request that `when` picks, after the deed.
    """

    system: SandboxSystem
    endpoint: str = ""
    fault: str | None = None
    spoil: Callable[[bytes], bytes] | None = None
    when: Judge = lambda _: True
    answers: Callable[[Request], Response] | None = None
    """Instead of the system, where a test has an answer of its own."""
    requests: list[Request] = field(default_factory=list)
    lock: Lock = field(default_factory=Lock)

    def answer(self, request: Request) -> Response | None:
        """Answer, or hang up with None."""
        with self.lock:
            self.requests.append(request)
            fault = self.fault if self.when(request) else None
            if fault == "throttle":
                return Response(429, {"message": "slow down"}, {"Retry-After": "7"})
            if fault == "crash":
                return Response(500, {"message": "oops"})
            response = (self.answers or self.system.handle)(request)
            return None if fault == "drop" else response

    def written(self, request: Request, response: Response) -> bytes:
        """Return an answer's body as it goes over the wire."""
        body = b"" if response.body is None else dumps(response.body).encode()
        return self.spoil(body) if self.spoil and self.when(request) else body


def replied(status: int, body: object = None, headers: Mapping[str, str] | None = None) -> Reply:
    """A reply as a connection hands it over."""
    content = b"" if body is None else dumps(body).encode()
    return Reply("acme", status, content, datetime(2026, 11, 3, 15, 0, tzinfo=UTC), headers or {})


@contextmanager
def served(system: SandboxSystem) -> Iterator[Served]:
    """Serve a system on the loopback until the block ends."""
    state = Served(system)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def respond(self) -> None:
            url = urlsplit(self.path)
            request = Request(
                self.command,
                url.path,
                parse_qs(url.query, keep_blank_values=True),
                {name.lower(): value for name, value in self.headers.items()},
                self.rfile.read(int(self.headers.get("content-length") or 0)),
            )
            response = state.answer(request)
            if response is None:
                self.close_connection = True
                self.connection.shutdown(SHUT_RDWR)
                return
            body = state.written(request, response)
            self.send_response(response.status)
            for name, value in {"Content-Type": "application/json", **response.headers}.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        do_GET = do_POST = do_PATCH = do_DELETE = respond  # noqa: N815 - the base class names them so

        def log_message(self, *_: object) -> None:
            """Keep quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    state.endpoint = f"http://127.0.0.1:{server.server_port}"
    try:
        yield state
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
