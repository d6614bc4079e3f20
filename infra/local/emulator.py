"""Start the embedded AWS on the loopback interface, and leave nothing of it behind."""

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import IO, Any

import boto3
import httpx
from botocore.config import Config

REGION = "us-east-1"
ACCOUNT = "000000000000"
# The emulator takes any; these tell that none of a real account is used.
CREDENTIALS = {"AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test"}

_READY_SECONDS = 30.0
_END_SECONDS = 10.0


@dataclass(frozen=True)
class Emulator:
    """A running embedded AWS."""

    gateway: str
    """Its base URL, for every service's API and for the APIs deployed into it."""

    folder: Path
    """Its temporary folder, with its log `emulator.log`; gone with it."""

    def client(self, service: str, like: Config | None = None) -> Any:
        """A boto3 client of it, configured as `like`, which reads no configuration or credentials of this machine."""
        make: Any = boto3.client  # its overloads want the service's name as a literal
        local = Config(inject_host_prefix=False, s3={"addressing_style": "path"}, proxies={})
        return make(
            service,
            endpoint_url=self.gateway,
            region_name=REGION,
            aws_access_key_id=CREDENTIALS["AWS_ACCESS_KEY_ID"],
            aws_secret_access_key=CREDENTIALS["AWS_SECRET_ACCESS_KEY"],
            config=local if like is None else like.merge(local),
        )


@contextmanager
def emulator(interpreter: Path, port: int | None = None, state: Path | None = None) -> Iterator[Emulator]:
    """Run it for the duration, on any free port unless one is given.

    Nothing that was in it is kept, but in the folder `state`, from which another run goes on where this one ended. What
    it was told of addresses is in there too: that run has to have the same port.
    """
    folder = Path(tempfile.mkdtemp(prefix="followthrough-"))
    port = port or _free_port()
    process = None
    with _termination_as_exit(), (folder / "emulator.log").open("wb") as log:
        try:
            process = _launch(interpreter, _environment(folder, port, state), log)
            running = Emulator(f"http://127.0.0.1:{port}", folder)
            _await_ready(running, process)
            yield running
        finally:
            _end(process)
            shutil.rmtree(folder, ignore_errors=True)


def _environment(folder: Path, port: int, state: Path | None) -> dict[str, str]:
    """Only what is said here reaches the emulator and the functions in it: none of this shell's credentials do."""
    kept = {"PERSIST_STATE": "1", "STATE_DIR": f"{state}/state", "S3_PERSIST": "1", "S3_DATA_DIR": f"{state}/s3"}
    return {
        "PATH": os.environ.get("PATH", os.defpath),
        "HOME": str(folder),
        "TMPDIR": str(folder),
        "LANG": "C.UTF-8",
        "PYTHONUNBUFFERED": "1",
        "BIND_HOST": "127.0.0.1",
        "GATEWAY_PORT": str(port),
        "MINISTACK_HOST": "localhost",
        "MINISTACK_REGION": REGION,
        "IOT_MTLS_ENABLED": "0",
        "SFTP_ENABLED": "0",
        "AUTH": "true",
        "LOG_LEVEL": "WARNING",
        "NO_PROXY": "*",
        **CREDENTIALS,
        **(kept if state else {}),
    }


def _launch(interpreter: Path, environment: Mapping[str, str], log: IO[bytes]) -> subprocess.Popen[bytes]:
    launcher = Path(__file__).with_name("launcher.py")
    return subprocess.Popen(
        # -P: this folder's module names are not for the emulator to import.
        [sys.executable, "-P", str(launcher), str(interpreter)],
        env=dict(environment),
        stdin=subprocess.PIPE,
        stdout=log,
        stderr=subprocess.STDOUT,
        # Ctrl-C is for us to answer: it must not reach the emulator while we still tidy up.
        start_new_session=True,
    )


def _await_ready(running: Emulator, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + _READY_SECONDS
    with httpx.Client(trust_env=False, timeout=2) as http:
        while time.monotonic() < deadline and process.poll() is None:
            with contextlib.suppress(httpx.TransportError):
                if http.get(f"{running.gateway}/_ministack/health").is_success:
                    return
            time.sleep(0.05)
    log = (running.folder / "emulator.log").read_text(errors="replace")[-2000:]
    raise RuntimeError(f"the embedded AWS did not start:\n{log}")


def _end(process: subprocess.Popen[bytes] | None) -> None:
    """Ask it to end, and if it does not, end it and the functions in it, which share its process group."""
    if process is None:
        return
    assert process.stdin is not None
    process.stdin.close()
    process.terminate()
    with contextlib.suppress(subprocess.TimeoutExpired):
        process.wait(_END_SECONDS)
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


@contextmanager
def _termination_as_exit() -> Iterator[None]:
    """Let SIGTERM unwind the stack as Ctrl-C does; only a main thread may say so."""

    def leave(_signal: int, _frame: FrameType | None) -> None:
        raise SystemExit(128 + signal.SIGTERM)

    try:
        previous = signal.signal(signal.SIGTERM, leave)
    except ValueError:
        yield
        return
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, previous)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
