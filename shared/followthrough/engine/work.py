"""What an agent is given, and what it returns: the small record that a machine carries."""

from pydantic import BaseModel, ConfigDict, Field

RESUMED = "resumed"
"""The outcome in the first record of a machine that takes up a dead one's work."""


def start_name(execution: str, number: int) -> str:
    """Name a start of an execution's machine: AWS takes no name again for 90 days, so a later start has its own."""
    return execution if number == 1 else f"{execution}-{number}"


class Work(BaseModel):
    """An agent's payload: whose execution, which step, and the small record that the machine carries.

    `asked` numbers the question that was asked last, from 0; `tries` counts visits that ended in `later`. `token` is
    a wait's task token.
    """

    model_config = ConfigDict(frozen=True)

    tenant: str
    execution: str
    outcome: str = ""
    asked: int = 0
    tries: int = 0
    service: str | None = None
    step: str = ""
    steps: list[str] = Field(default_factory=list)
    token: str | None = None

    @property
    def place(self) -> str:
        """Where in the chain this is: the stem of its state's name."""
        return f"{self.service}: {self.step}" if self.service and self.step else ""


class Outcome(BaseModel):
    """What an agent returns: the record that the machine carries on. Nothing personal, by construction.

    `seconds` is how long to pause (outcome `later`), or how long the question stays open that was asked (`done`). `at`
    is where a machine goes on that takes up a dead one's work (`resume`).
    """

    model_config = ConfigDict(frozen=True)

    tenant: str
    execution: str
    outcome: str
    asked: int = 0
    tries: int = 0
    seconds: int = 0
    service: str | None = None
    at: str = ""
