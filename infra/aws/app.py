"""Synthesise the stack: `python -m infra.aws.app`, or through the CDK's own command by way of cdk.json.

Context: `stage` (default dev), `platform` (aws or local), `disposable` (true for a rehearsal that leaves nothing),
`handlers` (another folder of handlers, for tests of the infrastructure alone), `seal_mode` (governance or compliance)
and `seal_days` of the seals' Object Lock, `seal_bucket` (another bucket for them), `auditor` (the ARN of who may take
the auditor's role).
"""

import json
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

import aws_cdk as cdk

from infra.aws import layer
from infra.aws.stack import FollowthroughStack
from infra.aws.stage import Platform, SealMode, Stage

ROOT = Path(__file__).parents[2]


def write(context: Mapping[str, str] | None = None, folder: Path | None = None) -> None:
    """Write the cloud assembly to `folder`, or to where the CDK's command, or CDK_OUTDIR, says."""
    # The same flags with and without the CDK's command, which hands over cdk.json's context by itself.
    flags = json.loads((ROOT / "cdk.json").read_text())["context"]
    outdir = None if folder is None else str(folder)
    app = cdk.App(context={**flags, **(context or {})}, outdir=outdir, analytics_reporting=False)
    stage = _stage(app)
    with TemporaryDirectory() as workspace:
        FollowthroughStack(
            app,
            stage,
            handlers=Path(app.node.try_get_context("handlers") or ROOT / "functions"),
            dependencies=layer.dependencies(stage.platform, Path(workspace)),
            product=layer.product(stage.platform, Path(workspace)),
        )
        app.synth()


def _stage(app: cdk.App) -> Stage:
    context = app.node.try_get_context
    return Stage(
        name=context("stage") or "dev",
        platform=Platform(context("platform") or Platform.AWS),
        disposable=str(context("disposable")).lower() == "true",
        seal_mode=SealMode(str(context("seal_mode") or Stage.seal_mode).upper()),
        seal_days=int(context("seal_days") or Stage.seal_days),
        seal_bucket=context("seal_bucket"),
        auditor=context("auditor"),
    )


if __name__ == "__main__":
    write()
