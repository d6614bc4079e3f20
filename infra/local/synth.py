"""Synthesise the stack once per state of the sources, and keep the result with its assets packed.

`python -m infra.local.synth` writes the same for a deployment to AWS.
"""

import argparse
import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from infra.aws.stage import Platform, Stage

ROOT = Path(__file__).parents[2]
CACHE = ROOT / ".local" / "cdk"
_SOURCES = ("infra/aws", "shared/followthrough", "requirements/runtime.txt", "cdk.json")
_KEPT = 8  # enough for every checkout state that tests and demos run at once; each is a megabyte or two


def assembly(stage: Stage, handlers: Path | None = None) -> Path:
    """The cloud assembly of `stage` for this checkout, synthesised only if the sources have changed since."""
    context = _context(stage, handlers)
    sources = [*(ROOT / source for source in _SOURCES), handlers or ROOT / "functions"]
    folder = CACHE / _fingerprint(context, sources)[:16]
    if not folder.exists():
        CACHE.mkdir(parents=True, exist_ok=True)
        aside = Path(tempfile.mkdtemp(prefix=".synth-", dir=CACHE))
        try:
            synthesise(context, aside)
            _pack(aside)
            _take_place(aside, folder)
            _forget_old()
        finally:
            shutil.rmtree(aside, ignore_errors=True)
    return folder


def synthesise(context: dict[str, str], out: Path) -> None:
    """Run the CDK app as the CDK's own command would; its complaint is raised whole."""
    environment = {**os.environ, "CDK_OUTDIR": str(out), "CDK_CONTEXT_JSON": json.dumps(context)}
    done = subprocess.run(
        [sys.executable, "-m", "infra.aws.app"],
        cwd=ROOT,
        env=environment,
        check=False,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    if done.returncode:
        raise RuntimeError(f"the CDK app failed:\n{done.stdout}")


def _context(stage: Stage, handlers: Path | None) -> dict[str, str]:
    context = {"stage": stage.name, "platform": str(stage.platform), "disposable": str(stage.disposable).lower()}
    return context | ({"handlers": str(handlers)} if handlers else {})


def _fingerprint(context: dict[str, str], sources: list[Path]) -> str:
    """A hash over everything that the template or an asset is made from."""
    digest = hashlib.sha256(f"{context} {sys.version}".encode())
    for source in sources:
        for file in _files(source):
            digest.update(
                f"{file.relative_to(source.parent)}\0{hashlib.sha256(file.read_bytes()).hexdigest()}\0".encode()
            )
    return digest.hexdigest()


def _files(source: Path) -> Iterator[Path]:
    if source.is_file():
        yield source
        return
    yield from (file for file in sorted(source.rglob("*")) if file.is_file() and "__pycache__" not in file.parts)


def _pack(folder: Path) -> None:
    """Zip each asset's folder, as the CDK's command does when it uploads."""
    for asset in folder.glob("asset.*"):
        if asset.is_dir():
            shutil.make_archive(str(asset), "zip", asset)


def _take_place(aside: Path, folder: Path) -> None:
    try:
        aside.rename(folder)
    except OSError:
        # Another process synthesised the same meanwhile and was first.
        if not folder.exists():
            raise


def _forget_old() -> None:
    kept = sorted(CACHE.glob("[0-9a-f]*"), key=lambda folder: folder.stat().st_mtime, reverse=True)
    for folder in kept[_KEPT:]:
        shutil.rmtree(folder, ignore_errors=True)


def main() -> None:
    """Write the template for AWS."""
    parser = argparse.ArgumentParser(description="Write the CloudFormation template and its assets.")
    parser.add_argument("--platform", type=Platform, default=Platform.AWS)
    parser.add_argument("--stage", default="dev")
    parser.add_argument("--out", type=Path, default=Path("cdk.out"))
    options = parser.parse_args()
    shutil.rmtree(options.out, ignore_errors=True)
    synthesise(_context(Stage(options.stage, options.platform), None), options.out.resolve())
    print(f"{options.out}/followthrough-{options.stage}.template.json")


if __name__ == "__main__":
    main()
