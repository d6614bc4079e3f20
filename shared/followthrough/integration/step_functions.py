"""State machines on AWS Step Functions."""

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from followthrough.agents.work import Outcome

if TYPE_CHECKING:
    from mypy_boto3_stepfunctions import SFNClient

# A wait that ended, by answer, timeout or abort, is told apart from a real failure by these codes.
# https://docs.aws.amazon.com/step-functions/latest/apireference/API_SendTaskSuccess.html
_NOBODY_WAITS = {"TaskTimedOut", "InvalidToken", "TaskDoesNotExist"}


@dataclass(frozen=True)
class StepFunctions:
    """Standard workflows named `<prefix><tenant>-<release>`; `prefix` is an ARN up to the tenant's name."""

    client: "SFNClient"
    prefix: str

    def start(self, tenant: str, release: str, execution: str) -> None:
        """Start the release's machine for an execution; starting it again changes nothing.

        AWS answers a second start of the same name and input with the first one while it runs, and refuses it as
        ExecutionAlreadyExists for 90 days after it ended.
        """
        record = Outcome(tenant=tenant, execution=execution, outcome="accepted")
        try:
            self.client.start_execution(
                stateMachineArn=f"{self.prefix}{tenant}-{release}", name=execution, input=record.model_dump_json()
            )
        except ClientError as error:
            if error.response["Error"]["Code"] != "ExecutionAlreadyExists":
                raise

    def resume(self, token: str) -> bool:
        """End a wait with an empty success: the message stays in the inbox. False when nobody waits on this token."""
        try:
            self.client.send_task_success(taskToken=token, output="{}")
        except ClientError as error:
            if error.response["Error"]["Code"] in _NOBODY_WAITS:
                return False
            raise
        return True

    def create(self, tenant: str, release: str, machine: dict[str, Any], role: str) -> None:
        """Create the release's machine; creating the same one again changes nothing."""
        arn = f"{self.prefix}{tenant}-{release}"
        self.client.create_state_machine(
            name=arn.rsplit(":", 1)[1], definition=json.dumps(machine), roleArn=role, type="STANDARD"
        )
