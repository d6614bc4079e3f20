"""What AWS would refuse of a machine is refused with the file, at the place that has to change."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import boto3
import pytest
from botocore.awsrequest import AWSResponse
from botocore.compat import HTTPHeaders

from followthrough.aws.step_functions import StepFunctions
from followthrough.engine.work import Outcome, Work
from followthrough.errors import Misconfigured
from followthrough.integration.registry import operations, settings_of
from followthrough.interaction.registry import providers
from followthrough.routing import compiler
from followthrough.routing.bounds import A_DAY, MAX_QUESTIONS, MAX_ROUNDS, MAX_WISHES, most_visits
from followthrough.routing.compiler import AGENTS
from followthrough.routing.events import MOST_EVENTS, _passes, longest
from followthrough.routing.limits import LARGEST_REQUEST, LONGEST_FUNCTIONS, check, request_bytes
from followthrough.tenant.load import Loaded, load
from followthrough.tenant.models import ActStep, ChooseStep, DecideStep, Tenant
from infra.aws.stage import Stage
from infra.local.accounts import source
from simulation.executor import Execution
from tests.routing.publishing import Desk

BRIGHTSMILE = source("brightsmile")
CLEANING = BRIGHTSMILE.split("services:\n")[1].split("\n  emergency:")[0]
FUNCTIONS = {agent: f"arn:aws:lambda:us-east-1:111122223333:function:{agent}:7" for agent in AGENTS}
EVENTS = {"Task": 5, "Choice": 2, "Wait": 2, "Pass": 2, "Succeed": 2, "Fail": 2}


def _load(text: str) -> Loaded:
    return load(text, operations(), settings_of(), providers())


def _refused(text: str) -> list[str]:
    """Return what is said of the file's machine, each with the text of its line."""
    loaded, lines = _load(text), text.split("\n")
    try:
        check(loaded, compiler.compile(loaded.tenant, LONGEST_FUNCTIONS))
    except Misconfigured as error:
        return [f"{lines[it.line - 1][it.column - 1 :]} | {it.message}" for it in error.problems]
    return []


def _copies(many: int) -> str:
    """Brightsmile with as many services, most of them with one more note than its own."""
    note = CLEANING[CLEANING.index("      - act: note") : CLEANING.index("    customer:")]
    longer = CLEANING.replace(note, note + note.replace("act: note", "act: another_note"))
    more = "".join("\n" + longer.replace("cleaning:", f"cleaning_number_{number}:", 1) for number in range(many - 4))
    return BRIGHTSMILE.replace(CLEANING, CLEANING + more)


def test_brightsmile_fits() -> None:
    """A real tenant is far from every limit."""
    assert _refused(BRIGHTSMILE) == []


class Raw:
    """The body of what AWS answers when a machine is made."""

    def stream(self, **_more: Any) -> Iterator[bytes]:
        yield b'{"stateMachineArn": "arn", "creationDate": 0}'


@dataclass
class Worst:
    """Agents that come back, ask again and go back as often as they may, until the last act fails."""

    tenant: Tenant
    service: str
    answers: Counter[tuple[str, str]] = field(default_factory=Counter)

    def record(self, outcome: str, **more: Any) -> dict[str, Any]:
        return Outcome(tenant="t", execution="e", outcome=outcome, **more).model_dump(mode="json")

    def invoke(self, arn: str, payload: dict[str, Any]) -> dict[str, Any]:
        """Answer as the agent of this function does at its worst."""
        agent, work = arn.split(":")[-2], Work.model_validate(payload)
        acts = [step.name for step in self.tenant.services[self.service].steps if isinstance(step, ActStep)]
        visits = most_visits(self.tenant.patience.most)
        away = {"undo": len(acts) * visits, "confirm": max(4 * visits, most_visits(A_DAY))}.get(agent, visits)
        if agent in {"ask", "retrieve", "act", "undo", "confirm"} and work.tries < away:
            return self.record("later", seconds=1, tries=work.tries + 1)
        match agent:
            case "identify":
                self.answers["identify", ""] += 1
                last = self.answers["identify", ""] > self.tenant.not_understood.tries
                return self.record("done", service=self.service) if last else self.record("ask")
            case "answer":
                return self.record(self._answer(work.step))
            case "act":
                return self.record(self._act(work.step, last=work.step == acts[-1]))
            case "decide":
                steps = {step.name: step for step in self.tenant.services[self.service].steps}
                choosing = isinstance(steps[(work.steps or [work.step])[-1]], ChooseStep)
                return self.record("ask" if choosing else "done")
        return self.record("done", seconds=1)

    def _answer(self, step: str) -> str:
        self.answers[step, "asked"] += 1
        if self.answers[step, "asked"] % MAX_QUESTIONS:
            return "again"
        choosing = any(
            isinstance(it, ChooseStep) and it.choose == step for it in self.tenant.services[self.service].steps
        )
        self.answers[step, "anew"] += choosing
        return "anew" if choosing and self.answers[step, "anew"] <= MAX_WISHES else "done"

    def _act(self, step: str, *, last: bool) -> str:
        act = next(it for it in self.tenant.services[self.service].steps if it.name == step)
        assert isinstance(act, ActStep)
        self.answers[step, "taken"] += act.if_taken is not None
        if act.if_taken and self.answers[step, "taken"] <= MAX_ROUNDS:
            return "taken"
        return "failed" if last else "done"


