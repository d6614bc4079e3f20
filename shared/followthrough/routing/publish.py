"""Publish a tenant's configuration: check it, compile it, keep it, make it live, or say what is wrong with it."""

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from followthrough.clock import Clock
from followthrough.errors import Conflict, Misconfigured, Problem
from followthrough.routing import compiler
from followthrough.routing.releases import Live, Release, Releases
from followthrough.tenant.models import Tenant

MAX_ATTEMPTS = 5


class Uploads(Protocol):
    """Where operators put their files, and where they find the reports."""

    def read(self, key: str) -> str | None:
        """Return the newest content of an object; None when it is gone. Raises UnicodeDecodeError."""

    def report(self, key: str, report: Mapping[str, Any]) -> None:
        """Write a report object."""


class Workshop(Protocol):
    """Where machines and topics are made."""

    def machine(self, release: Release) -> None:
        """Make the release's state machine; making it again changes nothing."""

    def topics(self, tenant: Tenant) -> None:
        """Make the topics of the tenant's operators; making them again changes nothing."""

    def notify(self, tenant: str, subject: str, body: str) -> None:
        """Tell the operators' topic how a publication went."""


@dataclass(frozen=True)
class Publishing:
    """What publishing needs. `load` reads the tenant language; `functions` are the agents' version ARNs."""

    uploads: Uploads
    workshop: Workshop
    releases: Releases
    load: Callable[[str], Tenant]
    functions: Mapping[str, str]
    clock: Clock


def publish(key: str, publishing: Publishing) -> Live | None:
    """Publish what `tenants/<tenant>/tenant.yaml` now says. Returns the live record, or None where it was refused.

    The live record is read before the file: who loses the race to go live starts over and so reads a file that is at
    least as new as the winner's. That makes duplicated and reordered notifications harmless.
    """
    tenant = key.split("/")[1]
    for _ in range(MAX_ATTEMPTS):
        live = publishing.releases.live(tenant) or Live(tenant=tenant, release="")
        text = publishing.uploads.read(key)
        if text is None:
            return None
        try:
            release = make_release(publishing.load(text), publishing.functions)
            _check_name(release, tenant)
        except Misconfigured as error:
            _refuse(publishing, tenant, text, error, live)
            return None
        try:
            return _go_live(publishing, release, live)
        except Conflict:
            continue
    raise Conflict(f"{tenant}: somebody else kept going live")


def make_release(tenant: Tenant, functions: Mapping[str, str]) -> Release:
    """Compile a configuration; the release's id is a hash over the configuration and the machine with its function
    versions.
    """
    machine = compiler.compile(tenant, functions)
    content = json.dumps([tenant.model_dump(mode="json", by_alias=True), machine], sort_keys=True)
    return Release(id=hashlib.sha256(content.encode()).hexdigest()[:16], tenant=tenant, machine=machine)


def _check_name(release: Release, folder: str) -> None:
    name = release.tenant.tenant
    if name != folder:
        raise Misconfigured([Problem(1, 1, "tenant", f'is "{name}" but the file lies in the folder of "{folder}"')])


def _go_live(publishing: Publishing, release: Release, live: Live) -> Live:
    tenant = release.tenant.tenant
    publishing.releases.keep(release)
    publishing.workshop.topics(release.tenant)
    publishing.workshop.machine(release)
    if live.release != release.id:
        live = publishing.releases.go_live(live.model_copy(update={"release": release.id}))
    _report(publishing, tenant, release.id, {"status": "live", "release": release.id, "problems": []})
    publishing.workshop.notify(tenant, f"{tenant} is live", f"Release {release.id} takes all new interactions.")
    return live


def _refuse(publishing: Publishing, tenant: str, text: str, error: Misconfigured, live: Live) -> None:
    problems = [{"line": it.line, "column": it.column, "path": it.path, "message": it.message} for it in error.problems]
    digest = hashlib.sha256(text.encode()).hexdigest()[:16]
    _report(publishing, tenant, digest, {"status": "refused", "release": live.release or None, "problems": problems})
    stands = f"Release {live.release} stays live." if live.release else "The tenant is not live."
    listed = "\n".join(str(problem) for problem in error.problems)
    body = f"tenants/{tenant}/tenant.yaml was refused. {stands}\n\n{listed}"
    publishing.workshop.notify(tenant, f"{tenant} was refused: {len(problems)} mistakes", body)


def _report(publishing: Publishing, tenant: str, content: str, report: Mapping[str, Any]) -> None:
    now = publishing.clock()
    key = f"reports/{tenant}/{now:%Y%m%dT%H%M%S}-{content}.json"
    publishing.uploads.report(key, {"tenant": tenant, "at": now.isoformat(), **report})
