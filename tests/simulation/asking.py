"""Ask a sandbox system without any socket."""

from collections.abc import Mapping
from json import dumps
from typing import Any

from simulation.exchange import Request, SandboxSystem


def ask(
    system: SandboxSystem,
    method: str,
    path: str,
    body: Any = None,
    *,
    headers: Mapping[str, str],
    query: Mapping[str, str] | None = None,
) -> tuple[int, Any]:
    """Return the status and the body of one exchange."""
    sent = b"" if body is None else body if isinstance(body, bytes) else dumps(body).encode()
    asked = {name: [value] for name, value in (query or {}).items()}
    response = system.handle(Request(method, path, asked, headers, sent))
    return response.status, response.body
