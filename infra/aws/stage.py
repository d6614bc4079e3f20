"""A stage is one complete, separate installation of the product in an account and region."""

import re
from dataclasses import dataclass
from enum import StrEnum

_NAME = re.compile(r"[a-z][a-z0-9]{0,11}")


class SealMode(StrEnum):
    """How firmly seals are locked (S3 Object Lock): nobody, not even the account's root, can shorten `compliance`."""

    GOVERNANCE = "GOVERNANCE"
    COMPLIANCE = "COMPLIANCE"


class Platform(StrEnum):
    """Where the functions will run: the layer's binaries differ, nothing else does."""

    AWS = "aws"
    LOCAL = "local"


@dataclass(frozen=True)
class Stage:
    """The name of an installation and how long it is meant to live."""

    name: str = "dev"
    platform: Platform = Platform.AWS
    disposable: bool = False
    """True for rehearsals: deleting the stack deletes the data too."""

    seal_mode: SealMode = SealMode.GOVERNANCE
    seal_days: int = 400
    """How long a seal can be neither changed nor deleted."""

    auditor: str | None = None
    """Who may take the auditor's role: the ARN of a role, a user or an account; nobody, unless said."""

    seal_bucket: str | None = None
    """An existing bucket, perhaps of another account, that seals are written to instead of one of the stage's own."""

    def __post_init__(self) -> None:
        """Refuse a name that is too long, or whose prefix could cover another stage's (`dev-` covers `dev-2-`)."""
        if not _NAME.fullmatch(self.name):
            raise ValueError(f"stage {self.name!r}: 1 to 12 lower-case letters and digits, a letter first")

    @property
    def prefix(self) -> str:
        """What the names of everything of this stage begin with, without the dash after it."""
        return f"followthrough-{self.name}"

    @property
    def secrets(self) -> str:
        """The folder of this stage's secrets: `<it>/pepper`, `<it>/tenants/<tenant>/<system>`."""
        return f"followthrough/{self.name}"
