"""From a tenant's configuration to the state machine that runs it: a pure function, deterministic to the byte.

A machine identifies the service, asks for what is missing, runs the service's steps, and confirms. Outcomes are data:
an agent returns one and a Choice routes on it. Whatever happens, the path ends in `confirm`; by way of `undo` where
something may have to be undone.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import Any, assert_never

from followthrough.routing.states import State, choice, fail, later, mark, succeed, task, wait_for_answer
from followthrough.tenant.models import ActStep, AskStep, ChooseStep, DecideStep, RetrieveStep, Service, Step, Tenant

AGENTS = ("identify", "ask", "listen", "answer", "retrieve", "decide", "act", "undo", "confirm")


def compile(tenant: Tenant, functions: Mapping[str, str]) -> dict[str, Any]:  # noqa: A001  the word for what it does
    """Return the tenant's state machine in Amazon States Language.

    `functions` maps every name of `AGENTS` to the ARN of a published Lambda version, so that a machine runs the code it
    was generated for. The machine's input is the record of `engine.work.Outcome`.
    """
    machine = _Machine(functions)
    machine.identify(tenant)
    for name, service in tenant.services.items():
        machine.service(name, service)
    machine.endings()
    return {
        "Comment": f"{tenant.name}: generated from tenants/{tenant.tenant}/tenant.yaml",
        "StartAt": "identify",
        "States": machine.states,
    }


@dataclass(frozen=True)
class _Place:
    """Where something stands in its chain: the stem of its states' names, its agents' payload, and where it leads.

    `after` follows what was done; `ending` is where every outcome leads that has no way of its own.
    """

    stem: str
    payload: State
    after: str
    ending: str


@dataclass
class _Machine:
    functions: Mapping[str, str]
    states: dict[str, State] = field(default_factory=dict)
    places: dict[str, str] = field(default_factory=lambda: {"undo": "undo", "confirm": "confirm"})
    """Where a machine goes on that takes up a dead one's work: the state of each place that a context may name."""

    def identify(self, tenant: Tenant) -> None:
        """Find the service out; what was not understood is asked, and the answer is identified in turn."""
        self._task("identify", "identify", {}, "identify?")
        services = {name: _entry(name, service) for name, service in tenant.services.items()}
        ways = {"ask": "service: ask", "done": "service?", "resume": "resume?"}
        self.states["identify?"] = choice("$.outcome", ways, "confirm")
        self.states["service?"] = choice("$.service", services, "broken")
        place = _Place("service", {"step": "service"}, "identify", "confirm")
        self._question(place, "identify")

    def service(self, name: str, service: Service) -> None:
        """Chain a service's inputs and its groups of steps."""
        groups = _groups(service.steps)
        entries = [_input_state(name, key) for key in service.inputs]
        entries += [_state(name, group[0]) for group in groups]
        following = dict(pairwise([*entries, "confirm"]))
        for key in service.inputs:
            state = _input_state(name, key)
            payload = {"service": name, "step": f"inputs.{key}"}
            self._input(_Place(state.removesuffix(": ask"), payload, following[state], "confirm"))
        starts = {group[0].name: _state(name, group[0]) for group in groups}
        ending = "confirm"
        for group in groups:
            if isinstance(group[0], ActStep):
                ending = "undo"
            stem = f"{name}: {group[0].name}"
            payload = {"service": name, "step": group[0].name}
            self.places[stem] = _state(name, group[0])
            self._group(_Place(stem, payload, following[_state(name, group[0])], ending), group, starts)

    def endings(self) -> None:
        """Undo, confirm, and the marks for what no agent could say itself."""
        self.states["resume?"] = choice("$.at", self.places, "broken")
        self.states["expired"] = mark("expired", "undo")
        self.states["broken"] = mark("broken", "undo")
        # Confirming must be tried even when undoing broke: the operator is told what still stands.
        self._task("undo", "undo", {}, "undo?", broken="confirm")
        self.states["undo?"] = choice("$.outcome", {"later": "undo later"}, "confirm")
        self.states["undo later"] = later("undo")
        self._task("confirm", "confirm", {}, "confirm?", broken="unconfirmed")
        self.states["confirm?"] = choice("$.outcome", {"later": "confirm later"}, "confirmed")
        self.states["confirm later"] = later("confirm")
        self.states["confirmed"] = succeed()
        cause = "Not every party could be told; the ledger knows what is still owed."
        self.states["unconfirmed"] = fail("Unconfirmed", cause)

    def _input(self, place: _Place) -> None:
        self._question(place, f"{place.stem}: answer")
        self._answer(place)

    def _group(self, place: _Place, group: list[Step], starts: Mapping[str, str]) -> None:
        step = group[0]
        match step:
            case RetrieveStep():
                self._visit(place, "retrieve", {})
            case ActStep():
                self._act(place, step, starts)
            case AskStep():
                self._question(place, f"{place.stem}: answer")
                self._answer(place)
            case DecideStep() | ChooseStep():
                self._decisions(place, group, starts)
            case _:
                assert_never(step)

    def _visit(self, place: _Place, agent: str, more: Mapping[str, str], broken: str = "broken") -> None:
        """Go to a system, and come back later when it asks for that."""
        state, pause = place.stem, f"{place.stem} later"
        self._task(state, agent, place.payload, f"{state}?", broken)
        branches = {"done": place.after, "later": pause, **more}
        self.states[f"{state}?"] = choice("$.outcome", branches, place.ending)
        self.states[pause] = later(state)

    def _act(self, place: _Place, step: ActStep, starts: Mapping[str, str]) -> None:
        """Act. A step that the chain can do without must not undo the chain by breaking, so it is told instead."""
        taken = {"taken": starts[step.if_taken]} if step.if_taken else {}
        if step.told_of_failure is None:
            self._visit(place, "act", taken)
            return
        broken, alert = f"{place.stem} broken", f"{place.stem} alert"
        self._visit(place, "act", taken, broken)
        self.states[broken] = mark("broken", alert)
        self._task(alert, "act", place.payload, place.after)

    def _decisions(self, place: _Place, group: list[Step], starts: Mapping[str, str]) -> None:
        payload = {**place.payload, "steps": [step.name for step in group]}
        last = group[-1]
        if isinstance(last, ChooseStep):
            self._choice(replace(place, payload=payload), last, starts)
        elif any(isinstance(step, DecideStep) and step.rules for step in group):
            self._task(place.stem, "decide", payload, f"{place.stem}?")
            self.states[f"{place.stem}?"] = choice("$.outcome", {"done": place.after}, place.ending)
        else:
            # A table always has an answer: no Choice, since every transition costs money.
            self._task(place.stem, "decide", payload, place.after)

    def _choice(self, place: _Place, step: ChooseStep, starts: Mapping[str, str]) -> None:
        """Choose, or offer; who answers with another wish goes back to where the options come from."""
        stem = f"{place.payload['service']}: {step.choose}"
        question = replace(place, stem=stem, payload={"service": place.payload["service"], "step": step.choose})
        self._task(place.stem, "decide", place.payload, f"{place.stem}?")
        branches = {"done": place.after, "ask": f"{stem}: ask"}
        self.states[f"{place.stem}?"] = choice("$.outcome", branches, place.ending)
        self._question(question, f"{stem}: answer")
        source = step.among.removeprefix("=").strip()
        self._answer(question, {"anew": starts.get(source, place.stem)})

    def _question(self, place: _Place, answer: str) -> None:
        """Ask, then wait for the answer: two states, because sending may be retried and waiting may not."""
        ask, waiting, pause = f"{place.stem}: ask", f"{place.stem}: wait", f"{place.stem}: ask later"
        self._task(ask, "ask", place.payload, f"{ask}?")
        ways = {"done": waiting, "later": pause, "known": place.after}
        self.states[f"{ask}?"] = choice("$.outcome", ways, place.ending)
        self.places.setdefault(place.stem, ask)
        self.states[pause] = later(ask)
        self.states[waiting] = wait_for_answer(
            self.functions["listen"],
            place.payload,
            ways={"answered": answer, "expired": "expired", "broken": "broken"},
        )

    def _answer(self, place: _Place, more: Mapping[str, str] | None = None) -> None:
        state = f"{place.stem}: answer"
        self._task(state, "answer", place.payload, f"{state}?")
        branches = {"done": place.after, "again": f"{place.stem}: ask", **(more or {})}
        self.states[f"{state}?"] = choice("$.outcome", branches, place.ending)

    def _task(self, state: str, agent: str, payload: State, after: str, broken: str = "broken") -> None:
        self.states[state] = task(agent, self.functions[agent], payload, ways={"done": after, "broken": broken})


def _groups(steps: list[Step]) -> list[list[Step]]:
    """Put consecutive decisions into one group; a choice ends its group, because it may have to ask."""
    groups: list[list[Step]] = []
    for step in steps:
        deciding = isinstance(step, DecideStep | ChooseStep)
        if deciding and groups and isinstance(groups[-1][-1], DecideStep):
            groups[-1].append(step)
        else:
            groups.append([step])
    return groups


def _entry(name: str, service: Service) -> str:
    first_input = next(iter(service.inputs), None)
    return _input_state(name, first_input) if first_input else _state(name, service.steps[0])


def _input_state(service: str, key: str) -> str:
    return f"{service}: inputs.{key}: ask"


def _state(service: str, step: Step) -> str:
    return f"{service}: {step.name}" + (": ask" if isinstance(step, AskStep) else "")
