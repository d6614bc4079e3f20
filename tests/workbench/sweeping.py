"""The sweep as it is deployed: what falls due is handed over as JSON, each part looked after by itself."""

from dataclasses import asdict

from followthrough.engine.ports import Ports
from followthrough.operations.sweep import Round, Swept, look_after, rounds


def sweep(ports: Ports) -> Swept:
    """Look after everything that falls due now, and return what was done in all."""
    done = Swept()
    for it in list(rounds(ports.agenda, ports.clock())):
        found = look_after(ports, Round.model_validate_json(it.model_dump_json()))
        for name, value in asdict(found).items():
            setattr(done, name, getattr(done, name) | value if name == "broken" else getattr(done, name) + value)
    return done
