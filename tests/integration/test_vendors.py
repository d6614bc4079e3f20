"""A vendor's adapter stands in several places; forgetting one of them is told here, in a sentence."""

import ast
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from followthrough.clock import utc_now
from followthrough.integration.registry import ADAPTERS, load
from infra.local.accounts import SECRETS
from simulation.systems import all_systems

ROOT = Path(__file__).parents[2]
PACKAGES = ROOT / "shared" / "followthrough" / "integration"
SANDBOX = ROOT / "shared" / "simulation"
FILES = ("settings.py", "adapter.py", "records.py", "failures.py")

ON_AWS = frozenset({"ses", "sns"})
"""The embedded AWS plays these itself, and a function's own role may use them: they need no sandbox system, no secret,
and no contract over HTTP (moto answers their tests).
"""


def _folders(place: Path) -> set[str]:
    return {found.parent.name for found in place.glob("*/__init__.py")}


def _linted() -> set[str]:
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    (vendors,) = (contract for contract in contracts if contract["id"] == "vendors")
    return {module.rpartition(".")[2] for module in vendors["modules"]}


def _tested() -> Iterator[str]:
    """Name the vendors that have a test module; those with a sandbox system, only if it runs the common contract."""
    for file in Path(__file__).parent.glob("test_*.py"):
        vendor = file.stem.removeprefix("test_")
        classes = [node for node in ast.parse(file.read_text()).body if isinstance(node, ast.ClassDef)]
        bases = {base.id for each in classes for base in each.bases if isinstance(base, ast.Name)}
        if vendor in ON_AWS or "AdapterContract" in bases:
            yield vendor


PLACES: dict[str, set[str]] = {
    "package in shared/followthrough/integration": _folders(PACKAGES),
    "entry in integration/registry.py": set(ADAPTERS),
    "test module in tests/integration that runs AdapterContract": set(_tested()),
    "entry in the linter's contract `vendors` in pyproject.toml": _linted(),
    "package in shared/simulation": _folders(SANDBOX) | ON_AWS,
    "system in simulation/systems.py": {system.name for system in all_systems(utc_now)} | ON_AWS,
    "secret in infra/local/accounts.py": set(SECRETS) | ON_AWS,
}
VENDORS = sorted(set().union(*PLACES.values()))


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("vendor", VENDORS)
def test_every_vendor_is_in_every_place(vendor: str, place: str) -> None:
    """Whoever adds one is told what is still missing, and whoever removes one what is left of it."""
    assert vendor in PLACES[place], f"{vendor} has no {place} (the list is in docs/extending.md)"


@pytest.mark.parametrize("vendor", VENDORS)
def test_every_vendors_package_has_the_same_files(vendor: str) -> None:
    """The next one is made by copying a folder."""
    missing = [name for name in FILES if not (PACKAGES / vendor / name).is_file()]
    assert not missing, f"integration/{vendor} has no {', '.join(missing)}, which every vendor's package has"


@pytest.mark.parametrize("vendor", sorted(set(VENDORS) - ON_AWS))
def test_every_sandbox_system_is_entered_at_the_same_file(vendor: str) -> None:
    """The server of a sandbox system is in `server.py`, as in all others."""
    assert (SANDBOX / vendor / "server.py").is_file(), f"simulation/{vendor} has no server.py"


@pytest.mark.parametrize("vendor", sorted(ADAPTERS))
def test_an_adapter_and_its_settings_are_in_its_own_package(vendor: str) -> None:
    """What the registry names is where the name says, and what describes a tenant's account is beside it."""
    adapter = load(vendor)
    package = f"followthrough.integration.{vendor}"
    assert adapter.__module__ == f"{package}.adapter"
    assert adapter.Settings.__module__ == adapter.Secret.__module__ == f"{package}.settings"


@pytest.mark.parametrize("vendor", sorted(ON_AWS))
def test_what_a_functions_role_may_do_needs_no_secret(vendor: str) -> None:
    """Only such a vendor may do without a secret, and so without a sandbox system that checks it."""
    assert not load(vendor).Secret.model_fields


@pytest.mark.parametrize("vendor", sorted(SECRETS))
def test_the_sandboxs_secret_fits_the_adapter(vendor: str) -> None:
    """The demo's tenants are given secrets with exactly the fields that the adapter asks for."""
    load(vendor).Secret.model_validate(SECRETS[vendor])
