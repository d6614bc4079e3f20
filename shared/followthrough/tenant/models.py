"""The tenant language as models: what one `tenant.yaml` may say, and nothing else.

Keys that are several words in YAML (`if none`, `not understood`) are spelled as aliases. A string that begins with
`=` is a CEL expression. Messages are Liquid by language code. Every model refuses unknown keys.
"""

from datetime import timedelta
from typing import Annotated, Final, Literal

from pydantic import Field, StringConstraints, model_validator

from followthrough.contracts.address import Address
from followthrough.tenant.complaints import Mistake
from followthrough.tenant.home import Home
from followthrough.tenant.parties import CONFIRMATIONS, Alerts, Confirmation, Customer, Record, Tell
from followthrough.tenant.parts import (
    TAG,
    WORD,
    Duration,
    Expression,
    Name,
    OperationName,
    Part,
    Refuse,
    Value,
    Wording,
)
from followthrough.tenant.steps import VERBS, ActStep, AskStep, ChooseStep, DecideStep, RetrieveStep, Rule, Step

__all__ = [
    "CONFIRMATIONS",
    "TAG",
    "TENANT",
    "VERBS",
    "ActStep",
    "Alerts",
    "AskStep",
    "ChannelConfig",
    "ChooseStep",
    "Confirmation",
    "Customer",
    "DecideStep",
    "Duration",
    "Expression",
    "Identify",
    "Input",
    "InputType",
    "Name",
    "OperationName",
    "Operator",
    "OutputType",
    "Part",
    "Patience",
    "Record",
    "Refuse",
    "RetrieveStep",
    "Row",
    "Rule",
    "Service",
    "Step",
    "SystemConfig",
    "Table",
    "Tell",
    "Tenant",
    "Understanding",
    "Value",
    "Wording",
    "Words",
]  # fmt: skip


TENANT: Final = "[a-z][a-z0-9-]{0,29}"
"""A tenant's name, which begins the names of all that is its own."""


class SystemConfig(Part):
    """One connected system and how to reach it."""

    adapter: str
    settings: dict[str, Value] = Field(default_factory=dict, max_length=50)


class ChannelConfig(Part):
    """How a channel reaches this tenant; `provider` names the adapter whose signature and form it uses."""

    provider: str


class Operator(Part):
    """Somebody at the tenant who must be told: a topic of notices and, if wanted, a mail address."""

    topic: Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9-]{0,39}$")]
    mail: Address | None = None


class Identify(Part):
    """How a service is recognised in a customer's words."""

    keywords: list[str] = Field(default_factory=list, max_length=200)
    examples: list[str] = Field(default_factory=list, max_length=200)


InputType = Literal["datetime", "text", "yes/no", "choice"]
OutputType = Literal["money", "signed money", "text", "number", "yes/no"]
"""`signed money` may be less than nothing, as a discount is."""


class Input(Part):
    """Something that must be known before the steps run; asked when it was not said. `choices` by value, worded by
    language.
    """

    type: InputType
    ask: Wording
    choices: Annotated[dict[str, Wording], Field(max_length=50)] | None = None

    @model_validator(mode="after")
    def _choices_with_choice(self) -> "Input":
        if (self.type == "choice") != bool(self.choices):
            raise ValueError("`choices` belongs to `type: choice`, which needs at least one")
        return self


class Service(Part):
    """One thing that a customer can ask for, and the chain that finishes it.

    `customer` is needed only where a customer is told by mail.
    """

    title: Wording
    identify: Identify
    inputs: dict[Name, Input] = Field(default_factory=dict, max_length=20)
    steps: Annotated[list[Step], Field(min_length=1, max_length=60)]
    customer: Customer | None = None
    confirm: Annotated[list[Confirmation], Field(min_length=1, max_length=20)]

    def said_to_no(self, step: ChooseStep) -> Name | None:
        """Return the message for who wants none of a choice's offers: its own, else that of the next question."""
        if step.if_no is not None:
            return step.if_no.refuse
        later = self.steps[self.steps.index(step) :]
        return next((each.if_no.refuse for each in later if isinstance(each, AskStep)), None)


