"""A workbench: whole interactions in this very process, on the machine that publishing generates.

with world() as here:
    bench = Bench(here)
    assert "Shall we book it" in bench.text(MAYA, "A cleaning next Wednesday at 3 pm please")[-1]
    assert "Booked" in bench.text(MAYA, "yes")[-1]

Everything goes by one manual clock. What the product meets of the outside world is real: adapters, HTTP, signatures.
"""

import json
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

from twilio.request_validator import RequestValidator

from followthrough.agents import act, answer, ask, confirm, decide, identify, listen, retrieve, undo
from followthrough.engine.ports import Ports
from followthrough.engine.work import Outcome, Work
from followthrough.handlers.delivery_reports import receive_mail_report, receive_report
from followthrough.interaction.post import Post
from followthrough.interaction.reception import receive
from followthrough.interaction.sms import SMS
from followthrough.ledger.memory.agenda import MemoryAgenda
from followthrough.ledger.memory.conversations import MemoryConversations
from followthrough.ledger.memory.keys import MemoryKeys
from followthrough.ledger.memory.ledger import MemoryLedger
from followthrough.ledger.memory.subjects import MemorySubjects
from followthrough.routing.releases import Release
from infra.local.accounts import SECRETS
from simulation.exchange import Callback
from simulation.executor import Invoke
from simulation.faults import Fault
from simulation.twilio.server import Twilio
from tests.workbench.machines import BenchMachines
from tests.workbench.postbox import published
from tests.workbench.shelves import RememberedReleases
from tests.workbench.sight import Sight
from tests.workbench.weather import Killed
from tests.workbench.world import SYSTEMS, TENANT, BenchSecrets, BenchSystems, Edits, World, release

PUBLIC_URL = "https://followthrough.example"
PRACTICE = "+13125550100"
MAYA, RAY, DANA, OMAR, LUCIA, IAN = (f"+1312555014{last}" for last in range(2, 8))
"""Gold; blocked; her card is declined; plain; speaks Spanish; has the visit next Tuesday at 3."""

THINKING = timedelta(seconds=20)
"""How long a customer takes to answer."""

RUNS: dict[str, Callable[[Work, Ports], Outcome]] = {
    module.__name__.rpartition(".")[2]: module.run
    for module in (act, answer, ask, confirm, decide, identify, listen, retrieve, undo)
}


