"""Worker processes as their callers see them: a task goes in, an answer comes out, or nothing ever does."""

import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from followthrough.routing.releases import Release
from tests.crash.deaths import Doom
from tests.crash.errands import Wire
from tests.crash.worker import Settings

_READY_SECONDS = 60.0
NEVER = Doom()


class DiedError(Exception):
    """The process ended before it answered."""


class BrokeError(Exception):
    """The process answered with an error of its own."""


Errand = Callable[..., Any]


@dataclass(frozen=True)
class Workers:
    """Runs each task in a process of its own; `errands` is what they may have done here, by name."""

    path: str
    errands: dict[str, Errand]

    def run(self, task: dict[str, Any], doom: Doom = NEVER, refused: str = "") -> Any:
        """Return what the task returned. Raises DiedError and BrokeError."""
        with socket.socket(socket.AF_UNIX) as connection:
            connection.connect(self.path)
            wire = Wire(connection)
            wire.send({**task, "doom": asdict(doom), "refused": refused})
            while (message := wire.receive()) is not None:
                if "errand" in message:
                    self._answer(wire, self.errands[message["errand"]](*message["arguments"]))
                elif "error" in message:
                    raise BrokeError(message["error"])
                else:
                    return message["result"]
            wire.close()
        raise DiedError

    def _answer(self, wire: Wire, answer: Any) -> None:
        """Answer an errand, even of a process that is gone by now."""
        try:
            wire.send({"answer": answer})
        except BrokenPipeError:
            raise DiedError from None


@contextmanager
def workers(
    gateway: str, run: str, release: Release, endpoints: dict[str, str], errands: dict[str, Errand]
) -> Iterator[Workers]:
    """Keep a nursery for the duration."""
    with tempfile.TemporaryDirectory(prefix="crash-") as folder:
        path, kept = str(Path(folder) / "nursery"), Path(folder) / "release.json"
        # Handed over, not made anew: whoever edits the checkout meanwhile changes nothing here.
        kept.write_text(release.model_dump_json(by_alias=True), "utf-8")
        settings = Settings(path, str(kept), gateway, run, endpoints)
        command = [sys.executable, "-m", "tests.crash.worker", settings.text()]
        nursery = subprocess.Popen(command, stdin=subprocess.PIPE, cwd=Path(__file__).parents[2])
        try:
            _await(nursery, Path(path))
            yield Workers(path, errands)
        finally:
            assert nursery.stdin is not None
            nursery.stdin.close()
            nursery.wait()


def _await(nursery: subprocess.Popen[bytes], path: Path) -> None:
    deadline = time.monotonic() + _READY_SECONDS
    while not path.exists():
        if nursery.poll() is not None or time.monotonic() > deadline:
            raise RuntimeError("the worker processes did not start")
        time.sleep(0.01)
