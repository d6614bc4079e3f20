"""The nursery of worker processes: everything is imported and connected once, then every invocation is a fork of it.

python -m tests.crash.worker SETTINGS serves invocations on a Unix socket, one connection each, until its standard input
ends. A process that dies hangs up without an answer.
"""

import gc
import json
import os
import select
import signal
import socket
import sys
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from followthrough.contracts.settings import StageSettings
from followthrough.engine.ports import Ports
from followthrough.engine.work import Work
from followthrough.errors import Missing
from followthrough.handlers.delivery_reports import receive_mail_report, receive_report
from followthrough.integration.connections import Connections
from followthrough.interaction.post import Post
from followthrough.interaction.reception import receive
from followthrough.interaction.sms import SMS
from followthrough.routing.releases import Release
from infra.local.emulator import Emulator
from tests.crash.deaths import Doom, Reaper, mortal
from tests.crash.errands import Errands, FarClock, FarMachines, Wire, postboxes
from tests.crash.practice import TENANT, shelf
from tests.crash.stores import Stores
from tests.workbench.bench import PUBLIC_URL, RUNS
from tests.workbench.sweeping import sweep
from tests.workbench.world import BenchSecrets, BenchSystems

LONGEST_SECONDS = 120
"""What takes longer hangs, and is ended."""


@dataclass(frozen=True)
class Settings:
    """Where a nursery serves, the file with the release that it works by, and what its processes connect to."""

    socket: str
    release: str
    gateway: str
    run: str
    endpoints: dict[str, str]

    def text(self) -> str:
        """Return this as an argument."""
        return json.dumps(asdict(self))


def ports(settings: Settings, errands: Errands) -> Ports:
    """Return everything that agents may use; nothing is connected yet."""
    clock = FarClock(errands)
    dynamodb = Emulator(settings.gateway, Path()).client("dynamodb")
    stores = Stores.of(dynamodb, settings.run, clock)
    _warm(dynamodb, stores)
    release = Release.model_validate_json(Path(settings.release).read_text("utf-8"))
    systems = BenchSystems(Connections(BenchSecrets(), settings.endpoints, StageSettings("", "", lambda _tenant: ())))
    boxes = postboxes(errands)
    for system, config in release.tenant.systems.items():
        # Kept once and for all: a fork inherits what was built, but no open connection.
        systems.instead[system] = boxes.get(config.adapter) or systems.connections.adapter(release.tenant, system)
    return Ports(
        ledger=stores.ledger,
        agenda=stores.agenda,
        conversations=stores.conversations,
        subjects=stores.subjects,
        releases=shelf(release),
        systems=systems,
        machines=FarMachines(errands),
        clock=clock,
        public_url=PUBLIC_URL,
    )


def _warm(dynamodb: Any, stores: Stores) -> None:
    """Ask for what is not there, since the SDK prepares itself at its first calls; then hang up."""
    stores.conversations.unread(TENANT, "nobody")
    with suppress(Missing):
        stores.ledger.load(TENANT, "nothing")
    dynamodb._endpoint.http_session.close()


def main(argument: str) -> None:
    """Fork a process for every connection."""
    settings = Settings(**json.loads(argument))
    errands = Errands()
    given = ports(settings, errands)
    # Forks collect nothing: they end before it would pay, and touching every object costs more.
    gc.freeze()
    gc.disable()
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(settings.socket)
        listener.listen(128)
        while True:
            ready, _, _ = select.select([listener, sys.stdin], [], [])
            if sys.stdin in ready:
                return
            connection, _ = listener.accept()
            if os.fork() == 0:
                signal.alarm(LONGEST_SECONDS)
                listener.close()
                _work(given, errands, Wire(connection))
                os._exit(0)
            connection.close()


def _work(given: Ports, errands: Errands, wire: Wire) -> None:
    """Do what was asked, and answer with its result or the error that left it."""
    errands.wire = wire
    task = wire.receive()
    assert task is not None
    reaper = Reaper(Doom(**task["doom"]))
    try:
        result = _done(task, mortal(given, reaper, task["refused"]))
    except Exception as error:  # noqa: BLE001  as a Lambda: whatever it is, the caller hears of it
        wire.send({"error": f"{type(error).__name__}: {error}"})
        return
    reaper("before return")
    wire.send({"result": result})


def _done(task: dict[str, Any], given: Ports) -> Any:
    match task["kind"]:
        case "agent":
            outcome = RUNS[task["agent"]](Work.model_validate(task["payload"]), given)
            return outcome.model_dump(mode="json")
        case "text":
            return receive(SMS, _post(task), given, BenchSecrets())
        case "receipt":
            return receive_report(SMS, _post(task), given, BenchSecrets())
        case "mail report":
            return receive_mail_report(task["report"], given)
        case "sweep":
            return asdict(sweep(given))
    raise ValueError(f"no such task: {task['kind']}")


def _post(task: dict[str, Any]) -> Post:
    return Post(TENANT, task["url"], task["headers"], task["body"].encode())


if __name__ == "__main__":
    main(sys.argv[1])
