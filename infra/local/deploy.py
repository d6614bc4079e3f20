"""Deploy a cloud assembly into the embedded AWS: upload its assets, then let CloudFormation make the stack.

It does what `cdk bootstrap` and `cdk deploy` do, in the part that this product's stack needs.
"""

import json
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from infra.local.emulator import ACCOUNT, REGION, Emulator
from infra.local.locks import lock_buckets

_POLL_SECONDS = 0.2
_DEADLINE_SECONDS = 180.0


def deploy(emulator: Emulator, assembly: Path, stack: str, parameters: Mapping[str, str]) -> dict[str, str]:
    """Create the stack and return its outputs."""
    template = _upload_assets(emulator, assembly, stack)
    cloudformation = emulator.client("cloudformation")
    cloudformation.create_stack(
        StackName=stack,
        TemplateURL=template,
        Parameters=[{"ParameterKey": name, "ParameterValue": value} for name, value in parameters.items()],
        Capabilities=["CAPABILITY_IAM", "CAPABILITY_NAMED_IAM"],
    )
    made = _await_made(cloudformation, stack)
    lock_buckets(emulator, assembly, stack)
    return {output["OutputKey"]: output["OutputValue"] for output in made.get("Outputs", [])}


def _upload_assets(emulator: Emulator, assembly: Path, stack: str) -> str:
    """Put every asset where the template expects it; returns the URL of the template, which is one of them."""
    s3 = emulator.client("s3")
    template_url = ""
    files = json.loads((assembly / f"{stack}.assets.json").read_text())["files"]
    for asset in files.values():
        source = asset["source"]
        path = assembly / source["path"]
        content = path.with_name(f"{path.name}.zip") if source["packaging"] == "zip" else path
        for destination in asset["destinations"].values():
            bucket, key = _resolve(destination["bucketName"]), destination["objectKey"]
            s3.create_bucket(Bucket=bucket)
            s3.put_object(Bucket=bucket, Key=key, Body=content.read_bytes())
            if source["path"] == f"{stack}.template.json":
                template_url = f"{emulator.gateway}/{bucket}/{key}"
    return template_url


def _resolve(name: str) -> str:
    return name.replace("${AWS::AccountId}", ACCOUNT).replace("${AWS::Region}", REGION)


def _await_made(cloudformation: Any, stack: str) -> dict[str, Any]:
    deadline = time.monotonic() + _DEADLINE_SECONDS
    while time.monotonic() < deadline:
        described: dict[str, Any] = cloudformation.describe_stacks(StackName=stack)["Stacks"][0]
        if described["StackStatus"] == "CREATE_COMPLETE":
            return described
        if not described["StackStatus"].endswith("_IN_PROGRESS") or "ROLLBACK" in described["StackStatus"]:
            break
        time.sleep(_POLL_SECONDS)
    raise RuntimeError(f"the stack was not made: {described['StackStatus']}\n{_failures(cloudformation, stack)}")


def _failures(cloudformation: Any, stack: str) -> str:
    events = cloudformation.describe_stack_events(StackName=stack)["StackEvents"]
    failed = [event for event in events if event["ResourceStatus"].endswith("_FAILED")]
    return "\n".join(f"{event['LogicalResourceId']}: {event.get('ResourceStatusReason', '')}" for event in failed)
