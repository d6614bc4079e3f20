"""The small world of the demo, `dev` and the journeys: the product on the stand-in, its sandbox systems, its tenants.

with world() as here:
    here.phone("brightsmile", "+13125550142").say("I'd like a cleaning next Tuesday at 3")
"""

import json
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from typing import Any

from followthrough.aws.senders import AwsSenders
from followthrough.clock import utc_now
from followthrough.integration.registry import load
from followthrough.tenant.models import Tenant
from infra.local.accounts import SECRETS, configuration, first_state, number_of, source, tenant_names
from infra.local.phone import Phone
from infra.local.sandbox import Sandbox
from infra.local.standin import STAGE, Standin, standin
from simulation.systems import all_systems

PUBLIC_URL = "https://followthrough.example"
"""What providers sign and call; the sandbox systems find the stand-in behind it."""

_LIVE_SECONDS = 60.0


@dataclass(frozen=True)
class World:
    """A running world."""

    standin: Standin
    sandbox: Sandbox

    def phone(self, tenant: str, number: str) -> Phone:
        """A customer's phone, in a conversation with a tenant."""
        to = number_of(configuration(tenant))
        return Phone(self.standin.api, PUBLIC_URL, self.sandbox.endpoints["twilio"], tenant, number, to)

    def upload(self, tenant: str, text: str) -> dict[str, Any]:
        """Upload a tenant's file as its operator would, and return the report on it."""
        s3, bucket = self.standin.client("s3"), self.standin.outputs["Bucket"]
        before = self._reports(tenant)
        s3.put_object(Bucket=bucket, Key=f"tenants/{tenant}/tenant.yaml", Body=text.encode())
        deadline = time.monotonic() + _LIVE_SECONDS
        while time.monotonic() < deadline:
            new = self._reports(tenant) - before
            if new:
                report: dict[str, Any] = json.loads(s3.get_object(Bucket=bucket, Key=min(new))["Body"].read())
                return report
            time.sleep(0.1)
        raise RuntimeError(f"no report on {tenant} within {_LIVE_SECONDS:.0f} s")

    def give_sender(self, tenant: str, address: str) -> None:
        """Verify a mail address, and let a tenant send from it and from no other."""
        self.standin.client("sesv2").create_email_identity(EmailIdentity=address)
        AwsSenders(self.standin.client("dynamodb"), self.standin.outputs["TenantsTable"]).give(tenant, [address])

    def _reports(self, tenant: str) -> set[str]:
        listed = self.standin.client("s3").list_objects_v2(
            Bucket=self.standin.outputs["Bucket"], Prefix=f"reports/{tenant}/"
        )
        return {found["Key"] for found in listed.get("Contents", [])}


@contextmanager
def world(*, port: int | None = None, say: Callable[[str], None] = lambda _: None) -> Iterator[World]:
    """Start everything, publish every tenant of this checkout, and end it all afterwards."""
    with (
        systems() as sandbox,
        standin(endpoints=sandbox.endpoints, public_url=PUBLIC_URL, port=port, say=say) as product,
    ):
        yield settled(product, sandbox, say)


def systems() -> AbstractContextManager[Sandbox]:
    """Start the sandbox systems, and end them afterwards."""
    return Sandbox.start(all_systems(utc_now))


def settled(product: Standin, sandbox: Sandbox, say: Callable[[str], None] = lambda _: None) -> World:
    """Make a world of a stand-in and the systems beside it: publish every tenant of this checkout."""
    sandbox.redirect(PUBLIC_URL, product.api)
    here = World(product, sandbox)
    for name in tenant_names():
        say(f"Publishing {name}")
        _settle_in(here, configuration(name))
    return here


def _settle_in(here: World, tenant: Tenant) -> None:
    """Give a tenant its accounts, its verified sender and its history, then publish it."""
    secrets = here.standin.client("secretsmanager")
    for name, system in tenant.systems.items():
        if load(system.adapter).Secret.model_fields:
            path = f"{STAGE.secrets}/tenants/{tenant.tenant}/{name}"
            secrets.create_secret(Name=path, SecretString=json.dumps(SECRETS[system.adapter]))
        if system.adapter == "ses":
            here.give_sender(tenant.tenant, system.settings["from"])
    for name, state in first_state(tenant).items():
        here.sandbox.seed(name, state)
    report = here.upload(tenant.tenant, source(tenant.tenant))
    if report["status"] != "live":
        raise RuntimeError(f"{tenant.tenant} was refused: {report['problems']}")
