"""What an agent is given, what it may use, and what it returns."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from followthrough.contracts.adapter import Call
from followthrough.contracts.interaction import Interaction
from followthrough.engine.ports import Ports
from followthrough.ledger.models import ExecutionContext, Fact, Note, Status
from followthrough.tenant.formats import Formats, formats_for
from followthrough.tenant.models import Service, Step, Tenant

RESUMED = "resumed"
"""The outcome in the first record of a machine that takes up a dead one's work."""


def start_name(execution: str, number: int) -> str:
    """Name a start of an execution's machine: AWS takes no name again for 90 days, so a later start has its own."""
    return execution if number == 1 else f"{execution}-{number}"


class Work(BaseModel):
    """An agent's payload: whose execution, which step, and the small record that the machine carries.

    `asked` numbers the question that was asked last, from 0; `tries` counts visits that ended in `later`. `token` is
    a wait's task token.
    """

    model_config = ConfigDict(frozen=True)

    tenant: str
    execution: str
    outcome: str = ""
    asked: int = 0
    tries: int = 0
    service: str | None = None
    step: str = ""
    steps: list[str] = Field(default_factory=list)
    token: str | None = None

    @property
    def place(self) -> str:
        """Where in the chain this is: the stem of its state's name."""
        return f"{self.service}: {self.step}" if self.service and self.step else ""


class Outcome(BaseModel):
    """What an agent returns: the record that the machine carries on. Nothing personal, by construction.

    `seconds` is how long to pause (outcome `later`), or how long the question stays open that was asked (`done`). `at`
    is where a machine goes on that takes up a dead one's work (`resume`).
    """

    model_config = ConfigDict(frozen=True)

    tenant: str
    execution: str
    outcome: str
    asked: int = 0
    tries: int = 0
    seconds: int = 0
    service: str | None = None
    at: str = ""


@dataclass
class Case:
    """One execution in an agent's hands: its context and the configuration it is pinned to."""

    work: Work
    ports: Ports
    context: ExecutionContext
    tenant: Tenant

    @classmethod
    def load(cls, work: Work, ports: Ports) -> "Case":
        """Read the context and its release. Raises Missing."""
        context = ports.ledger.load(work.tenant, work.execution)
        return cls(work, ports, context, ports.releases.release(work.tenant, context.release).tenant)

    @property
    def service(self) -> Service:
        """The service that was identified."""
        assert self.context.service is not None, "a step runs only after its service was identified"
        return self.tenant.services[self.context.service]

    def formats(self) -> Formats:
        """Return how the tenant speaks to this customer."""
        return formats_for(self.tenant, self.context.language)

    def step(self, name: str) -> Step:
        """Return the service's step of this name."""
        return next(step for step in self.service.steps if step.name == name)

    @property
    def now(self) -> datetime:
        """When the chain came to this step: what `now` means to its rules and words.

        It stands still while the step is visited again and again, so that the same is asked of a system each time:
        another request would be another effect.
        """
        context = self.context
        if context.at == self.work.place and context.since is not None:
            return context.since
        return context.reached_at or context.opened_at

    @cached_property
    def interaction(self) -> Interaction:
        """The interaction that opened this execution, which does not change."""
        return self.ports.conversations.interaction(self.context.tenant, self.context.interaction)

    def call(self, reference: str, began: Any) -> Call:
        """Say on whose behalf an adapter is called."""
        return Call(
            tenant=self.context.tenant,
            execution=self.context.execution,
            reference=reference,
            key=reference,
            began=began,
            now=self.ports.clock(),
            time_zone=self.tenant.time_zone,
            currency=self.tenant.currency,
            language=self.context.language,
        )

    def save(self, *facts: Fact, **changes: Any) -> None:
        """Change the context, and put on record why."""
        here = {"at": self.work.place, "since": self.now, "reached_at": self.ports.clock()}
        context = self.context.model_copy(update=here | changes)
        self.context = self.ports.ledger.save(context, self.note(*facts))

    def note(self, *facts: Fact) -> Note | None:
        """Return facts to be written together with the record that they tell of."""
        return Note(self.ports.clock(), facts) if facts else None

    def record(self, *facts: Fact) -> None:
        """Append facts that change no record to the execution's trace."""
        context = self.context
        self.ports.ledger.append(context.tenant, context.execution, context.subject, self.ports.clock(), facts)

    def with_variable(self, name: str, value: Any) -> Mapping[str, Any]:
        """Return the context's variables with one more."""
        return {**self.context.variables, name: value}

    def forgetting(self, name: str) -> Mapping[str, Any]:
        """Return the context's variables without what this step and those after it added: the chain goes through them
        anew.
        """
        names = [step.name for step in self.service.steps]
        later = set(names[names.index(name) :])
        return {key: value for key, value in self.context.variables.items() if key not in later}

    def end(self, status: Status, message: str | None, fact: Fact) -> Outcome:
        """Decide that the chain cannot finish; `message` names the words that explain it to the customer."""
        self.save(fact, status=status, outcome_message=message, failed_step=self.work.step)
        return self.outcome(status.value)

    def ended(self) -> Outcome | None:
        """Return what an earlier run of the very invocation answered, if it ended the chain: nothing may go on then."""
        return None if self.context.status is Status.OPEN else self.outcome(self.context.status.value)

    def outcome(self, word: str, **more: Any) -> Outcome:
        """Return an outcome that carries the record on."""
        return Outcome(
            tenant=self.context.tenant,
            execution=self.context.execution,
            outcome=word,
            **{"asked": self.work.asked, "service": self.context.service, **more},
        )

    def later(self, seconds: float) -> Outcome:
        """Ask the machine to come back, in whole seconds and not before the next one."""
        return self.outcome("later", seconds=max(1, int(seconds + 0.999)), tries=self.work.tries + 1)
