"""Whatever ends the process that started the embedded AWS, nothing of it stays."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from infra.local.emulator import emulator

_HOLD = """
import signal, sys, time
from pathlib import Path
from infra.local.emulator import emulator
# A shell has what it starts in the background ignore Ctrl-C.
signal.signal(signal.SIGINT, signal.default_int_handler)
with emulator(Path(sys.executable)) as aws:
    print(aws.gateway, aws.folder, flush=True)
    time.sleep(60)
"""


@pytest.fixture
def holder() -> Iterator[subprocess.Popen[str]]:
    """A process that has started an emulator and holds it."""
    with subprocess.Popen([sys.executable, "-c", _HOLD], stdout=subprocess.PIPE, text=True) as process:
        yield process
        process.kill()


def _reachable(gateway: str) -> bool:
    try:
        return httpx.get(f"{gateway}/_ministack/health", timeout=2).is_success
    except httpx.TransportError:
        return False


def _gone(folder: Path) -> bool:
    """No process has the emulator's folder in its environment any more."""
    for entry in Path("/proc").glob("[0-9]*/environ"):
        try:
            if f"TMPDIR={folder}".encode() in entry.read_bytes():
                return False
        except OSError:
            continue
    return True


@pytest.mark.skipif(not Path("/proc/self/environ").exists(), reason="looks for processes in /proc")
@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL], ids=lambda how: how.name)
def test_it_ends_with_its_parent(holder: subprocess.Popen[str], how: signal.Signals) -> None:
    assert holder.stdout is not None
    gateway, name = holder.stdout.readline().split()
    folder = Path(name)
    assert _reachable(gateway)
    assert not _gone(folder)

    os.kill(holder.pid, how)
    assert holder.wait(15) != 0

    deadline = time.monotonic() + 10
    while time.monotonic() < deadline and not (_gone(folder) and not folder.exists()):
        time.sleep(0.05)
    assert _gone(folder)
    assert not _reachable(gateway)
    assert not folder.exists()


def test_two_run_side_by_side_and_leave_nothing() -> None:
    here = Path(sys.executable)
    with emulator(here) as one, emulator(here) as other:
        one.client("s3").create_bucket(Bucket="only-here")
        assert other.client("s3").list_buckets()["Buckets"] == []
        folders = one.folder, other.folder
    assert not any(folder.exists() for folder in folders)


def test_what_keeps_it_from_starting_is_said() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(RuntimeError, match="already in use"), emulator(Path(sys.executable), port):
            pass