class Bench(Sight):
    """One tenant, its customers' phones, and the product between them.

    `wrap` may wrap the ports that agents and ingress get, `around` each invocation of an agent. `edits` change the
    tenant's file, or `live` replaces it. By the way Twilio posts receipts and SES reports on mails, unless `receipts`
    or `mail_reports` is False.
    """

    def __init__(
        self,
        world: World,
        *,
        wrap: Callable[[Ports], Ports] = lambda ports: ports,
        around: Callable[[Invoke], Invoke] = lambda invoke: invoke,
        edits: Edits = (),
        live: Release | None = None,
        receipts: bool = True,
        mail_reports: bool = True,
    ) -> None:
        world.begin()
        self.before = {system: world.sandbox.snapshot(system) for system in SYSTEMS}
        self.world, self.clock, self.sandbox = world, world.clock, world.sandbox
        self.receipts, self.mail_reports = receipts, mail_reports
        self.keys = MemoryKeys()
        self.agenda = MemoryAgenda()
        self.conversations = MemoryConversations(self.keys, self.agenda)
        self.ledger = MemoryLedger(self.keys, conversations=self.conversations, agenda=self.agenda, clock=self.clock)
        self.releases = RememberedReleases()
        self.systems = BenchSystems(world.connections)
        self.secrets = BenchSecrets()
        self.invocations: list[tuple[str, str]] = []
        self.machines = BenchMachines(self.clock, self.releases, around(self.invoke))
        self.plain = Ports(
            ledger=self.ledger,
            agenda=self.agenda,
            conversations=self.conversations,
            subjects=MemorySubjects(),
            releases=self.releases,
            systems=self.systems,
            machines=self.machines,
            clock=self.clock,
            public_url=PUBLIC_URL,
        )
        self.ports = wrap(self.plain)
        self.releases.publish(live or release(edits))
        self._texts = 0
        self.left_under_way = False

    # What customers, providers and time do ---------------------------------------------------------------------------

    def text(self, number: str, words: str, *, message: str | None = None, settle: bool = True) -> list[str]:
        """Text the practice as Twilio would deliver it, see to everything, and return what was texted back meanwhile.

        `message` repeats an earlier id. Without `settle` the text is only accepted.
        """
        self.clock.forward(self.clock.now + THINKING)
        heard = len(self.heard(number))
        self._texts += 1
        sid = message or f"SM{self._texts:032x}"
        form = {"MessageSid": sid, "From": number, "To": PRACTICE, "Body": words}
        with suppress(Killed):  # the provider heard nothing then, and may deliver the message again
            receive(SMS, self.post("sms", form), self.ports, self.secrets)
        if settle:
            self.settle()
        return self.heard(number)[heard:]

    def post(self, path: str, form: dict[str, str], tenant: str = TENANT) -> Post:
        """Return a form as Twilio would post it, signed."""
        url = f"{PUBLIC_URL}/v1/{tenant}/{path}"
        signature = RequestValidator(SECRETS["twilio"]["auth_token"]).compute_signature(url, form)
        return Post(tenant, url, {"x-twilio-signature": signature}, urlencode(form).encode())

    def settle(self) -> None:
        """Let everything go on until all is done or waits for somebody; pauses pass."""
        self.machines.let_pass()
        if (self.receipts and self.report()) or (self.mail_reports and self.report_mails()):
            self.settle()

    def let_pass(self, **span: float) -> None:
        """Let time pass, as in `timedelta`; questions may expire."""
        self.machines.let_pass(self.clock.now + timedelta(**span))
        self.settle()

    def report(self) -> int:
        """Post what Twilio has to say of messages on their way; return how much it was."""
        due = self.lose_receipts()
        for callback in due:
            headers = {name.lower(): value for name, value in callback.headers.items()}
            form = urlencode(callback.form).encode()
            try:
                receive_report(SMS, Post(TENANT, callback.url, headers, form), self.ports, self.secrets)
            except Killed:  # Twilio reports a status once: what was under way is left to the sweeper
                self.left_under_way = True
        return len(due)

    def lose_receipts(self) -> list[Callback]:
        """Let messages go on their way, and return what Twilio has to say of it and does not post."""
        booth = self.sandbox._booth("twilio")
        with booth.lock:
            assert isinstance(booth.system, Twilio)
            return booth.system.due_callbacks()

    def report_mails(self) -> int:
        """Tell what SES publishes of mails that were sent since; return how much it was."""
        due: list[str] = self.mail.due_reports(TENANT)
        for report in due:
            # As Lambda does: https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html
            for _ in range(3):
                with suppress(Killed):
                    receive_mail_report(report, self.ports)
                    break
        return len(due)

    def mail_report(self, message: str, event: str) -> None:
        """Tell an event of one mail, whatever became of it."""
        receive_mail_report(published(TENANT, message, event), self.ports)

    def receipt(self, message: str, status: str) -> None:
        """Report a status of one message, whatever Twilio thinks of it."""
        form = {"MessageSid": message, "MessageStatus": status}
        receive_report(SMS, self.post("sms/status", form), self.ports, self.secrets)

    def fault(self, system: str, fault: Fault | str, path: str = "", **more: Any) -> None:
        """Let the next requests to a system that fit meet a fault."""
        self.sandbox.fault(system, fault, path=path, **more)

    def invoke(self, arn: str, payload: dict[str, Any]) -> dict[str, Any]:
        """Run an agent as its Lambda would: JSON in, JSON out, and a killed process looks like a failure."""
        agent = arn.split(":")[-2]
        work = Work.model_validate(json.loads(json.dumps(payload)))
        self.invocations.append((agent, work.step))
        try:
            outcome = RUNS[agent](work, self.ports)
        except Killed as killed:
            raise RuntimeError("the process died") from killed
        answered: dict[str, Any] = json.loads(outcome.model_dump_json())
        return answered
