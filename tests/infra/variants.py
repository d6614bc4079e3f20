"""Synthesise stages one after the other in one process: most of what a synthesis takes is loading the CDK.

`python -m tests.infra.variants` reads from standard input the context of each by the folder to write to.
"""

import json
import sys
from pathlib import Path

from infra.aws.app import write

for folder, context in json.load(sys.stdin).items():
    write(context, Path(folder))
