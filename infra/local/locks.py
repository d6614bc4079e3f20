"""Lock buckets as their template says: the emulator's CloudFormation passes Object Lock over, its S3 honours it."""

import json
from pathlib import Path
from typing import Any

from infra.local.emulator import Emulator


def lock_buckets(emulator: Emulator, assembly: Path, stack: str) -> None:
    """Give every bucket of a stack that was just made the default retention that its template asks for."""
    template: dict[str, Any] = json.loads((assembly / f"{stack}.template.json").read_text())
    made = emulator.client("cloudformation").describe_stack_resources(StackName=stack)["StackResources"]
    for resource in made:
        wanted = template["Resources"].get(resource["LogicalResourceId"], {}).get("Properties", {})
        if "ObjectLockConfiguration" in wanted:
            emulator.client("s3").put_object_lock_configuration(
                Bucket=resource["PhysicalResourceId"], ObjectLockConfiguration=wanted["ObjectLockConfiguration"]
            )
