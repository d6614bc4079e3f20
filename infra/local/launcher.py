"""Run the emulator and end it, with everything that it started, as soon as whoever started this process is gone.

Its standard input is a pipe that the parent holds open: however the parent ends, even by SIGKILL, the pipe closes.
"""

import contextlib
import os
import shutil
import signal
import sys
import threading
import time

from ministack.app import main as serve
from ministack.core import lambda_runtime

from infra.local import mail_reports, permissions, timeouts, transactions

# After every invocation the emulator waits so long for the first line on a function's stderr, then for silence, and
# never longer in all. Its own 50, 5 and 250 ms are most of a transition's time.
_FIRST_LINE, _SILENCE, _CAP = 0.005, 0.003, 0.250

_GRACE_SECONDS = 5.0

_orphaned = threading.Event()


def main(interpreter: str) -> None:
    """Serve until terminated; functions run on `interpreter`, which has the layer's packages and nothing else."""
    threading.Thread(target=_end_with_parent, daemon=True).start()
    drain = lambda_runtime.Worker._drain_stderr_bounded  # noqa: SLF001  # there is no setting for it
    drain.__defaults__ = (_FIRST_LINE, _SILENCE, _CAP)
    permissions.as_on_aws()
    mail_reports.as_on_aws()
    timeouts.as_on_aws()
    transactions.quick()
    # It starts functions with this interpreter.
    sys.executable = interpreter
    sys.argv = ["ministack"]
    try:
        serve()
    finally:
        if _orphaned.is_set():
            _leave_nothing()


def _end_with_parent() -> None:
    while os.read(sys.stdin.fileno(), 1024):
        pass
    _orphaned.set()
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(_GRACE_SECONDS)
    _leave_nothing()
    # It did not end by itself: take the whole group, functions included. This process leads the group.
    with contextlib.suppress(ProcessLookupError):
        os.killpg(os.getpgrp(), signal.SIGKILL)


def _leave_nothing() -> None:
    """Remove the temporary folder here too: a parent that was killed cannot."""
    shutil.rmtree(os.environ["TMPDIR"], ignore_errors=True)


if __name__ == "__main__":
    main(sys.argv[1])
