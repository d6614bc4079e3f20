"""What a function can be allowed to use, by its ARN."""

from dataclasses import dataclass

import aws_cdk as cdk

from infra.aws.keys import Keys
from infra.aws.mail_reports import MailReports
from infra.aws.stage import Stage
from infra.aws.storage import Storage
from infra.aws.tables import Tables
from infra.aws.topics import Topics
from infra.aws.vault import Vault


@dataclass(frozen=True)
class Estate:
    """The stage's stores, keys and topics, and the ARNs of what comes into being later, with its tenants."""

    stage: Stage
    tables: Tables
    storage: Storage
    keys: Keys
    topics: Topics
    mail: MailReports
    vault: Vault

    @property
    def machine_prefix(self) -> str:
        """What the ARNs of all tenants' state machines begin with: `...:stateMachine:followthrough-<stage>-`."""
        return f"{self._arn('states')}:stateMachine:{self.stage.prefix}-"

    @property
    def pepper_secret(self) -> str:
        """The pattern of the pepper's ARN: its name and the six characters that AWS adds."""
        return f"{self._arn('secretsmanager')}:secret:{self.stage.secrets}/pepper-??????"

    @property
    def tenant_secrets(self) -> str:
        """The pattern of the ARNs of tenants' credentials, which devops create: `<stage>/tenants/<tenant>/<system>`."""
        return f"{self._arn('secretsmanager')}:secret:{self.stage.secrets}/tenants/*"

    @property
    def topic_pattern(self) -> str:
        """The pattern of the ARNs of the tenants' topics, `-<tenant>_<topic>`, which none of the stage's own fits."""
        return f"{self._arn('sns')}:{self.stage.prefix}-*_*"

    @property
    def identity_pattern(self) -> str:
        """The pattern of the ARNs of the addresses that mail may come from."""
        return f"{self._arn('ses')}:identity/*"

    def objects(self, folder: str) -> str:
        """The pattern of the ARNs of the bucket's objects in `folder`."""
        return f"{self.storage.arn}/{folder}/*"

    @staticmethod
    def _arn(service: str) -> str:
        return f"arn:{cdk.Aws.PARTITION}:{service}:{cdk.Aws.REGION}:{cdk.Aws.ACCOUNT_ID}"
