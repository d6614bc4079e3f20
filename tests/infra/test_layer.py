"""The layers fit into Lambda, and carry all that the functions import and nothing of the sandbox systems."""

import ast
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from infra.aws import layer
from infra.aws.duties import DUTIES
from infra.aws.stage import Platform

LIMIT = 250 * 2**20
"""Lambda's, for a function with all its layers, unpacked."""

FUNCTIONS = layer.ROOT / "functions"

LOCAL = {path.parent.name for folder in (layer.ROOT, layer.ROOT / "shared") for path in folder.glob("*/__init__.py")}
"""The packages of this checkout. `tests` is none, and is named where it matters."""


@pytest.fixture(scope="module")
def layers(tmp_path_factory: pytest.TempPathFactory) -> list[layer.Layer]:
    """The layers as they are uploaded to AWS, the first one with the dependencies."""
    workspace = tmp_path_factory.mktemp("layers")
    return [layer.dependencies(Platform.AWS, workspace), layer.product(Platform.AWS, workspace)]


def test_both_fit_into_a_function(layers: list[layer.Layer]) -> None:
    size = sum(file.stat().st_size for each in layers for file in each.folder.rglob("*") if file.is_file())
    assert size < LIMIT


def test_binaries_are_for_lambdas_processor(layers: list[layer.Layer]) -> None:
    binaries = [file.name for file in layers[0].folder.rglob("*.so") if ".cpython-" in file.name]
    assert binaries
    assert all("cpython-313-aarch64" in name for name in binaries)


def test_a_product_layer_is_known_by_its_content(tmp_path: Path) -> None:
    first = layer.product(Platform.LOCAL, tmp_path / "first")
    second = layer.product(Platform.LOCAL, tmp_path / "second")
    assert first.fingerprint == second.fingerprint
    assert (first.folder / "python" / "followthrough" / "errors.py").exists()


def test_the_product_is_all_of_this_checkout_that_is_in_a_layer(layers: list[layer.Layer]) -> None:
    """The sandbox systems, the tests and what deploys the product stay at home."""
    dependencies, product = ({path.name for path in each.folder.glob("python/*")} for each in layers)
    assert {"followthrough", "infra", "simulation"} <= LOCAL
    assert product == {"followthrough"}
    assert not (LOCAL | {"tests", "functions"}) & dependencies


def test_nothing_in_the_product_knows_what_stays_at_home(layers: list[layer.Layer]) -> None:
    """An import that only some path runs into would be missed by trying the handlers."""
    at_home = (LOCAL | {"tests", "functions"}) - {"followthrough"}
    sources = _sources(layers)
    assert len(sources) > len(DUTIES)
    found = {f"{file.name}: {name}" for file in sources for name in _imported(file) if name.split(".")[0] in at_home}
    assert found == set()


def test_every_handler_is_imported_from_the_layers_alone(layers: list[layer.Layer]) -> None:
    """A Python with the locked packages and the built product, and nothing else of this machine, imports them all.

    So it does every module, for an adapter brings in its vendor's package only when it connects.
    """
    path = [str(layers[1].folder / "python"), str(FUNCTIONS)]
    handlers = [duty.handler for duty in DUTIES]
    done = subprocess.run(
        [str(layer.interpreter()), "-I", "-c", _IMPORT_ALL, repr(path), *handlers],
        check=False,
        capture_output=True,
        text=True,
        cwd="/",
        env={},
    )
    assert done.stderr == ""
    *imported, sandbox = done.stdout.splitlines()
    assert imported[: len(handlers)] == handlers
    assert "followthrough.integration.stripe.wire" in imported
    assert sandbox == "simulation is not there"


def test_the_layer_describes_every_service_that_the_product_speaks_to(layers: list[layer.Layer]) -> None:
    """The descriptions of all other services are left out of the layer, and a client without one cannot be made."""
    described = {path.name for path in (layers[0].folder / "python" / "botocore" / "data").iterdir() if path.is_dir()}
    spoken_to = {name for file in _sources(layers) for name in _clients(file)}
    assert {"dynamodb", "sesv2", "stepfunctions"} <= spoken_to
    assert spoken_to <= described


def test_the_layer_has_the_packages_that_the_handlers_were_tried_with(layers: list[layer.Layer]) -> None:
    """What was installed for Lambda's processor, which cannot run here, are the same packages as those that can."""
    here = next(layer.interpreter().parents[1].glob("lib/python*/site-packages"))
    assert _distributions(layers[0].folder / "python") == _distributions(here)


_IMPORT_ALL = """
import ast, importlib, importlib.util, pkgutil, sys
sys.path[:0] = ast.literal_eval(sys.argv[1])
for handler in sys.argv[2:]:
    module, _, name = handler.rpartition(".")
    assert callable(getattr(importlib.import_module(module), name)), handler
    print(handler)
import followthrough
for module in pkgutil.walk_packages(followthrough.__path__, "followthrough."):
    importlib.import_module(module.name)
    print(module.name)
print("simulation", "is there" if importlib.util.find_spec("simulation") else "is not there")
"""


def _sources(layers: list[layer.Layer]) -> list[Path]:
    return [*(layers[1].folder / "python").rglob("*.py"), *FUNCTIONS.rglob("*.py")]


def _clients(file: Path) -> Iterator[str]:
    """Name the services that a file makes clients for, by boto3's own `client` or the runtime's."""
    for node in ast.walk(ast.parse(file.read_text())):
        match node:
            case ast.Call(
                func=ast.Name(id="client") | ast.Attribute(attr="client"), args=[ast.Constant(value=str(name)), *_]
            ):
                yield name


def _imported(file: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module


def _distributions(packages: Path) -> set[str]:
    found = {path.name for path in packages.glob("*.dist-info")}
    assert found, f"no packages in {packages}"
    return found