STEPS = {
    "ask": (r"\bagreed\b", 40, "{service}: {step}: ask later"),
    "choose": (r"(?<!\{)\bslot\b(?!:)", 40, "{service}: {step}: ask later"),
    "act": (r"\bnote\b", 40, "{service}: {step} broken"),
    "retrieve": (r"\bopenings\b", 40, "{service}: {step} later"),
    "decide": (r"(?<=decide: )eligible", 40, "{service}: {step}?"),
    "inputs": (r"\bwhen(?=:\n)|(?<=inputs\.)when", 40, "{service}: inputs.{step}: ask later"),
    "one too many": (r"\bagreed\b", 28, "{service}: {step}: ask later"),
}


@pytest.mark.parametrize("case", STEPS)
def test_state_whose_name_is_too_long(case: str) -> None:
    """T6: a state of more than 80 characters is refused at its step, with its name and by how much."""
    step, letters, pattern = STEPS[case]
    name, service = "x" * letters, "s" * 40
    text = re.sub(step, name, BRIGHTSMILE).replace("\n  cleaning:", f"\n  {service}:")
    state = pattern.format(service=service, step=name)
    (said,) = _refused(text)
    assert re.match(rf"(?:\w+: )?{name}", said)
    assert f"`{state}` would have {len(state)} characters" in said
    assert f"by {len(state) - 80} together" in said


def test_states_name_that_just_fits() -> None:
    """T6: 80 characters are not one too many."""
    text = re.sub(r"\bagreed\b", "x" * 27, BRIGHTSMILE).replace("\n  cleaning:", f"\n  {'s' * 40}:")
    assert max(map(len, compiler.compile(_load(text).tenant, LONGEST_FUNCTIONS)["States"])) == 80
    assert _refused(text) == []


def test_machine_that_is_too_large() -> None:
    """T7: as many services as make a request of more than 1 MB are refused with the numbers; one fewer are not."""
    assert _refused(_copies(39)) == []
    (said,) = _refused(_copies(40))
    size = request_bytes(compiler.compile(_load(_copies(40)).tenant, LONGEST_FUNCTIONS))
    assert size > LARGEST_REQUEST
    assert f"would take {size:,} bytes to make, and AWS takes 1,048,576" in said
    assert said.startswith("services: | the machine of ")


def test_request_is_what_is_sent() -> None:
    """T7: what is counted is the very request that boto3 sends, with its escaped quotes, and room for its headers."""
    machine = compiler.compile(_load(BRIGHTSMILE).tenant, LONGEST_FUNCTIONS)
    client: Any = boto3.client(
        "stepfunctions", region_name="us-east-1", aws_access_key_id="x", aws_secret_access_key="y"
    )
    sent: list[bytes] = []

    def catch(request: Any, **_more: Any) -> AWSResponse:
        sent.append(request.body)
        return AWSResponse(request.url, 200, HTTPHeaders(), Raw())

    client.meta.events.register("before-send.stepfunctions.CreateStateMachine", catch)
    prefix = "arn:aws:states:us-east-1:111122223333:stateMachine:followthrough-dev-"
    StepFunctions(client, prefix).create("brightsmile", "0" * 16, machine, "arn:aws:iam::111122223333:role/machines")
    (body,) = sent
    assert len(body) < request_bytes(machine) < len(body) + 10_000


