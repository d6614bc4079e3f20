"""A town full of customers, the sandbox systems, and the product between them in processes that may die.

with emulator(...) as aws, town(aws.gateway, customers) as here:
    here.live()
    ... verdict.wrong(here) ...
"""

import secrets
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import timedelta
from pathlib import Path
from random import Random
from threading import Lock
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from twilio.request_validator import RequestValidator

from followthrough.errors import Missing
from followthrough.interaction.conversation import execution_of
from followthrough.ledger.due import IDLE
from followthrough.ledger.models import ExecutionContext
from followthrough.operations.sweep import UNRECEIPTED
from infra.local.accounts import SECRETS, configuration, first_state
from infra.local.emulator import Emulator
from infra.local.sandbox import Sandbox
from simulation.cal_com.server import CalCom
from simulation.hubspot.server import HubSpot
from simulation.stripe.server import Stripe
from simulation.twilio.server import Twilio
from tests.crash.deaths import Doom
from tests.crash.engine import Engine, EngineDied
from tests.crash.practice import TENANT, made, shelf
from tests.crash.stores import Stores, drop_tables, make_tables
from tests.crash.stories import Customer
from tests.crash.workers import NEVER, BrokeError, DiedError, Workers, workers
from tests.workbench.bench import PRACTICE, PUBLIC_URL
from tests.workbench.clock import ManualClock
from tests.workbench.postbox import published
from tests.workbench.world import NEVER as NEVER_BY_ITSELF

if TYPE_CHECKING:
    from followthrough.routing.releases import Releases
    from simulation.exchange import SandboxSystem

LAG = timedelta(seconds=10)
"""How far the providers' searches run behind."""

LATE = timedelta(hours=25)
"""When the sweep comes by where nobody looked for long: Stripe has forgotten its keys by then."""

MOST_SWEEPS = 60


