"""The steps of a service: each is known by its verb, and its name is the name of the variable that it adds."""

from datetime import timedelta
from typing import Annotated, Final, Literal

from pydantic import Field, Tag, model_validator

from followthrough.tenant.parts import (
    TAG,
    CreateOrRefuse,
    Duration,
    Expression,
    Irreversible,
    Name,
    OperationName,
    Part,
    Refuse,
    TellOrRefuse,
    Value,
    by_key,
)


class Rule(Part):
    """A rule of a `decide` step: when the expression is true, refuse."""

    when: Expression
    refuse: Name


class RetrieveStep(Part):
    """Ask a system what the rules need to know. `if none: create` runs the operation's `creates` with the same
    `with`.
    """

    retrieve: Name
    using: OperationName
    with_: dict[str, Value] = Field(default_factory=dict, max_length=50, alias="with")
    if_none: CreateOrRefuse | None = Field(default=None, alias="if none")

    @property
    def name(self) -> str:
        """The variable that the step adds."""
        return self.retrieve


class DecideStep(Part):
    """Decide by rules (refuse or go on; adds nothing) or by a table (its outputs become the variable's fields)."""

    decide: Name
    rules: Annotated[list[Rule], Field(min_length=1, max_length=50)] | None = None
    table: Name | None = None

    @model_validator(mode="after")
    def _one_way(self) -> "DecideStep":
        if (self.rules is None) == (self.table is None):
            raise ValueError("decide by `rules` or by a `table`: say exactly one of the two")
        return self

    @property
    def name(self) -> str:
        """The variable that the step adds."""
        return self.decide


class ChooseStep(Part):
    """Choose among options: the one that starts at `nearest` is taken at once, else up to `offer` near it are offered.

    The message `say` may use `offers`, the options on offer in order. Who wants none of them is told `if no`; without
    it, what the service's next question says to a no.
    """

    choose: Name
    among: Expression
    nearest: Expression
    offer: Annotated[int, Field(ge=1, le=9)] = 3
    say: Name
    wait: Duration = timedelta(hours=24)
    if_none: Refuse = Field(alias="if none")
    if_no: Refuse | None = Field(default=None, alias="if no")

    @property
    def name(self) -> str:
        """The variable that the step adds."""
        return self.choose


class AskStep(Part):
    """Ask the customer for an answer before going on; `no` ends the chain, and so does silence after `wait`."""

    ask: Name
    type: Literal["yes/no"]
    say: Name
    wait: Duration = timedelta(hours=24)
    if_no: Refuse = Field(alias="if no")

    @property
    def name(self) -> str:
        """The variable that the step adds."""
        return self.ask


class ActStep(Part):
    """Do one thing in one system.

    `only if`: when the expression is false the step is passed over, and its variable does not exist. `if taken` names
    an earlier `retrieve` to go back to when somebody else was faster. `if it fails`: an operator to tell while the
    chain goes on (`tell desk`; the variable does not exist then either), or a message that explains to the customer
    why the chain ends and is undone. Without it a failure undoes the chain and is explained by the tenant's message
    `failed`; a step of which nobody can find out whether it was done, by `unsettled`. `say` names a message that fills
    the operation's field for words.

    What is done is undone by `undo` when the chain cannot finish. Without it the step is `irreversible`: `true` lets
    nothing follow that may end the chain, a reason in words lets it stand whatever follows. A note needs neither.
    """

    act: Name
    only_if: Expression | None = Field(default=None, alias="only if")
    using: OperationName
    with_: dict[str, Value] = Field(default_factory=dict, max_length=50, alias="with")
    say: Name | None = None
    undo: OperationName | None = None
    irreversible: Irreversible | None = None
    if_taken: Name | None = Field(default=None, alias="if taken")
    if_it_fails: TellOrRefuse | None = Field(default=None, alias="if it fails")

    @property
    def name(self) -> str:
        """The variable that the step adds."""
        return self.act

    @property
    def told_of_failure(self) -> str | None:
        """The operator who is told when the step fails while the chain goes on."""
        return self.if_it_fails.removeprefix("tell ") if isinstance(self.if_it_fails, str) else None

    @property
    def may_be_missing(self) -> bool:
        """Whether the chain may go on without this step's variable."""
        return self.only_if is not None or self.told_of_failure is not None


VERBS: Final = ("retrieve", "decide", "choose", "ask", "act")

Step = Annotated[
    Annotated[RetrieveStep, Tag(TAG + "retrieve")]
    | Annotated[DecideStep, Tag(TAG + "decide")]
    | Annotated[ChooseStep, Tag(TAG + "choose")]
    | Annotated[AskStep, Tag(TAG + "ask")]
    | Annotated[ActStep, Tag(TAG + "act")],
    by_key(*VERBS),
]
