"""A verb is known wherever steps are told apart, or nothing works: none is passed over in silence."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, Final, get_args

import pytest

from followthrough.routing import compiler
from followthrough.tenant import scopes
from followthrough.tenant.checks import flow, messages, reversal, steps
from followthrough.tenant.checks.review import Review
from followthrough.tenant.models import VERBS, AskStep, Part, Step, Tenant
from followthrough.tenant.positions import read
from followthrough.tenant.shape import Report
from infra.aws.duties import DUTIES
from tests.tenant.adapters import OPERATIONS, PROVIDERS, SETTINGS, loaded

ROOT: Final = Path(__file__).parents[2]
TEXT: Final = (Path(__file__).parent / "golden" / "fine.yaml").read_text()
FUNCTIONS: Final = {agent: f"arn:aws:lambda:us-east-1:111122223333:function:{agent}:7" for agent in compiler.AGENTS}
STEPS: Final[list[type[Part]]] = [get_args(each)[0] for each in get_args(get_args(Step)[0])]
"""Every class of step that a tenant's file may hold."""


class NapStep(Part):
    """A step of a verb that nobody knows."""

    nap: str = "siesta"

    @property
    def name(self) -> str:
        """The variable that the step adds."""
        return self.nap


def _with(step: object) -> Tenant:
    """Return a tenant whose services end with this step."""
    tenant = loaded(TEXT)
    services = {name: it.model_copy(update={"steps": [*it.steps, step]}) for name, it in tenant.services.items()}
    return tenant.model_copy(update={"services": services})


def _review(tenant: Tenant) -> Review:
    document = read(TEXT)
    return Review(tenant, OPERATIONS, SETTINGS, PROVIDERS, Report(document.places, document.problems))


WHEREVER: Final[dict[str, Callable[[Tenant], Any]]] = {
    "the compiler": lambda tenant: compiler.compile(tenant, FUNCTIONS),
    "the variables": lambda tenant: [scopes.before(tenant, it, None, OPERATIONS) for it in tenant.services.values()],
    "the check of steps": lambda tenant: steps.check(_review(tenant)),
    "the check of what can be reached": lambda tenant: flow.check(_review(tenant)),
    "the check of what can be undone": lambda tenant: reversal.check(_review(tenant)),
    "the check of messages": lambda tenant: messages.check(_review(tenant)),
}


@pytest.mark.parametrize("where", WHEREVER)
def test_an_unknown_verb_is_not_passed_over(where: str) -> None:
    """Whatever tells steps apart goes through all that there are, and breaks on a step that it does not know."""
    known = AskStep.model_validate({"ask": "siesta", "type": "yes/no", "say": "quote", "if no": {"refuse": "no_deal"}})
    WHEREVER[where](_with(known))
    with pytest.raises(AssertionError, match="NapStep"):
        WHEREVER[where](_with(NapStep()))


def test_each_verb_has_its_step() -> None:
    """A verb without a class, or a class without its verb, could not be written or would be refused."""
    assert [step.__name__ for step in STEPS] == [f"{verb.capitalize()}Step" for verb in VERBS]
    assert all(verb in step.model_fields for verb, step in zip(VERBS, STEPS, strict=True))


def test_each_agent_has_its_logic_its_handler_and_its_duty() -> None:
    """What a machine may call is written, deployed under the same name, and allowed what its duty lists."""
    logic = {path.stem for path in (ROOT / "shared" / "followthrough" / "agents").glob("[!_]*.py")}
    handlers = {path.stem for path in (ROOT / "functions" / "agents").glob("*.py")}
    duties = {duty.name for duty in DUTIES if duty.folder == "agents"}
    stand_ins = {path.stem for path in (ROOT / "tests" / "infra" / "handlers" / "agents").glob("*.py")}
    assert set(compiler.AGENTS) == logic == handlers == duties == stand_ins
