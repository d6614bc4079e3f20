"""Whether the systems that a tenant names can serve it: asked of them before its file goes live.

What a system says is not as it has to be refuses the file. A system that does not answer, or a secret that nobody has
created yet, is warned of: neither says that the file is wrong.
"""

from collections.abc import Iterator
from dataclasses import replace
from typing import Final, Protocol

from followthrough.contracts.adapter import Adapter, Checking
from followthrough.errors import BadSecret, Misconfigured, Problem, SystemFailure
from followthrough.integration.limits import within
from followthrough.integration.registry import load as adapter_of
from followthrough.tenant.load import Loaded
from followthrough.tenant.models import Tenant
from followthrough.tenant.positions import Path, path_in_words

SECONDS: Final = 20.0
"""How long all systems together may take to answer."""


class Systems(Protocol):
    """The tenants' systems."""

    def adapter(self, tenant: Tenant, system: str) -> Adapter:
        """Return the adapter behind one of the tenant's systems. Raises BadSecret."""


def check(loaded: Loaded, systems: Systems) -> Loaded:
    """Return what was loaded, with what its operator is warned of. Raises Misconfigured."""
    problems, warnings = list[Problem](), list(loaded.warnings)
    with within(SECONDS):
        for name in loaded.tenant.systems:
            path: Path = ("systems", name)
            place = (*loaded.places.value(path), path_in_words(path))
            try:
                problems += [Problem(*place, said) for said in _asked(loaded.tenant, name, systems)]
            except BadSecret as bad:
                warnings.append(Problem(*place, f"{bad}: whoever runs the stage has to see to it"))
            except SystemFailure as away:
                said = (
                    f"could not be asked whether it is set up as it has to be ({away.said}): publish again to find out"
                )
                warnings.append(Problem(*place, said))
    if problems:
        raise Misconfigured(problems, warnings)
    return replace(loaded, warnings=sorted(warnings))


def _asked(tenant: Tenant, name: str, systems: Systems) -> Iterator[str]:
    """Ask one system, and look at its secret. Raises BadSecret, SystemFailure."""
    if not adapter_of(tenant.systems[name].adapter).Secret.model_fields:
        return
    adapter = systems.adapter(tenant, name)
    if isinstance(adapter, Checking):
        yield from adapter.check()
