"""One execution in an agent's hands."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from followthrough.contracts.call import Call
from followthrough.contracts.interaction import Interaction
from followthrough.engine.pending import Pending
from followthrough.engine.ports import Ports
from followthrough.engine.work import Outcome, Work
from followthrough.ledger.models import Effect, ExecutionContext, Fact, Message, Obligation, Status
from followthrough.tenant.formats import Formats, formats_for
from followthrough.tenant.models import Service, Step, Tenant


@dataclass
class Case:
    """An execution's context and the configuration it is pinned to, as one visit sees and changes them.

    What a visit finds out is written as one transaction, when it returns its outcome or by `commit`: all of it is on
    record then, or nothing is and the visit may be made again. It is `overtaken` when others put something on the trace
    since it read: what it knows of effects and obligations may have changed.
    """

    work: Work
    ports: Ports
    context: ExecutionContext
    tenant: Tenant
    overtaken: bool = field(default=False, init=False)
    _read: ExecutionContext = field(init=False, repr=False)
    _pending: Pending = field(default_factory=Pending, repr=False)
    _held: dict[str, int] = field(default_factory=dict, repr=False)
    _effects: list[Effect] | None = field(default=None, repr=False)
    _obligations: dict[str, Obligation] | None = field(default=None, repr=False)

    def __post_init__(self) -> None:
        """Remember the context as it was read."""
        self._read = self.context

    @classmethod
    def load(cls, work: Work, ports: Ports) -> "Case":
        """Read the context and its release. Raises Missing."""
        context = ports.ledger.load(work.tenant, work.execution)
        return cls(work, ports, context, ports.releases.release(work.tenant, context.release).tenant)

    @classmethod
    def load_everything(cls, work: Work, ports: Ports) -> "Case":
        """Read the context, its effects and its obligations at once, and its release. Raises Missing."""
        context, effects, obligations = ports.ledger.load_everything(work.tenant, work.execution)
        tenant = ports.releases.release(work.tenant, context.release).tenant
        owed = {it.id: it for it in obligations}
        return cls(work, ports, context, tenant, _effects=effects, _obligations=owed)

    # What is known ---------------------------------------------------------------------------------------------------

    @property
    def service(self) -> Service:
        """The service that was identified."""
        assert self.context.service is not None, "a step runs only after its service was identified"
        return self.tenant.services[self.context.service]

    @property
    def interaction(self) -> Interaction:
        """The interaction that opened this execution, which does not change."""
        assert self.context.opened_by is not None, "every execution is opened by an interaction"
        return self.context.opened_by

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

    def formats(self) -> Formats:
        """Return how the tenant speaks to this customer."""
        return formats_for(self.tenant, self.context.language)

    def step(self, name: str) -> Step:
        """Return the service's step of this name."""
        return next(step for step in self.service.steps if step.name == name)

    def effects(self) -> list[Effect]:
        """Return the execution's effects as the ledger holds them, oldest intent first."""
        if self._effects is None:
            self.commit()
            self._effects = self.ports.ledger.effects(self.context.tenant, self.context.execution)
        return self._effects

    def obligations(self) -> list[Obligation]:
        """Return what is owed to whom, as this visit knows it."""
        return list(self._owed().values())

    def obligation(self, id_: str) -> Obligation:
        """Return one of the execution's obligations, as this visit knows it."""
        return self._owed()[id_]

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

    # What changes ----------------------------------------------------------------------------------------------------

    def save(self, *facts: Fact, **changes: Any) -> None:
        """Change the context, and put on record why."""
        here = {"at": self.work.place, "since": self.now, "reached_at": self.ports.clock()}
        self.context = self.context.model_copy(update=here | changes)
        self._pending.saves = True
        self.record(*facts)

    def come_back(self) -> None:
        """Have the execution looked at again soon, as one that was saved: something is begun that may not end here."""
        now = self.context
        self.save(at=now.at, since=now.since, reached_at=now.reached_at)

    def record(self, *facts: Fact) -> None:
        """Put facts on the execution's trace."""
        self._pending.facts += facts

    def settle(self, effect: Effect, *facts: Fact) -> None:
        """Write how an effect stands, which this visit holds. Who settles it again goes on from what was written."""
        version = self._held.get(effect.id, effect.version)
        self._pending.effects[effect.id] = effect.model_copy(update={"version": version})
        self._effects = None
        self.record(*facts)

    def owe(self, obligation: Obligation) -> None:
        """Owe a confirmation, unless it is owed already."""
        if obligation.id not in self._owed():
            self._owed()[obligation.id] = self._pending.owed[obligation.id] = obligation

    def move(self, obligation: Obligation, *facts: Fact) -> None:
        """Write how far a confirmation has come. Who moves it again goes on from what was written."""
        kind = self._pending.handed_over if obligation.id in self._pending.handed_over else self._pending.moved
        self._move(kind, obligation, facts)

    def hand_over(self, obligation: Obligation, *facts: Fact) -> None:
        """Write that a provider accepted a confirmation, whose receipt leads here from now on."""
        self._pending.moved.pop(obligation.id, None)
        self._move(self._pending.handed_over, obligation, facts)

    def reload(self) -> None:
        """Read everything anew, and forget what was not written."""
        context, effects, obligations = self.ports.ledger.load_everything(self.context.tenant, self.context.execution)
        self.context = self._read = context
        self._effects, self._obligations = effects, {it.id: it for it in obligations}
        self._pending, self._held, self.overtaken = Pending(), {}, False

    def take(self, messages: Sequence[Message]) -> None:
        """Take messages out of the inbox."""
        self._pending.taken += messages

    def commit(self) -> None:
        """Write what this visit has found out since the last time. Raises Conflict: then none of it is written."""
        if not self._pending:
            return
        written = self.ports.ledger.write(self._read, self._pending.changes(self.context, self.ports.clock()))
        ours = self._read.entries + len(self._pending.facts)
        self.overtaken = self.overtaken or written.context.entries > ours
        self._pending = Pending()
        self._read = self.context = written.context
        self._held |= {it.id: it.version for it in written.effects}
        if self._obligations is not None:
            self._obligations |= {it.id: it for it in written.obligations}

    # What is returned ------------------------------------------------------------------------------------------------

    def end(self, status: Status, message: str | None, fact: Fact) -> Outcome:
        """Decide that the chain cannot finish; `message` names the words that explain it to the customer."""
        self.save(fact, status=status, outcome_message=message, failed_step=self.work.step)
        return self.outcome(status.value)

    def ended(self) -> Outcome | None:
        """Return what an earlier run of the very invocation answered, if it ended the chain: nothing may go on then."""
        return None if self.context.status is Status.OPEN else self.outcome(self.context.status.value)

    def outcome(self, word: str, **more: Any) -> Outcome:
        """Write what this visit found out, and return an outcome that carries the record on. Raises Conflict."""
        self.commit()
        return Outcome(
            tenant=self.context.tenant,
            execution=self.context.execution,
            outcome=word,
            **{"asked": self.work.asked, "service": self.context.service, **more},
        )

    def later(self, seconds: float) -> Outcome:
        """Ask the machine to come back, in whole seconds and not before the next one."""
        return self.outcome("later", seconds=max(1, int(seconds + 0.999)), tries=self.work.tries + 1)

    def _move(self, kind: dict[str, Obligation], obligation: Obligation, facts: Sequence[Fact]) -> None:
        version = self._owed()[obligation.id].version
        moved = obligation.model_copy(update={"version": version})
        self._owed()[moved.id] = kind[moved.id] = moved
        self.record(*facts)

    def _owed(self) -> dict[str, Obligation]:
        if self._obligations is None:
            found = self.ports.ledger.obligations(self.context.tenant, self.context.execution)
            self._obligations = {it.id: it for it in found}
        return self._obligations
