"""Install the pinned runtime packages into a folder, for another machine or for this one, without Docker."""

import shutil
import subprocess
import sys
import venv
from pathlib import Path

LAMBDA_PYTHON = "3.13"
"""The Python of the functions on AWS."""

# Arm is a fifth cheaper. CEL's wheels carry this tag and no older one.
_PLATFORM = "aarch64-manylinux_2_28"
# pip wants every tag spelled out that such a machine accepts.
_TAGS = ("manylinux_2_28_aarch64", "manylinux_2_17_aarch64", "manylinux2014_aarch64")

# A function and its layers may unpack to 250 MB. These are a build tool's test data, scripts that no function runs,
# and the descriptions of AWS services that nothing here calls.
_UNUSED = ("bazel-project", "bin")
_SERVICES = frozenset({"dynamodb", "kms", "lambda", "s3", "secretsmanager", "sesv2", "sns", "stepfunctions", "sts"})


def install_for_lambda(lock: Path, packages: Path) -> None:
    """Unpack the wheels for Lambda's Python and processor, whatever this machine is."""
    options = ["--no-deps", "--require-hashes", "--only-binary", ":all:", "--target", str(packages), "-r", str(lock)]
    try:
        _uv("--python-platform", _PLATFORM, "--python-version", LAMBDA_PYTHON, *options)
    except subprocess.CalledProcessError:
        # Where uv cannot reach the index that pip is configured for, pip can.
        tags = [part for tag in _TAGS for part in ("--platform", tag)]
        _pip(*tags, "--implementation", "cp", "--python-version", LAMBDA_PYTHON, *options)
    _drop_unused(packages)


def install_here(lock: Path, folder: Path) -> Path:
    """Make a virtual environment with the runtime packages and nothing else; returns where they lie in it."""
    venv.create(folder, symlinks=True, with_pip=False)
    python = folder / "bin" / "python"
    options = ["--no-deps", "--require-hashes", "-r", str(lock)]
    try:
        _uv("--python", str(python), *options)
    except subprocess.CalledProcessError:
        subprocess.run([*_PIP, "--python", str(python), "install", "--quiet", *options], check=True)
    return next(folder.glob("lib/python*/site-packages"))


def compile_all(python: str, packages: Path) -> None:
    """Write the `.pyc` files beside the sources, to be trusted as they are."""
    options = ["-q", "-j", "0", "--invalidation-mode", "unchecked-hash"]
    # A package may carry files for other Pythons (templates, tests): they do not compile and are never imported.
    subprocess.run([python, "-m", "compileall", *options, str(packages)], check=False, stdout=subprocess.DEVNULL)


def lambda_compiler() -> str | None:
    """A Python here whose `.pyc` files Lambda's Python reads, or None: the layer is then slower to import."""
    for candidate in (sys.executable, shutil.which(f"python{LAMBDA_PYTHON}")):
        if candidate and _version(candidate) == LAMBDA_PYTHON:
            return candidate
    return None


def _version(python: str) -> str:
    ask = [python, "-c", "import sys; print('%d.%d' % sys.version_info[:2])"]
    return subprocess.run(ask, check=False, capture_output=True, text=True).stdout.strip()


_PIP = (sys.executable, "-m", "pip", "--disable-pip-version-check")


def _pip(*arguments: str) -> None:
    subprocess.run([*_PIP, "install", "--quiet", *arguments], check=True)


def _uv(*arguments: str) -> None:
    uv = str(Path(sys.executable).parent / "uv")
    subprocess.run([uv, "--no-config", "pip", "install", "--quiet", *arguments], check=True)


def _drop_unused(packages: Path) -> None:
    for name in _UNUSED:
        shutil.rmtree(packages / name, ignore_errors=True)
    for service in (packages / "botocore" / "data").iterdir():
        if service.is_dir() and service.name not in _SERVICES:
            shutil.rmtree(service)
