"""What AWS takes of a machine: how long its states' names, how large the request that makes it, how many events an
execution, and how long it lives.

Source: https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html
"""

import json
from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any, Final

from followthrough.errors import Misconfigured, Problem
from followthrough.routing.bounds import INPUT_WAIT, MAX_QUESTIONS
from followthrough.routing.compiler import AGENTS
from followthrough.routing.events import MOST_EVENTS, longest
from followthrough.tenant.load import Loaded
from followthrough.tenant.models import AskStep, ChooseStep, Service, Tenant
from followthrough.tenant.positions import Path, path_in_words

LONGEST_NAME: Final = 80
"""Characters of a state's name, as of a machine's and an execution's."""

LARGEST_REQUEST: Final = 1024 * 1024
"""Bytes of a request, with its headers and all."""

LONGEST_LIFE: Final = timedelta(days=365)
"""Of an execution."""

_AROUND: Final = 8 * 1024
"""Bytes for what goes with a definition: names, the role, and headers, of which the session's token is the longest."""

LONGEST_FUNCTIONS: Final[Mapping[str, str]] = {
    agent: f"arn:aws-us-gov:lambda:us-gov-east-1:{'0' * 12}:function:followthrough-{'x' * 12}-{agent}:99999"
    for agent in AGENTS
}
"""As long as a deployment's can be: for whoever checks a machine before it is known where it will run."""


def definition(machine: Mapping[str, Any]) -> str:
    """Write a machine as it is sent, without a needless space."""
    return json.dumps(machine, separators=(",", ":"))


def request_bytes(machine: Mapping[str, Any]) -> int:
    """Return how large the request that makes a machine is: in it the definition is a text, every quote escaped."""
    return len(json.dumps(definition(machine))) + _AROUND


def check(loaded: Loaded, machine: Mapping[str, Any]) -> None:
    """Raise Misconfigured for what AWS would refuse of a tenant's machine, each at its place in the tenant's file."""
    tenant, places = loaded.tenant, loaded.places
    found = [*_names(tenant, machine), *_size(tenant, machine), *_events(tenant), *_waits(tenant)]
    if found:
        problems = [Problem(*places.key(path), path_in_words(path), message) for path, message in found]
        raise Misconfigured(problems, loaded.warnings)


def _names(tenant: Tenant, machine: Mapping[str, Any]) -> Iterator[tuple[Path, str]]:
    """A state is called by its service and its step; of the states of one step the longest is told."""
    longest_of: dict[Path, str] = {}
    for state in machine["States"]:
        name, colon, rest = state.partition(": ")
        if len(state) > LONGEST_NAME and colon:
            path = _path(name, rest, tenant.services[name])
            longest_of[path] = max(longest_of.get(path, ""), state, key=len)
    for path, state in longest_of.items():
        said = (
            f"the state `{state}` would have {len(state)} characters, and AWS takes {LONGEST_NAME}: shorten the "
            f"service's name or this one, by {len(state) - LONGEST_NAME} together"
        )
        yield path, said


def _path(name: str, rest: str, service: Service) -> Path:
    here: Path = ("services", name)
    # Neither name holds a colon, a question mark or a space, so the first word is the step's.
    word = rest.replace(":", " ").replace("?", " ").split()[0]
    if word.startswith("inputs."):
        return (*here, "inputs", word.removeprefix("inputs."))
    return (*here, "steps", [step.name for step in service.steps].index(word))


def _size(tenant: Tenant, machine: Mapping[str, Any]) -> Iterator[tuple[Path, str]]:
    size = request_bytes(machine)
    if size > LARGEST_REQUEST:
        steps = sum(len(service.steps) for service in tenant.services.values())
        said = (
            f"the machine of {len(tenant.services)} services with {steps} steps would take {size:,} bytes to make, and "
            f"AWS takes {LARGEST_REQUEST:,}: write fewer steps, or shorter names, by {1 - LARGEST_REQUEST / size:.1%}"
        )
        yield ("services",), said


def _events(tenant: Tenant) -> Iterator[tuple[Path, str]]:
    for name, service in tenant.services.items():
        events = longest(tenant, service)
        if events > MOST_EVENTS:
            said = (
                f"the longest way through this service has {events:,} events, and AWS takes {MOST_EVENTS:,} in an "
                "execution: put fewer steps between a `choose` or an `if taken` and where it goes back to"
            )
            yield ("services", name), said


def _waits(tenant: Tenant) -> Iterator[tuple[Path, str]]:
    """A question may be asked a few times, and each time waited for: the longest wait is told."""
    asked = tenant.not_understood
    for name, service in tenant.services.items():
        here: Path = ("services", name)
        steps = enumerate(service.steps)
        waits: dict[Path, timedelta] = {
            ("not understood", "wait"): asked.wait * asked.tries,
            (*here, "inputs"): INPUT_WAIT * MAX_QUESTIONS * len(service.inputs),
            **{
                (*here, "steps", index, "wait"): step.wait * MAX_QUESTIONS
                for index, step in steps
                if isinstance(step, AskStep | ChooseStep)
            },
        }
        days = sum(waits.values(), timedelta()) / timedelta(days=1)
        if days > LONGEST_LIFE.days:
            said = (
                f"the questions of `{name}`, each asked {MAX_QUESTIONS} times at most, may wait for {days:,.0f} days, "
                f"and an execution lives {LONGEST_LIFE.days} days at most on AWS: let customers answer sooner"
            )
            yield max(waits, key=lambda path: waits[path]), said
