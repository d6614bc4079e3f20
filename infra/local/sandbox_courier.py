"""Carries the sandbox systems' own messages (Twilio's status callbacks) to the product."""

from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from threading import Event, Lock, Thread
from urllib.error import HTTPError, URLError
from urllib.parse import urlencode, urlsplit
from urllib.request import ProxyHandler, Request, build_opener

from simulation.exchange import Callback

PATIENCE_SECONDS = 15.0
"""How long Twilio waits for an answer. Source: https://www.twilio.com/docs/usage/webhooks/webhooks-connection-overrides"""

_LOOPBACK = {"127.0.0.1", "localhost", "::1"}


@dataclass(frozen=True)
class Delivery:
    """A callback that was posted: what was signed, and the answer's status; 0 where there was none."""

    url: str
    form: Mapping[str, str]
    status: int


class Courier:
    """Posts what is due, in order, from a thread of its own.

    A callback's URL is the product's public one, and it is signed over that. `bases` says where a public prefix is
    really served; a callback to anywhere else but the loopback is not posted at all: nothing leaves this machine.
    """

    def __init__(self, due: Callable[[], Sequence[Callback]], seconds: float, bases: Mapping[str, str]) -> None:
        """Ask `due` every `seconds`."""
        self.deliveries: deque[Delivery] = deque(maxlen=10_000)
        self.bases = dict(bases)
        self._due = due
        self._seconds = seconds
        self._closing = Event()
        self._lock = Lock()
        # Without proxies: it goes to this very machine.
        self._opener = build_opener(ProxyHandler({}))
        # A daemon: the product may hang when everything ends, and nobody shall wait for it.
        self._thread = Thread(target=self._run, name="sandbox courier", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Stop after the delivery under way."""
        self._closing.set()
        self._thread.join(timeout=2)

    def round(self) -> None:
        """Post all that is due now."""
        with self._lock:
            for callback in self._due():
                if self._closing.is_set():
                    return
                self.deliveries.append(Delivery(callback.url, callback.form, self._post(callback)))

    def _run(self) -> None:
        while not self._closing.wait(self._seconds):
            self.round()

    def _post(self, callback: Callback) -> int:
        url = self._really(callback.url)
        if url is None:
            return 0
        request = Request(url, urlencode(callback.form).encode(), dict(callback.headers))  # noqa: S310  http, loopback
        try:
            with self._opener.open(request, timeout=PATIENCE_SECONDS) as answer:
                return int(answer.status)
        except HTTPError as refused:
            refused.close()
            return refused.code
        except (URLError, OSError, ValueError):
            return 0

    def _really(self, url: str) -> str | None:
        """Return where a public URL is really served; None for anywhere but this machine."""
        for public, actual in self.bases.items():
            if url.startswith(public):
                url = actual + url.removeprefix(public)
                break
        return url if urlsplit(url).hostname in _LOOPBACK else None