class Row(Part):
    """A row of a table: all cells of `if` must hold. A cell is a literal, a list of literals, or a comparison such as
    ">= 3".
    """

    if_: dict[Name, Value] | None = Field(default=None, alias="if")
    then: dict[Name, Value] | None = None
    otherwise: dict[Name, Value] | None = None

    @model_validator(mode="after")
    def _either(self) -> "Row":
        if (self.otherwise is None) == (self.if_ is None) or (self.if_ is None) != (self.then is None):
            raise ValueError("a row says `if` and `then`, or only `otherwise`")
        return self


class Table(Part):
    """A decision table, after DMN."""

    hit: Literal["first"]
    inputs: Annotated[dict[Name, Expression], Field(max_length=20)]
    outputs: Annotated[dict[Name, OutputType], Field(max_length=20)]
    rows: Annotated[list[Row], Field(min_length=1, max_length=200)]


class Understanding(Part):
    """What is said when a service was not understood; after `tries` questions the execution ends as refused."""

    ask: Name
    tries: Annotated[int, Field(ge=0, le=5)] = 2
    wait: Duration = timedelta(hours=24)
    give_up: Name = Field(alias="give up")


_Word = Annotated[str, StringConstraints(pattern=WORD)]
_Words = Annotated[list[_Word], Field(max_length=200)]


class Words(Part):
    """Words of the tenant's trade, by which its customers are understood; case and accents do not matter.

    `counted` are things, one by many, in whatever language: "3 teeth" is no hour. `telling` are, by language, words
    that only this language has.
    """

    counted: Annotated[dict[_Word, _Word], Field(max_length=200)] = Field(default_factory=dict)
    telling: dict[str, _Words] = Field(default_factory=dict, max_length=10)


class Patience(Part):
    """How long customers can be kept waiting by a system that is away or busy, before people have to help them; `say`
    is told them once, when it takes more than a moment.
    """

    most: Annotated[Duration, Field(gt=timedelta(0), le=timedelta(hours=12))] = timedelta(minutes=5)
    say: Name | None = None


class Tenant(Part):
    """One tenant's whole configuration."""

    tenant: Annotated[str, StringConstraints(pattern=f"^{TENANT}$")]
    name: str
    locale: str
    languages: Annotated[list[str], Field(min_length=1, max_length=10)]
    time_zone: str
    currency: Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")]
    channels: Annotated[dict[Name, ChannelConfig], Field(max_length=10)]
    systems: Annotated[dict[Name, SystemConfig], Field(max_length=30)]
    operators: Annotated[dict[Name, Operator], Field(max_length=30)]
    not_understood: Understanding = Field(alias="not understood")
    patience: Patience = Field(default_factory=Patience)
    words: Words = Field(default_factory=Words)
    services: Annotated[dict[Name, Service], Field(min_length=1, max_length=40)]
    otherwise: Annotated[list[Confirmation], Field(min_length=1, max_length=20)]
    alerts: Alerts
    tables: dict[Name, Table] = Field(default_factory=dict, max_length=50)
    messages: Annotated[dict[Name, Wording], Field(max_length=500)]

    @property
    def home(self) -> Home:
        """The money and the clock by which the tenant's expressions are read."""
        return Home(self.currency, self.time_zone)

    def system_of(self, channel: str) -> str:
        """Return the system that a channel is answered by: the first whose adapter is the channel's provider.

        Raises Mistake where the tenant has no such channel, or no system for it.
        """
        if channel not in self.channels:
            has = ", ".join(sorted(self.channels)) or "none"
            raise Mistake(f"`{self.tenant}` has no channel `{channel}`: it has {has}")
        provider = self.channels[channel].provider
        for name, system in self.systems.items():
            if system.adapter == provider:
                return name
        raise Mistake(f"a channel of {provider} needs a system with `adapter: {provider}` to answer through")
