"""What a function takes until it can be invoked for the first time: the import of its handler, in a new process."""

import resource
import subprocess
from collections.abc import Iterator
from pathlib import Path

from infra.aws import layer
from infra.aws.duties import DUTIES
from tests.bench.measure import Measure

ROOT = Path(__file__).parents[2]
ROUNDS = 3


def starts() -> Iterator[Measure]:
    """Measure functions on the interpreter that has a function's packages and nothing else."""
    python = str(layer.interpreter())
    idle = min(_import(python, "sys") for _ in range(ROUNDS))
    for duty in DUTIES:
        module = f"functions.{duty.folder}.{duty.name}"
        yield Measure(module, min(_import(python, module) for _ in range(ROUNDS)) - idle, "ms")


def _import(python: str, module: str) -> float:
    """Return the milliseconds of processor time of a process that imports this and ends."""
    began = _spent()
    path = {"PYTHONPATH": f"{ROOT}:{ROOT / 'shared'}"}
    subprocess.run([python, "-c", f"import {module}"], env=path, check=True)
    return 1000 * (_spent() - began)


def _spent() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime
