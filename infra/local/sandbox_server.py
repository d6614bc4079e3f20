"""One sandbox system behind a port of its own: real sockets and real faults."""

import json
import socket
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any, cast
from urllib.parse import parse_qs, urlsplit

from infra.local.sandbox_booth import BACK_DOOR, Booth
from simulation.exchange import Request, Response


class SandboxServer(ThreadingHTTPServer):
    """Serves one booth on the loopback until it is closed, and leaves no thread and no socket behind."""

    # Threads are joined at the end; the connections that they wait on are closed first.
    daemon_threads = False
    request_queue_size = 128

    def __init__(self, booth: Booth, port: int = 0) -> None:
        """Listen on a port, any free one if 0, and begin to serve."""
        super().__init__(("127.0.0.1", port), _Handler)
        self.booth = booth
        self._open: set[socket.socket] = set()
        self._thread = Thread(
            target=self.serve_forever, kwargs={"poll_interval": 0.02}, name=f"sandbox {booth.system.name}"
        )
        self._thread.start()

    @property
    def endpoint(self) -> str:
        """The base URL."""
        return f"http://127.0.0.1:{self.server_port}"

    def close(self) -> None:
        """Stop serving at once, whatever is under way."""
        self.booth.closing.set()
        self.shutdown()
        for connection in list(self._open):
            _hang_up(connection)
        self.server_close()
        self._thread.join()

    def process_request(self, request: Any, client_address: Any) -> None:
        """Remember the connection."""
        self._open.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        """Forget the connection."""
        self._open.discard(request)
        super().shutdown_request(request)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Keep quiet about clients that hang up, not about our own bugs."""
        if not isinstance(sys.exception(), OSError):
            super().handle_error(request, client_address)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1  # an answer leaves in one piece

    def _respond(self) -> None:
        booth = cast("SandboxServer", self.server).booth
        url = urlsplit(self.path)
        body = self.rfile.read(int(self.headers.get("content-length") or 0))
        headers = {name.lower(): value for name, value in self.headers.items()}
        request = Request(self.command, url.path, parse_qs(url.query, keep_blank_values=True), headers, body)
        if not request.path.startswith(BACK_DOOR):
            self._send(booth.serve(request))
            return
        try:
            self._send(booth.back_door(request))
        except (ValueError, KeyError, TypeError) as wrong:
            self._send(Response(400, {"message": f"{type(wrong).__name__}: {wrong}"}))

    def _send(self, response: Response | None) -> None:
        if response is None:
            self.close_connection = True
            _hang_up(self.connection)
            return
        body = b"" if response.body is None else json.dumps(response.body).encode()
        self.send_response(response.status)
        for name, value in {"Content-Type": "application/json", **response.headers}.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    do_GET = do_POST = do_PATCH = do_PUT = do_DELETE = _respond  # noqa: N815  the base class names them so

    def log_message(self, *_: object) -> None:
        """Keep quiet."""


def _hang_up(connection: socket.socket) -> None:
    try:
        connection.shutdown(socket.SHUT_RDWR)
    except OSError:
        return  # the other side was faster
