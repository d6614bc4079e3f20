"""What single parts take, without any store or system."""

import json
from collections.abc import Iterator

from followthrough.integration.registry import operations, settings_of
from followthrough.interaction.registry import providers
from followthrough.ledger import masking
from followthrough.ledger.memory import MemoryKeys, MemoryLedger
from followthrough.ledger.verification import verify
from followthrough.routing.publish import make_release
from followthrough.tenant.load import load
from infra.local.accounts import source
from tests.bench.measure import Measure, milliseconds
from tests.ledger.samples import NOW, WORDS, HandClock, a_fact
from tests.ledger.writing import append
from tests.workbench.world import FUNCTIONS, TENANT

ENTRIES = 1_000
A_CALL = f"{WORDS}, and call me at 312 555 0188 about invoice 20261122. " * 160
"""Ten thousand characters, as of a telephone call."""


def parts() -> Iterator[Measure]:
    """Measure what runs at an upload, at a write and at an audit."""
    text = source(TENANT)
    tenant = load(text, operations(), settings_of(), providers()).tenant
    release = make_release(tenant, FUNCTIONS)
    yield Measure("states of the machine", len(release.machine["States"]))
    yield Measure("size of the machine", len(json.dumps(release.machine)) / 1024, "KiB")
    yield milliseconds("read and check a tenant", lambda: load(text, operations(), settings_of(), providers()), 5)
    yield milliseconds("compile a tenant", lambda: make_release(tenant, FUNCTIONS), 5)
    yield milliseconds("mask a call's words", lambda: masking.mask(A_CALL), 5)
    ledger = MemoryLedger(MemoryKeys(), clock=HandClock())
    facts = [a_fact(str(number)) for number in range(ENTRIES)]
    yield milliseconds(f"append {ENTRIES} entries", lambda: append(ledger, TENANT, "e", "subject-1", NOW, facts), 1)
    entries = ledger.trace(TENANT, "e")
    yield milliseconds(f"verify {ENTRIES} entries", lambda: verify("e", entries), 5)
