"""The compiler: golden machines, an independent validator, and properties of every machine."""

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings, strategies as st
from statelint.config import Config
from statelint.linter import Linter

from followthrough.integration.registry import operations, settings_of
from followthrough.interaction.registry import providers
from followthrough.routing import compiler
from followthrough.routing.compiler import AGENTS
from followthrough.tenant.load import load
from followthrough.tenant.models import (
    ActStep,
    AskStep,
    ChooseStep,
    DecideStep,
    Input,
    Refuse,
    RetrieveStep,
    Rule,
    Step,
    Tenant,
)
from tests.tenant.test_verbs import STEPS

CONFIG = Config()
GOLDEN = Path(__file__).parent / "golden"
TENANTS = Path(__file__).parents[2] / "tenants"
FUNCTIONS = {agent: f"arn:aws:lambda:us-east-1:111122223333:function:{agent}:7" for agent in AGENTS}


def _read(path: Path) -> Tenant:
    return load(path.read_text(), operations(), settings_of(), providers()).tenant


INPUTS = {"smallest": GOLDEN / "smallest.yaml", "brightsmile": TENANTS / "brightsmile" / "tenant.yaml"}


@pytest.mark.parametrize("name", INPUTS)
def test_golden(name: str) -> None:
    """A configuration compiles to exactly the machine that was reviewed (UPDATE_GOLDEN=1 writes it anew)."""
    written = json.dumps(compiler.compile(_read(INPUTS[name]), FUNCTIONS), indent=1) + "\n"
    golden = GOLDEN / f"{name}.asl.json"
    if os.environ.get("UPDATE_GOLDEN"):
        golden.write_text(written)
    assert written == golden.read_text()


@pytest.mark.parametrize("name", INPUTS)
def test_validator(name: str) -> None:
    """An independent validator of the language finds nothing wrong with a generated machine."""
    machine = json.dumps(compiler.compile(_read(INPUTS[name]), FUNCTIONS))
    assert list(Linter.validate(machine, CONFIG)) == []


def test_validator_can_fail() -> None:
    """The independent validator does object to a broken machine."""
    machine = compiler.compile(_read(INPUTS["smallest"]), FUNCTIONS)
    machine["States"]["undo"]["Next"] = "nowhere"
    assert list(Linter.validate(json.dumps(machine), CONFIG))


def test_new_function_versions_make_another_machine() -> None:
    """A machine names the function versions it was generated for, so that it is pinned to their code."""
    tenant = _read(INPUTS["smallest"])
    newer = {agent: arn.replace(":7", ":8") for agent, arn in FUNCTIONS.items()}
    assert ":8" in json.dumps(compiler.compile(tenant, newer))
    assert ":7" not in json.dumps(compiler.compile(tenant, newer))


names = st.from_regex(r"[a-z][a-z0-9_]{0,29}", fullmatch=True)
retrieve = st.builds(RetrieveStep, retrieve=names, using=st.just("crm.find_person"))
rules = st.just([Rule(when="=true", refuse="no")])
decide = st.builds(DecideStep, decide=names, rules=rules) | st.builds(DecideStep, decide=names, table=names)
choose = st.builds(
    ChooseStep,
    choose=names,
    among=st.just("=x"),
    nearest=st.just("=y"),
    say=names,
    if_none=st.just(Refuse(refuse="no")),
)
ask = st.builds(AskStep, ask=names, type=st.just("yes/no"), say=names, if_no=st.just(Refuse(refuse="no")))
act = st.builds(ActStep, act=names, using=st.just("crm.log_activity"))
drawn = {RetrieveStep: retrieve, DecideStep: decide, ChooseStep: choose, AskStep: ask, ActStep: act}
chains = st.lists(st.one_of(*drawn.values()), min_size=1, max_size=12, unique_by=lambda step: step.name)
inputs = st.dictionaries(names, st.just(Input(type="text", ask={"en": "?"})), max_size=3)


def _tenant(services: dict[str, tuple[list[Step], dict[str, Input]]]) -> Tenant:
    tenant = _read(INPUTS["smallest"])
    service = tenant.services["callback"]
    made = {
        name: service.model_copy(update={"steps": steps, "inputs": wanted})
        for name, (steps, wanted) in services.items()
    }
    return tenant.model_copy(update={"services": made})


def _targets(state: dict[str, Any]) -> Iterator[str]:
    yield from (state[key] for key in ("Next", "Default") if key in state)
    yield from (branch["Next"] for key in ("Choices", "Catch") for branch in state.get(key, []))


def test_every_verb_is_drawn() -> None:
    """The chains that these properties are asked of hold steps of every verb."""
    assert drawn.keys() == set(STEPS)


@settings(max_examples=60, deadline=None)
@given(st.dictionaries(names, st.tuples(chains, inputs), min_size=1, max_size=3))
def test_every_machine_is_sound(services: dict[str, tuple[list[Step], dict[str, Input]]]) -> None:
    """Whatever the chain: nothing dangles or is unreachable, names fit, and every state has an end."""
    tenant = _tenant(services)
    machine = compiler.compile(tenant, FUNCTIONS)
    states = machine["States"]
    assert all(target in states for state in states.values() for target in _targets(state))
    assert all(len(name) <= 80 for name in states)
    seen, todo = set[str](), [machine["StartAt"]]
    while todo:
        name = todo.pop()
        if name not in seen:
            seen.add(name)
            todo += _targets(states[name])
    assert seen == set(states)
    ending = {name for name, state in states.items() if state["Type"] in {"Succeed", "Fail"}}
    while grown := {name for name, state in states.items() if name not in ending and ending & {*_targets(state)}}:
        ending |= grown
    assert ending == set(states)
    assert json.dumps(machine) == json.dumps(compiler.compile(tenant, FUNCTIONS))


@settings(max_examples=30, deadline=None)
@given(chains)
def test_success_only_after_confirm(steps: list[Step]) -> None:
    """The only way to succeed leads through `confirm`, and that no answer came is never retried."""
    states = compiler.compile(_tenant({"s": (steps, {})}), FUNCTIONS)["States"]
    before = {name for name, state in states.items() if "confirmed" in _targets(state)}
    assert before == {"confirm?"}
    waits = [state for state in states.values() if state.get("Resource", "").endswith("waitForTaskToken")]
    assert waits
    assert {state["TimeoutSecondsPath"] for state in waits} == {"$.seconds"}
    retried = {error for state in waits for retry in state["Retry"] for error in retry["ErrorEquals"]}
    assert retried == {"States.TaskFailed"}
