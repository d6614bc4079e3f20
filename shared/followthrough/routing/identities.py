"""A tenant sends from its own identities, and from nobody else's."""

from collections.abc import Callable, Sequence

from followthrough.contracts.address import is_given
from followthrough.contracts.settings import from_stage
from followthrough.errors import Misconfigured, Problem
from followthrough.integration.registry import load as adapter_of
from followthrough.tenant.load import Loaded
from followthrough.tenant.positions import Path, path_in_words


def check(loaded: Loaded, senders: Callable[[str], Sequence[str]]) -> None:
    """Raise Misconfigured for each sender of mail that was not given to the tenant."""
    tenant, problems = loaded.tenant, list[Problem]()
    for name, system in tenant.systems.items():
        if "senders" not in from_stage(adapter_of(system.adapter).Settings):
            continue
        sender = str(system.settings["from"])
        if not is_given(sender, senders(tenant.tenant)):
            path: Path = ("systems", name, "settings", "from")
            said = (
                f"`{sender}` was not given to `{tenant.tenant}`: whoever runs the stage gives it, or its whole domain, "
                f"by `followthrough senders {tenant.tenant} {sender.rpartition('@')[2]}`"
            )
            problems.append(Problem(*loaded.places.value(path), path_in_words(path), said))
    if problems:
        raise Misconfigured(problems, loaded.warnings)
