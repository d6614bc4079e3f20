"""State machines on AWS Step Functions."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from followthrough.engine.work import RESUMED, Outcome, start_name
from followthrough.routing.limits import definition

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

    def start(self, tenant: str, release: str, execution: str, number: int = 1) -> None:
        """Start the release's machine for an execution, for the `number`th time; starting that again changes nothing.

        AWS answers a second start of the same name and input with the first one while it runs, and refuses it as
        ExecutionAlreadyExists for 90 days after it ended.
        """
        record = Outcome(tenant=tenant, execution=execution, outcome="accepted" if number == 1 else RESUMED)
        try:
            self.client.start_execution(
                stateMachineArn=f"{self.prefix}{tenant}-{release}",
                name=start_name(execution, number),
                input=record.model_dump_json(),
            )
        except ClientError as error:
            if error.response["Error"]["Code"] != "ExecutionAlreadyExists":
                raise

    def runs(self, tenant: str, release: str, execution: str, number: int) -> bool:
        """Tell whether that start's machine still runs; one that never started does not."""
        arn = self._run(tenant, release, execution, number)
        try:
            return self.client.describe_execution(executionArn=arn)["status"] == "RUNNING"
        except self.client.exceptions.ExecutionDoesNotExist:
            return False

    def stop(self, tenant: str, release: str, execution: str, starts: int) -> None:
        """Stop whatever machine of this execution still runs, of those that were started."""
        for number in range(1, starts + 1):
            if self.runs(tenant, release, execution, number):
                self.client.stop_execution(executionArn=self._run(tenant, release, execution, number))

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
            name=arn.rsplit(":", 1)[1], definition=definition(machine), roleArn=role, type="STANDARD"
        )

    def _run(self, tenant: str, release: str, execution: str, number: int) -> str:
        machine = f"{self.prefix}{tenant}-{release}".replace(":stateMachine:", ":execution:")
        return f"{machine}:{start_name(execution, number)}"
