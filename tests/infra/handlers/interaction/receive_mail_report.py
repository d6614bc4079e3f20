"""Log what was reported."""

import json
import sys
from typing import Any


def handler(event: dict[str, Any], _context: object) -> None:
    """Log tenant, event and mail."""
    for record in event["Records"]:
        report = json.loads(record["Sns"]["Message"])
        mail = report["mail"]
        sys.stderr.write(f"reported {mail['tags']['tenant'][0]} {report['eventType']} {mail['messageId']}\n")
