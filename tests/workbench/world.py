"""The outside world of a bench: the sandbox systems behind real sockets, the real adapters, and what the tenant owns.

Starting it takes a moment, so that many benches share one, one after the other.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import yaml

from followthrough.contracts.adapter import Adapter
from followthrough.contracts.settings import StageSettings
from followthrough.integration.connections import Connections
from followthrough.integration.registry import operations, settings_of
from followthrough.interaction.registry import providers
from followthrough.routing.compiler import AGENTS
from followthrough.routing.publish import make_release
from followthrough.routing.releases import Release
from followthrough.tenant.load import load
from followthrough.tenant.models import Tenant
from followthrough.tenant.scopes import Operations
from followthrough.understanding.dates import find_time
from infra.local.accounts import SECRETS, TENANTS, source
from infra.local.sandbox import Sandbox
from simulation.systems import all_systems
from tests.workbench.clock import ManualClock
from tests.workbench.postbox import MailBox, NoticeBoard

TENANT = "brightsmile"
SYSTEMS = ("hubspot", "cal_com", "stripe", "twilio")
FUNCTIONS = {agent: f"arn:aws:lambda:us-east-1:111122223333:function:{agent}:1" for agent in AGENTS}
NEVER = 1e8
"""Seconds; the bench itself posts what Twilio reports."""

Edits = tuple[tuple[str, str], ...]


@dataclass
class World:
    """The sandbox systems on `clock`, and connections to them by the real adapters."""

    clock: ManualClock
    sandbox: Sandbox
    connections: Connections

    def begin(self) -> None:
        """Bring everything back to how it was at first."""
        self.clock.reset()
        for system in SYSTEMS:
            self.sandbox.reset(system)
        for system, state in _first_state(TENANT).items():
            self.sandbox.seed(system, self._dated(state))

    def _dated(self, state: dict[str, Any]) -> dict[str, Any]:
        """Bookings are seeded at times in a customer's words, so that they are still to come."""
        if "bookings" not in state:
            return state
        return {**state, "bookings": [{**it, "start": self.moment(it["start"])} for it in state["bookings"]]}

    def moment(self, words: str) -> str:
        """Return the moment that a customer of this practice means by these words, ISO 8601."""
        found = find_time(words, self.clock.now, "America/Chicago", "en", counted={})
        assert found is not None, f"{words!r} names no moment"
        return found.at.isoformat()


@dataclass
class BenchSecrets:
    """The tenants' secrets."""

    def secret(self, tenant: str, system: str) -> Mapping[str, str]:
        """Return the secret of one of the tenant's systems."""
        adapter = {"crm": "hubspot", "calendar": "cal_com", "payments": "stripe"}.get(system, "twilio")
        return SECRETS[adapter]


@dataclass
class BenchSystems:
    """Systems: mail and notices of the bench's own, what a test put in a system's place (`instead`), else the real."""

    connections: Connections
    mail: MailBox = field(default_factory=MailBox)
    notices: NoticeBoard = field(default_factory=NoticeBoard)
    instead: dict[str, Adapter] = field(default_factory=dict)

    def adapter(self, tenant: Tenant, system: str) -> Adapter:
        """Return the adapter behind one of the tenant's systems."""
        own: dict[str, Adapter] = {"ses": self.mail, "sns": self.notices}
        found = self.instead.get(system) or own.get(tenant.systems[system].adapter)
        return found or self.connections.adapter(tenant, system)

    def operations(self) -> Operations:
        """Return what every adapter can do."""
        return operations()


@contextmanager
def world() -> Iterator[World]:
    """Serve the sandbox systems until the block ends."""
    clock = ManualClock()
    with Sandbox.start(all_systems(clock), callback_seconds=NEVER) as sandbox:
        yield World(
            clock, sandbox, Connections(BenchSecrets(), sandbox.endpoints, StageSettings("", "", lambda _tenant: ()))
        )


@cache
def release(edits: Edits = ()) -> Release:
    """Return the practice's release, its file changed by replacing the first of each pair with the second."""
    text = source(TENANT)
    for old, new in edits:
        assert old in text, f"{old!r} is not in the file"
        text = text.replace(old, new)
    return make_release(load(text, operations(), settings_of(), providers()).tenant, FUNCTIONS)


@cache
def _first_state(tenant: str) -> dict[str, dict[str, Any]]:
    state: dict[str, dict[str, Any]] = yaml.safe_load((TENANTS / tenant / "sandbox.yaml").read_text("utf-8"))
    return state
