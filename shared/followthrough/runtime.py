"""Wire the product once per Lambda environment, lazily.

This is the only place that reads the environment and makes AWS clients.
"""

import os
from functools import cache
from typing import Any

import boto3
from botocore.config import Config
from pydantic import BaseModel, Json

from followthrough.aws.bodies import S3Bodies
from followthrough.aws.releases import AwsReleases
from followthrough.aws.secrets import SecretsManager
from followthrough.aws.senders import AwsSenders
from followthrough.aws.step_functions import StepFunctions
from followthrough.clock import utc_now
from followthrough.contracts.settings import StageSettings
from followthrough.engine.ports import Ports
from followthrough.integration.connections import Connections
from followthrough.integration.limits import CONNECT_SECONDS, READ_SECONDS
from followthrough.ledger.dynamodb.agenda import DynamoAgenda
from followthrough.ledger.dynamodb.conversations import DynamoConversations
from followthrough.ledger.dynamodb.keys import KmsKeys
from followthrough.ledger.dynamodb.ledger import DynamoLedger
from followthrough.ledger.dynamodb.subjects import DynamoSubjects

AWS = Config(
    # The default of 60 s would outlive the function. What fails twice is left to the retry of the state machine.
    connect_timeout=CONNECT_SECONDS,
    read_timeout=READ_SECONDS,
    retries={"mode": "standard", "max_attempts": 3},
    # Two thirds of an agent's processor time are the SDK's. It need not check what AWS checks again, nor describe this
    # machine anew in each request: that is a seventh of it.
    parameter_validation=False,
    user_agent="followthrough",
)
"""How functions speak to AWS."""


class Settings(BaseModel):
    """The environment of every function; names as in infra/aws/functions.py."""

    STAGE: str
    EXECUTIONS_TABLE: str
    TRACES_TABLE: str
    TENANTS_TABLE: str
    SUBJECTS_TABLE: str
    KEYS_TABLE: str
    BUCKET: str
    SEALS_BUCKET: str
    KEY_ID: str
    PEPPER_SECRET: str
    OPERATORS_TOPIC: str
    CONFIGURATION_SET: str
    MACHINE_PREFIX: str
    PUBLIC_URL: str = ""
    ENDPOINTS: Json[dict[str, str]] = {}
    FUNCTIONS: Json[dict[str, str]] = {}
    MACHINE_ROLE: str = ""
    SWEEP_TENANT: str = ""


@cache
def settings() -> Settings:
    """Return the environment, checked."""
    return Settings.model_validate(dict(os.environ))


@cache
def client(service: Any) -> Any:
    """Return an AWS client, made on first use."""
    return boto3.client(service, config=AWS)


@cache
def secrets() -> SecretsManager:
    """Return the tenants' secrets."""
    return SecretsManager(client("secretsmanager"), settings().STAGE)


@cache
def machines() -> StepFunctions:
    """Return where state machines run."""
    return StepFunctions(client("stepfunctions"), settings().MACHINE_PREFIX)


@cache
def releases() -> AwsReleases:
    """Return where releases are kept."""
    return AwsReleases(client("dynamodb"), client("s3"), settings().TENANTS_TABLE, settings().BUCKET)


@cache
def senders() -> AwsSenders:
    """Return whose mail identities are whose."""
    return AwsSenders(client("dynamodb"), settings().TENANTS_TABLE)


@cache
def agenda() -> DynamoAgenda:
    """Return what falls due."""
    return DynamoAgenda(client("dynamodb"), settings().EXECUTIONS_TABLE)


@cache
def ports() -> Ports:
    """Return everything that agents may use."""
    env = settings()
    dynamodb = client("dynamodb")
    keys = KmsKeys(dynamodb, client("kms"), env.KEYS_TABLE, env.KEY_ID)
    pepper = client("secretsmanager").get_secret_value(SecretId=env.PEPPER_SECRET)["SecretString"].encode()
    return Ports(
        ledger=DynamoLedger(
            dynamodb,
            env.EXECUTIONS_TABLE,
            env.TRACES_TABLE,
            keys,
            bodies=S3Bodies(client("s3"), env.BUCKET),
        ),
        agenda=agenda(),
        conversations=DynamoConversations(dynamodb, env.EXECUTIONS_TABLE, keys),
        subjects=DynamoSubjects(dynamodb, env.SUBJECTS_TABLE, pepper),
        releases=releases(),
        systems=Connections(secrets(), env.ENDPOINTS, stage()),
        machines=machines(),
        clock=utc_now,
        public_url=env.PUBLIC_URL.rstrip("/"),
    )


def stage() -> StageSettings:
    """Tenants' topics are named `followthrough-<stage>-<tenant>_<topic>`, beside the stage's own one."""
    env = settings()
    account = env.OPERATORS_TOPIC.rsplit(":", 1)[0]
    return StageSettings(
        topic_arn_prefix=f"{account}:followthrough-{env.STAGE}-",
        configuration_set=env.CONFIGURATION_SET,
        senders=senders().of,
    )
