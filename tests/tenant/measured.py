"""Load what comes on standard input as a tenant's file, in a process with limits, and say what that took.

`python -m tests.tenant.measured` prints a JSON object: how many mistakes there are, the first one's words, how many
functions were called (the same on every machine), and the most memory that the process had, in MB.
"""

import json
import re
import resource
import sys
from itertools import count
from pathlib import Path

from followthrough.errors import Misconfigured
from followthrough.integration.registry import operations, settings_of
from followthrough.interaction.registry import providers
from followthrough.tenant.encoding import decoded
from followthrough.tenant.load import load

MOST_SECONDS = 60
MOST_ADDRESSES = 2 * 1024**3
"""Bytes that the process may ask for, its libraries included: far more than it may use, so that it ends cleanly."""


def _most() -> int:
    """Return the most kilobytes that this program had: what getrusage says begins with what its parent had."""
    status = Path("/proc/self/status").read_text("ascii")
    return int(re.findall(r"VmHWM:\s+(\d+) kB", status)[0])


def main() -> None:
    """Read, measure, print."""
    resource.setrlimit(resource.RLIMIT_CPU, (MOST_SECONDS, MOST_SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (MOST_ADDRESSES, MOST_ADDRESSES))
    content = sys.stdin.buffer.read()
    known = operations(), settings_of(), providers()
    problems, calls = [], count()
    sys.setprofile(lambda _frame, event, _arg: next(calls) if event in {"call", "c_call"} else None)
    try:
        load(decoded(content), *known)
    except Misconfigured as refused:
        problems = refused.problems
    finally:
        sys.setprofile(None)
    megabytes = _most() // 1024
    first = problems[0].message if problems else ""
    print(json.dumps({"problems": len(problems), "first": first, "calls": next(calls), "megabytes": megabytes}))  # noqa: T201


if __name__ == "__main__":
    main()
