"""One installation of the product, as seen from outside: the stand-in of a running `dev`, or a stage on AWS."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import boto3
import httpx
from botocore.exceptions import BotoCoreError, ClientError

from followthrough.aws.bodies import S3Bodies
from followthrough.aws.seals import S3Seals
from followthrough.aws.step_functions import StepFunctions
from followthrough.aws.tombstones import S3Tombstones
from followthrough.clock import utc_now
from followthrough.ledger.dynamodb.conversations import DynamoConversations
from followthrough.ledger.dynamodb.keys import KmsKeys
from followthrough.ledger.dynamodb.ledger import DynamoLedger
from followthrough.ledger.dynamodb.subjects import DynamoSubjects
from followthrough.ledger.erasure import Erasing
from infra.aws.stage import Stage
from infra.local.emulator import Emulator

ROOT = Path(__file__).parents[2]
RUNNING = ROOT / ".local" / "dev.json"
"""Where a running `dev` notes its addresses."""


class NotRunningError(Exception):
    """There is no installation: no `followthrough dev` runs here, or no such stage is found on AWS."""


class NoKeys:
    """A KeyService of somebody who may see nothing personal: it all reads as erased."""

    def key(self, _tenant: str, _subject: str) -> bytes | None:
        """Return no key."""
        return None

    def erase(self, tenant: str, subject: str) -> None:
        """Refuse: who has no keys destroys none."""
        raise PermissionError(f"no key of {tenant} {subject} is at hand")


@dataclass(frozen=True)
class Installation:
    """Clients and outputs of one stack, and its ledger as an auditor reads it."""

    client: Callable[[str], Any]
    outputs: Mapping[str, str]

    def ledger(self, *, personal: bool = True) -> DynamoLedger:
        """The executions and traces; personal data is readable for who may use the key, and asks for it."""
        outputs = self.outputs
        bodies = S3Bodies(self.client("s3"), outputs["Bucket"])
        return DynamoLedger(
            self.client("dynamodb"),
            outputs["ExecutionsTable"],
            outputs["TracesTable"],
            self._keys() if personal else NoKeys(),
            bodies=bodies,
        )

    def conversations(self) -> DynamoConversations:
        """The interactions and inboxes."""
        return DynamoConversations(self.client("dynamodb"), self.outputs["ExecutionsTable"], self._keys())

    def seals(self) -> S3Seals:
        """The hourly seals."""
        return S3Seals(self.client("s3"), self.outputs["SealsBucket"])

    def people(self) -> DynamoSubjects:
        """Whose address is whose."""
        secret = self.client("secretsmanager").get_secret_value(SecretId=self.outputs["PepperSecret"])
        return DynamoSubjects(self.client("dynamodb"), self.outputs["SubjectsTable"], secret["SecretString"].encode())

    def erasing(self) -> Erasing:
        """What an erasure uses."""
        return Erasing(
            self.ledger(),
            self.conversations(),
            self._keys(),
            self.people(),
            S3Tombstones(self.client("s3"), self.outputs["Bucket"]),
            StepFunctions(self.client("stepfunctions"), self.outputs["MachinePrefix"]),
            utc_now,
        )

    def _keys(self) -> KmsKeys:
        outputs = self.outputs
        return KmsKeys(self.client("dynamodb"), self.client("kms"), outputs["KeysTable"], outputs["KeyId"])


def on_aws(stage: str) -> Installation:
    """Find a stage in the account and region of the shell's credentials. Raises NotRunningError."""
    make: Any = boto3.client  # its overloads want the service's name as a literal
    try:
        described = make("cloudformation").describe_stacks(StackName=Stage(stage).prefix)["Stacks"][0]
    except ValueError as error:
        raise NotRunningError(str(error)) from None
    except (BotoCoreError, ClientError) as error:
        raise NotRunningError(f"the stage {stage} cannot be found with this shell's credentials: {error}") from None
    outputs = {output["OutputKey"]: output["OutputValue"] for output in described["Outputs"]}
    return Installation(make, outputs)


@dataclass(frozen=True)
class Running:
    """A running `dev`: its addresses, and the outputs of its stack."""

    gateway: str
    api: str
    public_url: str
    systems: Mapping[str, str]
    outputs: Mapping[str, str]

    def installation(self) -> Installation:
        """Its stack."""
        return Installation(Emulator(self.gateway, ROOT).client, self.outputs)


def running() -> Running:
    """Find the `dev` that runs on this machine. Raises NotRunningError."""
    try:
        noted = Running(**json.loads(RUNNING.read_text()))
        httpx.get(f"{noted.gateway}/_ministack/health", timeout=2, trust_env=False).raise_for_status()
    except (OSError, ValueError, TypeError, httpx.HTTPError):
        raise NotRunningError("nothing runs here: start `followthrough dev` in another shell first") from None
    return noted
