"""The two Lambda layers: what the product depends on, and the product itself.

Both ship compiled `.pyc` files, because a layer is read-only and importing from source costs twice as much on every
cold start. They are marked unchecked: packing does not keep the sources' times, so a checked file would be ignored.
"""

import hashlib
import platform as machine
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from infra.aws import packages
from infra.aws.stage import Platform

ROOT = Path(__file__).parents[2]
LOCK = ROOT / "requirements" / "runtime.txt"
CACHE = ROOT / ".local" / "layers"


@dataclass(frozen=True)
class Layer:
    """A folder to pack, and the fingerprint by which a deployment knows whether its content has changed."""

    folder: Path
    fingerprint: str


def dependencies(platform: Platform, workspace: Path) -> Layer:
    """Everything that requirements/runtime.txt pins, for Lambda's own Python and processor.

    The stand-in unpacks every layer anew for each function version, seconds each for twelve thousand files. There the
    layer only says where its content is: in the interpreter that runs the functions, which `interpreter` makes.
    """
    if platform is Platform.AWS:
        return _for_lambda()
    folder = workspace / "dependencies"
    (folder / "python").mkdir(parents=True)
    note = "The packages of requirements/runtime.txt are installed in the interpreter that runs this function.\n"
    (folder / "python" / "DEPENDENCIES.txt").write_text(note)
    return Layer(folder, _fingerprint("local", LOCK.read_text()))


def product(platform: Platform, workspace: Path) -> Layer:
    """The package `followthrough` as it is in this checkout."""
    source = ROOT / "shared" / "followthrough"
    package = workspace / "product" / "python" / "followthrough"
    shutil.copytree(source, package, ignore=shutil.ignore_patterns("__pycache__"))
    files = sorted(path for path in package.rglob("*") if path.is_file())
    contents = [part for file in files for part in (file.relative_to(package).as_posix(), file.read_bytes().hex())]
    compiler = packages.lambda_compiler() if platform is Platform.AWS else sys.executable
    if compiler:
        packages.compile_all(compiler, package)
    return Layer(package.parents[1], _fingerprint(platform, str(compiler is None), *contents))


def interpreter() -> Path:
    """A Python with the runtime dependencies and nothing else, as a function on AWS has; made on first use."""

    def build(folder: Path) -> None:
        packages.compile_all(sys.executable, packages.install_here(LOCK, folder))

    built = _cached("local", (machine.python_version(), sys.base_prefix), build)
    return built.folder / "bin" / "python"


def _for_lambda() -> Layer:
    compiler = packages.lambda_compiler()

    def build(folder: Path) -> None:
        packages.install_for_lambda(LOCK, folder / "python")
        if compiler:
            packages.compile_all(compiler, folder / "python")

    return _cached("aws", (packages.LAMBDA_PYTHON, str(compiler is None)), build)


def _cached(name: str, inputs: Iterable[str], build: Callable[[Path], None]) -> Layer:
    """Reuse what the same lock and inputs gave before, or build it aside and move it into place whole."""
    recipe = Path(packages.__file__).read_text()
    fingerprint = _fingerprint(name, *inputs, LOCK.read_text(), recipe)
    folder = CACHE / f"{name}-{fingerprint[:16]}"
    if not folder.exists():
        CACHE.mkdir(parents=True, exist_ok=True)
        aside = Path(tempfile.mkdtemp(prefix=f".{name}-", dir=CACHE))
        try:
            build(aside)
            _take_place(aside, folder)
        finally:
            shutil.rmtree(aside, ignore_errors=True)
    return Layer(folder, fingerprint)


def _take_place(aside: Path, folder: Path) -> None:
    try:
        aside.rename(folder)
    except OSError:
        # Another process built the same meanwhile and was first.
        if not folder.exists():
            raise


def _fingerprint(*parts: str) -> str:
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()