class Town:
    """Customers and their interactions. Whatever happens to a process follows from `seed`, customer and occasion."""

    def __init__(
        self, stores: Stores, sandbox: Sandbox, releases: "Releases", *, seed: str, risk: float, clock: ManualClock
    ) -> None:
        self.stores, self.sandbox, self.clock, self.seed, self.risk = stores, sandbox, clock, seed, risk
        self.engine = Engine(clock, releases, self.invoke)
        self.customers: Sequence[Customer] = ()
        self.sent: list[tuple[str, str]] = []
        self.mails: list[tuple[str, Customer]] = []
        """Mails on their way, by their ids at the provider."""
        self.deaths = 0
        self.broke: list[str] = []
        self.workers: Workers
        self._whose: dict[str, Customer] = {}
        self._occasions: dict[str, int] = {}
        self._lock = Lock()

    # What happens ----------------------------------------------------------------------------------------------------

    def live(self, customers: Sequence[Customer], tell: Callable[[int], None] = lambda closed: None) -> None:
        """Let every customer have their say, time pass and the sweep come by, until nothing is left to do."""
        self.customers = customers
        self._settle_in()
        for customer in customers:
            self._say(customer, customer.opening)
        self._settle()
        for sweep in range(MOST_SWEEPS):
            tell(sum(self._is_served(customer) for customer in customers))
            if self.is_quiet():
                return
            late = sweep == 0 and any(customer.late for customer in customers)
            pause = LATE if late else UNRECEIPTED if sweep % 5 == 4 else IDLE
            self.clock.forward(self.clock.now + pause + timedelta(seconds=1))
            self.engine.submit(self._sweep)
            self._settle()
            if sweep % 10 == 9:
                self.engine.pass_deadlines()
                self._settle()

    def is_quiet(self) -> bool:
        """Tell whether every interaction was read and every execution that it opened is closed."""
        return all(self._is_served(customer) for customer in self.customers)

    def invoke(self, arn: str, payload: dict[str, Any]) -> dict[str, Any]:
        """Run an agent in a process of its own; one that dies looks like a failed function."""
        customer = self._whose[payload["execution"]]
        task = {"kind": "agent", "agent": arn.split(":")[-2], "payload": payload}
        try:
            answer: dict[str, Any] = self._run(task, customer)
        except DiedError:
            if customer.late:
                raise EngineDied from None
            raise
        except BrokeError as broke:
            self.broke.append(str(broke))
            raise
        return answer

    def heard(self, number: str) -> list[str]:
        """Return the texts that were sent to a number, oldest first."""
        return [it["body"] for it in self.sandbox.snapshot("twilio")["messages"] if it["to"] == number]

    def errands(self) -> dict[str, Callable[..., Any]]:
        """Return what worker processes may have done here."""
        return {
            "now": lambda: self.clock().isoformat(),
            "start": self.engine.start,
            "runs": self.engine.runs,
            "running": self.engine.running,
            "resume": self.engine.resume,
            "send": self._send,
        }

    def _settle_in(self) -> None:
        """Open the practice, and let CRM and payments know their customers."""
        kinds = first_state(configuration(TENANT))["cal_com"]["event_types"]
        known = [it for it in self.customers if it.story.known]
        self.sandbox.seed("cal_com", {"event_types": kinds})
        contacts = [{"name": it.seen_as, "phone": it.number, "status": "active"} for it in known]
        self.sandbox.seed("hubspot", {"contacts": contacts})
        payers = [{"name": it.seen_as, "phone": it.number, "cards": ["pm_card_visa"]} for it in known]
        self.sandbox.seed("stripe", {"customers": payers})

    def _settle(self) -> None:
        """Let everything go on until all is done, or waits for the sweep."""
        while True:
            self.engine.quiet()
            if not self._report() and not self._answer() and not self.engine.pass_pauses():
                return

    def _answer(self) -> bool:
        """Let every customer answer what they have not answered yet; True if anybody did."""
        messages = self.sandbox.snapshot("twilio")["messages"]
        said = False
        for customer in self.customers:
            heard = [it["body"] for it in messages if it["to"] == customer.number]
            new, customer.read = heard[customer.read :], len(heard)
            reply = customer.reply(new[-1]) if new else None
            if reply is not None:
                self._say(customer, reply)
                said = True
        return said

    def _say(self, customer: Customer, words: str) -> None:
        message = f"SM{customer.place:016x}{len(customer.texts):016x}"
        customer.texts.append(message)
        self._whose[execution_of(TENANT, f"sms-{message}")] = customer
        form = {"MessageSid": message, "From": customer.number, "To": PRACTICE, "Body": words}
        self.engine.submit(self._post, "text", "sms", form, customer)

    def _post(self, kind: str, path: str, form: dict[str, str], customer: Customer | None) -> None:
        """Post a form as Twilio would: a text again until it was accepted, a status only once."""
        url = f"{PUBLIC_URL}/v1/{TENANT}/{path}"
        signature = RequestValidator(SECRETS["twilio"]["auth_token"]).compute_signature(url, form)
        headers = {"x-twilio-signature": signature}
        task = {"kind": kind, "url": url, "headers": headers, "body": urlencode(form)}
        for _ in range(10):
            try:
                self._run(task, customer)
            except DiedError:
                if kind == "text":
                    continue
            return

    def _report(self) -> bool:
        """Tell what Twilio and SES have to say of what is on its way; True if there was anything."""
        with self._lock:
            mails, self.mails = self.mails, []
        for message, customer in mails:
            self.engine.submit(self._publish, message, customer)
        booth = self.sandbox._booth("twilio")
        with booth.lock:
            assert isinstance(booth.system, Twilio)
            due = booth.system.due_callbacks()
        for callback in due:
            whose = next((it for it in self.customers if it.number == callback.form.get("To")), None)
            self.engine.submit(self._post, "receipt", "sms/status", dict(callback.form), whose)
        return bool(due or mails)

    def _publish(self, message: str, customer: Customer) -> None:
        """Tell that a mail was delivered, as SES does: Lambda tries three times."""
        for _ in range(3):
            with suppress(DiedError):
                self._run({"kind": "mail report", "report": published(TENANT, message, "Delivery")}, customer)
                return

    def _sweep(self) -> None:
        try:
            self._run({"kind": "sweep"}, None)
        except DiedError:
            return

    def _send(self, system: str, reference: str, execution: str) -> str:
        with self._lock:
            self.sent.append((system, reference))
            identity = f"{system}-{len(self.sent)}"
            if system == "ses":
                self.mails.append((identity, self._whose[execution]))
            return identity

    # Who dies, and who is served -------------------------------------------------------------------------------------

    def _run(self, task: dict[str, Any], customer: Customer | None) -> Any:
        doom = self._doom(customer)
        try:
            return self.workers.run(task, doom, customer.story.refused if customer else "")
        except DiedError:
            with self._lock:
                self.deaths += 1
                if customer is not None:
                    customer.deaths += 1
            raise

    def _doom(self, customer: Customer | None) -> Doom:
        if customer is not None and customer.doom is not None:
            return customer.doom if customer.deaths == 0 else NEVER
        whose = customer.number if customer else "the sweep"
        with self._lock:
            occasion = self._occasions[whose] = self._occasions.get(whose, 0) + 1
        chance = Random(f"{self.seed}/{whose}/{occasion}")
        return Doom(call=chance.randrange(20)) if chance.random() < self.risk else NEVER

    def _is_served(self, customer: Customer) -> bool:
        """Tell whether nothing more will happen to a customer."""
        subject = self.stores.subjects.subject(TENANT, customer.number)
        if self.stores.conversations.unread(TENANT, subject):
            return False
        return all(context.closed_at is not None for context in self.contexts_of(customer))

    def contexts_of(self, customer: Customer) -> list[ExecutionContext]:
        """Return the contexts of a customer's executions."""
        found = []
        for message in customer.texts:
            try:
                found.append(self.stores.ledger.load(TENANT, execution_of(TENANT, f"sms-{message}")))
            except Missing:
                continue
        return found


@contextmanager
def town(gateway: str, *, seed: str = "", risk: float = 0.0) -> Iterator[Town]:
    """Serve a town until the block ends."""
    run, clock, release = secrets.token_hex(4), ManualClock(), made()
    systems: list[SandboxSystem] = [HubSpot(clock, LAG), CalCom(clock), Stripe(clock, LAG), Twilio(clock, LAG)]
    dynamodb = Emulator(gateway, Path()).client("dynamodb")
    make_tables(dynamodb, run)
    with Sandbox.start(systems, callback_seconds=NEVER_BY_ITSELF) as sandbox:
        stores = Stores.of(dynamodb, run, clock)
        here = Town(stores, sandbox, shelf(release), clock=clock, seed=seed, risk=risk)
        with workers(gateway, run, release, sandbox.endpoints, here.errands()) as here.workers:
            try:
                yield here
            finally:
                here.engine.close()
    drop_tables(dynamodb, run)
