"""Publish a tenant's configuration: check it, compile it, keep it, make it live, or say what is wrong with it."""

import hashlib
import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Protocol

from followthrough.clock import Clock
from followthrough.errors import Conflict, Misconfigured, Problem
from followthrough.routing import compiler, identities, limits, readiness
from followthrough.routing.releases import Live, Release, Releases
from followthrough.tenant.encoding import decoded
from followthrough.tenant.load import Loaded
from followthrough.tenant.models import TENANT, Tenant

MAX_ATTEMPTS = 5


class Uploads(Protocol):
    """Where operators put their files, and where they find the reports."""

    def read(self, key: str) -> bytes | None:
        """Return the newest content of an object, of one that is too large not all; None when it is gone."""

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
    """What publishing needs. `load` reads the tenant language; `functions` are the agents' version ARNs, `senders`
    the mail identities that were given to a tenant, `systems` the tenants' systems.
    """

    uploads: Uploads
    workshop: Workshop
    releases: Releases
    load: Callable[[str], Loaded]
    functions: Mapping[str, str]
    senders: Callable[[str], Sequence[str]]
    systems: readiness.Systems
    clock: Clock


def publish(key: str, publishing: Publishing) -> Live | None:
    """Publish what `tenants/<tenant>/tenant.yaml` now says. Returns the live record, or None where it was refused.

    The live record is read before the file: who loses the race to go live starts over and so reads a file that is at
    least as new as the winner's. That makes duplicated and reordered notifications harmless.
    """
    tenant = folder(key)
    for _ in range(MAX_ATTEMPTS):
        live = publishing.releases.live(tenant) or Live(tenant=tenant, release="")
        content = publishing.uploads.read(key)
        if content is None:
            return None
        try:
            _check_place(key, tenant)
            loaded = publishing.load(decoded(content))
            _check_name(loaded.tenant, tenant)
            release = make_release(loaded.tenant, publishing.functions)
            limits.check(loaded, release.machine)
            identities.check(loaded, publishing.senders)
            loaded = readiness.check(loaded, publishing.systems)
        except Misconfigured as error:
            _refuse(publishing, key, content, error, live)
            return None
        try:
            return _go_live(publishing, release, loaded.warnings, live)
        except Conflict:
            continue
    raise Conflict(f"{tenant}: somebody else kept going live")


def failed(key: str, publishing: Publishing, why: str) -> None:
    """Report that an upload could not be published, for a reason that is no mistake in the file."""
    tenant = folder(key)
    said = f"it could not be published ({why}): it is tried again, and whoever runs the stage should look"
    problems = _as_json([Problem(1, 1, "(file)", said)])
    try:
        _report(publishing, tenant, "failed", {"status": "failed", "release": None, "problems": problems})
    finally:
        publishing.workshop.notify(tenant, f"{tenant} could not be published", f"{key}: {said}.")


def folder(key: str) -> str:
    """Return the tenant in whose folder an object lies; what lies in no tenant's is called so, as no tenant can be."""
    name = key.split("/")[1] if key.count("/") > 1 else ""
    return name if re.fullmatch(TENANT, name) else "(none)"


def make_release(tenant: Tenant, functions: Mapping[str, str]) -> Release:
    """Compile a configuration; the release's id is a hash over the configuration and the machine with its function
    versions.
    """
    machine = compiler.compile(tenant, functions)
    content = json.dumps([tenant.model_dump(mode="json", by_alias=True), machine], sort_keys=True)
    return Release(id=hashlib.sha256(content.encode()).hexdigest()[:16], tenant=tenant, machine=machine)


def _check_place(key: str, tenant: str) -> None:
    """A copy beside the file, or below it, would else go live with every save of it."""
    if key != f"tenants/{tenant}/tenant.yaml":
        said = f"lies at `{key}`, and only `tenants/<tenant>/tenant.yaml` is published: upload it there, or ignore this"
        raise Misconfigured([Problem(1, 1, "(file)", said)])


def _check_name(tenant: Tenant, folder: str) -> None:
    if tenant.tenant != folder:
        said = f'is "{tenant.tenant}" but the file lies in the folder of "{folder}"'
        raise Misconfigured([Problem(1, 1, "tenant", said)])


def _go_live(publishing: Publishing, release: Release, warnings: Sequence[Problem], live: Live) -> Live:
    tenant = release.tenant.tenant
    publishing.releases.keep(release)
    publishing.workshop.topics(release.tenant)
    publishing.workshop.machine(release)
    if live.release != release.id:
        live = publishing.releases.go_live(live.model_copy(update={"release": release.id}))
    report = {"status": "live", "release": release.id, "problems": [], "warnings": _as_json(warnings)}
    _report(publishing, tenant, release.id, report)
    body = f"Release {release.id} takes all new interactions.{_listed('Please look at', warnings)}"
    publishing.workshop.notify(tenant, f"{tenant} is live", body)
    return live


def _refuse(publishing: Publishing, key: str, content: bytes, error: Misconfigured, live: Live) -> None:
    tenant, digest = live.tenant, hashlib.sha256(content).hexdigest()[:16]
    found = {"problems": _as_json(error.problems), "warnings": _as_json(error.warnings)}
    _report(publishing, tenant, digest, {"status": "refused", "release": live.release or None, **found})
    stands = f"Release {live.release} stays live." if live.release else "The tenant is not live."
    listed = f"{_listed('Mistakes', error.problems)}{_listed('Please look at', error.warnings)}"
    body = f"{key} was refused. {stands}{listed}"
    publishing.workshop.notify(tenant, f"{tenant} was refused: {len(error.problems)} mistakes", body)


def _as_json(problems: Sequence[Problem]) -> list[dict[str, Any]]:
    return [asdict(problem) for problem in problems]


def _listed(title: str, problems: Sequence[Problem]) -> str:
    return "\n".join([f"\n\n{title}:", *map(str, problems)]) if problems else ""


def _report(publishing: Publishing, tenant: str, content: str, report: Mapping[str, Any]) -> None:
    now = publishing.clock()
    key = f"reports/{tenant}/{now:%Y%m%dT%H%M%S}-{content}.json"
    publishing.uploads.report(key, {"tenant": tenant, "at": now.isoformat(), **report})