def test_names_fit_whatever_stage_and_tenant() -> None:
    """T6: the longest stage and tenant give a machine's name that AWS takes."""
    name = f"{Stage('x' * 12).prefix}-{'t' * 30}-{'0' * 16}"
    assert len(name) <= 80


def test_path_with_too_many_events() -> None:
    """T7: a service whose loops go back too far, too often, is refused with the number of its events."""
    looking = "      - {retrieve: seen, using: calendar.find_openings, with: {around: =inputs.when}}\n"
    choosing = CLEANING[CLEANING.index("      - choose: slot") : CLEANING.index("      - decide: price")]
    more = "".join(
        looking.replace("seen", f"seen{n}") + choosing.replace("choose: slot", f"choose: slot{n}") for n in range(9)
    )
    service = CLEANING.replace(choosing, choosing + more)
    (said,) = _refused(BRIGHTSMILE.replace(CLEANING, service))
    assert re.search(r"cleaning:.* \| the longest way through this service has [\d,]{6,} events", said)
    assert "AWS takes 25,000" in said


@pytest.mark.parametrize("service", ["cleaning", "emergency", "cancel_visit", "move_visit"])
def test_longest_path_is_the_machines_own(service: str) -> None:
    """T7: a run in which everything goes as badly as the agents let it takes exactly the events that were counted."""
    tenant = _load(BRIGHTSMILE).tenant
    worst = Worst(tenant, service)
    run = Execution(compiler.compile(tenant, FUNCTIONS), worst.record("accepted"), worst.invoke)
    while run.status == "RUNNING":
        run.run()
        if run.token:
            run.resume(run.token)
        elif run.seconds:
            run.passed()
    kinds = Counter(EVENTS[run.machine["States"][name]["Type"]] for name in run.path)
    waits = sum(name.endswith(": wait") for name in run.path)
    alerts = sum(name.endswith(("broken", "alert")) for name in run.path)
    taken = 2 + waits + sum(events * times for events, times in kinds.items())
    # Counted too, though not seen here: steps that break while the chain goes on, and decisions each by itself.
    steps = tenant.services[service].steps
    mild = sum(isinstance(step, ActStep) and step.told_of_failure is not None for step in steps)
    decided = sum(passes for step, passes in zip(steps, _passes(steps), strict=True) if isinstance(step, DecideStep))
    assert alerts == 0
    assert 0 <= longest(tenant, tenant.services[service]) - taken <= (5 + 2) * (mild + decided)
    assert taken < MOST_EVENTS


def test_service_whose_states_would_be_those_of_identifying() -> None:
    """T6: a service called `service` would share its states' names with the question which service is wanted."""
    with pytest.raises(Misconfigured, match="`service` has a meaning of its own: give the service another name"):
        _load(BRIGHTSMILE.replace("\n  cleaning:\n", "\n  service:\n"))


def test_what_aws_would_refuse_is_refused_at_publishing() -> None:
    """T6: the report has the place, nothing is made, and what was live stays so."""
    desk = Desk()
    live = desk.publish()
    desk.upload(re.sub(r"\bagreed\b", "x" * 40, BRIGHTSMILE).replace("\n  cleaning:", f"\n  {'s' * 40}:"))
    assert desk.publish() is None
    (problem,) = [*desk.bucket.reports.values()][-1]["problems"]
    assert (problem["path"], problem["line"] > 1) == (f"services.{'s' * 40}.steps[7]", True)
    assert (desk.releases.live("brightsmile"), len(desk.yard.machines)) == (live, 1)


@pytest.mark.parametrize(
    ("old", "wait"),
    [("        say: quote\n", "9999 weeks"), ("        say: offer\n", "122 days"), ("  tries: 2\n", "183 days")],
)
def test_waits_that_no_execution_lives_to_see(old: str, wait: str) -> None:
    """T8: questions whose answers may take longer than an execution can live are refused at the longest wait."""
    indent = old[: len(old) - len(old.lstrip())]
    text = BRIGHTSMILE.replace('        wait: "15 minutes"\n', "").replace(old, f'{old}{indent}wait: "{wait}"\n')
    said = _refused(text)
    assert said
    assert all(it.startswith(f'wait: "{wait}"') and "lives 365 days at most on AWS" in it for it in said)


def test_waits_that_an_execution_lives_to_see() -> None:
    """T8: three months for an offer are long, and no mistake."""
    assert _refused(BRIGHTSMILE.replace("        offer: 3\n", '        offer: 3\n        wait: "13 weeks"\n', 1)) == []
