"""What there is to see on a bench: what was sent, what the ledger says, where the machines stand."""

from typing import Any

from followthrough.engine.case import Case
from followthrough.engine.ports import Ports
from followthrough.engine.work import Work
from followthrough.interaction.conversation import execution_of
from followthrough.ledger.memory.ledger import MemoryLedger
from followthrough.ledger.models import Effect, ExecutionContext, Obligation, TraceEntry
from infra.local.sandbox import Sandbox
from simulation.executor import Execution
from tests.workbench.machines import BenchMachines
from tests.workbench.world import TENANT, BenchSystems


class Sight:
    """Views of a bench."""

    sandbox: Sandbox
    ledger: MemoryLedger
    machines: BenchMachines
    systems: BenchSystems
    ports: Ports

    @property
    def mail(self) -> Any:
        """Mails that were sent."""
        return self.systems.mail

    @property
    def notices(self) -> Any:
        """Notices that were sent."""
        return self.systems.notices

    def heard(self, number: str) -> list[str]:
        """Return the texts that were sent to a number, oldest first."""
        return [it["body"] for it in self.sandbox.snapshot("twilio")["messages"] if it["to"] == number]

    def contexts(self) -> list[ExecutionContext]:
        """Return every execution's context, oldest first."""
        found = [self.ledger.load(*key) for key in self.ledger.contexts]
        return sorted(found, key=lambda it: it.opened_at)

    def context(self, place: int = -1) -> ExecutionContext:
        """Return one execution's context, the newest one's if not told otherwise."""
        return self.contexts()[place]

    def effects(self, place: int = -1) -> list[Effect]:
        """Return an execution's effects."""
        return self.ledger.effects(TENANT, self.context(place).execution)

    def effect(self, step: str, place: int = -1) -> Effect:
        """Return the effect of a step."""
        (found,) = (it for it in self.effects(place) if it.step == step)
        return found

    def obligations(self, place: int = -1) -> dict[tuple[str, str], Obligation]:
        """Return an execution's obligations by party and its first way."""
        found = self.ledger.obligations(TENANT, self.context(place).execution)
        return {(it.party, it.ways[0]): it for it in found}

    def trace(self, place: int = -1) -> list[TraceEntry]:
        """Return an execution's trace."""
        return self.ledger.trace(TENANT, self.context(place).execution)

    def told(self, place: int = -1) -> list[str]:
        """Return the kinds, steps and outcomes of an execution's trace."""
        return [f"{it.fact.kind} {it.fact.step} {it.fact.outcome}" for it in self.trace(place)]

    def machine(self, place: int = -1) -> Execution:
        """Return the run of an execution's machine."""
        return self.machines.of(self.context(place).execution)

    def case(self, step: str = "", **more: Any) -> Case:
        """Return the newest execution as an agent has it in hands."""
        work = Work(tenant=TENANT, execution=self.context().execution, step=step, **more)
        return Case.load(work, self.ports)

    def execution(self, message: str) -> str:
        """Return the id of the execution that a message opens."""
        return execution_of(TENANT, f"sms-{message}")
