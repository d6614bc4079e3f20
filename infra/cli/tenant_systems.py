"""The tenants' systems as a stage reaches them, for who checks a file before it is uploaded."""

from followthrough.aws.secrets import SecretsManager
from followthrough.contracts.settings import StageSettings
from followthrough.integration.connections import Connections
from infra.cli.terminal import installation


def of_stage(stage: str) -> Connections:
    """Connect with the secrets of a stage on AWS; the command ends where there is no such stage. What the stage fills
    in is for mail and topics, which need no secret and are not asked.
    """
    secrets = SecretsManager(installation(stage).client("secretsmanager"), stage)
    return Connections(secrets, endpoints={}, stage=StageSettings("", "", lambda _tenant: ()))
