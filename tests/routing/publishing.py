"""All that publishing needs, in memory."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, cast

from followthrough.contracts.adapter import Adapter
from followthrough.errors import BadSecret, Problem, SystemFailure
from followthrough.integration.registry import operations, settings_of
from followthrough.interaction.registry import providers
from followthrough.routing.memory import MemoryReleases
from followthrough.routing.publish import Publishing, publish
from followthrough.routing.releases import Live, Release
from followthrough.tenant.load import Loaded, load
from followthrough.tenant.models import Tenant
from infra.local.accounts import source
from tests.workbench.world import FUNCTIONS

KEY = "tenants/brightsmile/tenant.yaml"
GOOD = source("brightsmile")
NEWER = GOOD.replace("name: Bright Smile Dental", "name: Brighter Smile Dental")
BROKEN = GOOD.replace("time_zone:", "timezone:").replace("crm.find_person", "crm.find_persons")


class Bucket:
    """Uploads; `meanwhile` happens once, right after the file was read."""

    def __init__(self, text: str | None) -> None:
        self.text = text
        self.reports: dict[str, Mapping[str, Any]] = {}
        self.meanwhile: Callable[[], None] | None = None

    def read(self, key: str) -> bytes | None:
        text, then, self.meanwhile = self.text, self.meanwhile, None
        if then:
            then()
        return None if text is None else text.encode()

    def report(self, key: str, report: Mapping[str, Any]) -> None:
        self.reports[key] = report


class Yard:
    """A workshop that keeps what it was told; while `closed`, no machine can be made."""

    def __init__(self) -> None:
        self.machines: list[str] = []
        self.topic_names: set[str] = set()
        self.notices: list[tuple[str, str]] = []
        self.closed = False

    def machine(self, release: Release) -> None:
        if self.closed:
            raise ConnectionError("closed")
        self.machines.append(release.id)

    def topics(self, tenant: Tenant) -> None:
        self.topic_names |= {operator.topic for operator in tenant.operators.values()}

    def notify(self, tenant: str, subject: str, body: str) -> None:
        self.notices.append((subject, body))


class Asked:
    """A system that says what is wrong with it, or fails to."""

    def __init__(self, says: Sequence[str] | SystemFailure) -> None:
        self.says = says

    def check(self) -> list[str]:
        if isinstance(self.says, SystemFailure):
            raise self.says
        return list(self.says)


class Systems:
    """The tenants' systems: what each says (nothing, unless a test lets it), or why it cannot be connected."""

    def __init__(self) -> None:
        self.say: dict[str, Sequence[str] | SystemFailure | BadSecret] = {}

    def adapter(self, tenant: Tenant, system: str) -> Adapter:
        says = self.say.get(system, ())
        if isinstance(says, BadSecret):
            raise says
        return cast("Adapter", Asked(says))


class Desk:
    """All that publishing needs, and one way to ask for it; `warnings` are told of every file that loads."""

    def __init__(self, text: str | None = GOOD, warnings: Sequence[Problem] = ()) -> None:
        self.bucket, self.yard, self.releases = Bucket(text), Yard(), MemoryReleases()
        self.systems = Systems()
        self.warnings = list(warnings)

    def publish(self, key: str = KEY) -> Live | None:
        return publish(
            key,
            Publishing(
                uploads=self.bucket,
                workshop=self.yard,
                releases=self.releases,
                load=self._load,
                functions=FUNCTIONS,
                senders=lambda tenant: [f"{tenant}.example"],
                systems=self.systems,
                clock=lambda: datetime(2026, 11, 23, tzinfo=UTC),
            ),
        )

    def _load(self, text: str) -> Loaded:
        loaded = load(text, operations(), settings_of(), providers())
        return replace(loaded, warnings=[*loaded.warnings, *self.warnings])

    def upload(self, text: str) -> None:
        self.bucket.text = text

    def live_name(self) -> str:
        live = self.releases.live("brightsmile")
        assert live is not None
        return self.releases.release("brightsmile", live.release).tenant.name
