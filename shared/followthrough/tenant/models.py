"""The tenant language as models: what one `tenant.yaml` may say, and nothing else.

Keys that are several words in YAML (`if none`, `time_zone`) are spelled as aliases. A string that begins with `=` is a CEL
expression. Messages are Liquid by language code. Every model refuses unknown keys.
"""

from datetime import timedelta
from decimal import Decimal
from typing import Annotated, Any, Final, Literal

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Discriminator,
    Field,
    StringConstraints,
    Tag,
    model_validator,
)

from followthrough.tenant.duration import parse_duration

Name = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
"""A name that may be used in expressions: lower case, digits and underscores."""

Expression = Annotated[str, StringConstraints(pattern=r"^=", max_length=1000)]
Wording = dict[str, str]
"""A text in each language, by language code."""

OperationName = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*$")]
"""`<system>.<operation>`, for example `calendar.hold`."""

Duration = Annotated[timedelta, BeforeValidator(parse_duration)]
"""Written as "15 minutes", "2 hours" or "1 day"."""


def _exact(value: Any) -> Any:
    """Keep decimals as the text that was written: exact, and the same again when a stored release is read."""
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, dict):
        return {key: _exact(part) for key, part in value.items()}
    return [_exact(part) for part in value] if isinstance(value, list) else value


Value = Annotated[Any, BeforeValidator(_exact)]
"""A literal, an expression, or a list or mapping of these."""


class Part(BaseModel):
    """Base of every part of the language."""

    model_config = ConfigDict(extra="forbid", populate_by_name=True, frozen=True)


TAG: Final = "one of: "
"""How the tags of unions begin, so that no tag can be mistaken for a key in the path of a mistake."""


def _by_key(*keys: str) -> Discriminator:
    """Choose among models by the key that only one of them has, so that a mistake is told once and not per model."""

    def choose(value: object) -> str:
        names = value if isinstance(value, dict) else type(value).model_fields if isinstance(value, Part) else ()
        return TAG + next((key for key in names if key in keys), "unknown").replace(" ", "_")

    return Discriminator(choose)


def _word_or_refuse(value: object) -> str:
    """Choose between a word and a mapping that refuses."""
    return TAG + ("refuse" if isinstance(value, dict | Part) else "word")


class SystemConfig(Part):
    """One connected system and how to reach it."""

    adapter: str
    settings: dict[str, Value] = Field(default_factory=dict)


class ChannelConfig(Part):
    """How a channel reaches this tenant; `provider` names the adapter whose signature and form it uses."""

    provider: Literal["twilio"]


class Operator(Part):
    """Somebody at the tenant who must be told: a topic of notices and, if wanted, a mail address."""

    topic: Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9-]{0,39}$")]
    mail: str | None = None


class Identify(Part):
    """How a service is recognised in a customer's words."""

    keywords: list[str] = Field(default_factory=list)
    examples: list[str] = Field(default_factory=list)


class Input(Part):
    """Something that must be known before the steps run; asked when it was not said. `choices` by value, worded by language."""

    type: Literal["datetime", "text", "yes/no", "choice"]
    ask: Wording
    choices: dict[str, Wording] | None = None

    @model_validator(mode="after")
    def _choices_with_choice(self) -> "Input":
        if (self.type == "choice") != bool(self.choices):
            raise ValueError("`choices` belongs to `type: choice`, which needs at least one")
        return self


class Refuse(Part):
    """End the chain with a refusal; the message explains it to the customer."""

    refuse: Name


CreateOrRefuse = Annotated[
    Annotated[Literal["create"], Tag(TAG + "word")] | Annotated[Refuse, Tag(TAG + "refuse")],
    Discriminator(_word_or_refuse),
]
TellOrRefuse = Annotated[
    Annotated[str, StringConstraints(pattern=r"^tell [a-z][a-z0-9_]*$"), Tag(TAG + "word")]
    | Annotated[Refuse, Tag(TAG + "refuse")],
    Discriminator(_word_or_refuse),
]


class Rule(Part):
    """A rule of a `decide` step: when the expression is true, refuse."""

    when: Expression
    refuse: Name


class RetrieveStep(Part):
    """Ask a system what the rules need to know. `if none: create` runs the operation's `creates` with the same `with`."""

    retrieve: Name
    using: OperationName
    with_: dict[str, Value] = Field(default_factory=dict, alias="with")
    if_none: CreateOrRefuse | None = Field(default=None, alias="if none")

    @property
    def name(self) -> str:
        """The variable that the step adds."""
        return self.retrieve


class DecideStep(Part):
    """Decide by rules (refuse or go on; adds nothing) or by a table (its outputs become the variable's fields)."""

    decide: Name
    rules: Annotated[list[Rule], Field(min_length=1)] | None = None
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

    The message `say` may use `offers`, the options on offer in order.
    """

    choose: Name
    among: Expression
    nearest: Expression
    offer: Annotated[int, Field(ge=1, le=9)] = 3
    say: Name
    wait: Duration = timedelta(hours=24)
    if_none: Refuse = Field(alias="if none")

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

    `only if`: when the expression is false the step is passed over, and its variable does not exist. `if taken` names an
    earlier `retrieve` to go back to when somebody else was faster. `if it fails`: an operator to tell while the chain goes on
    (`tell desk`; the variable does not exist then either), or a message that explains to the customer why the chain ends and is
    undone. Without it a failure undoes the chain and is explained by the tenant's message `failed`. `say` names a message that
    fills the operation's field for words.
    """

    act: Name
    only_if: Expression | None = Field(default=None, alias="only if")
    using: OperationName
    with_: dict[str, Value] = Field(default_factory=dict, alias="with")
    say: Name | None = None
    undo: OperationName | None = None
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
    _by_key(*VERBS),
]


class Tell(Part):
    """Tell a party: `customer` or the name of an operator, trying `by` these systems in order."""

    tell: Name
    by: Annotated[list[Name], Field(min_length=1)]
    say: Name


class Record(Part):
    """Tell the system of record; the message fills the operation's field for words."""

    record_in: OperationName = Field(alias="record in")
    with_: dict[str, Value] = Field(default_factory=dict, alias="with")
    say: Name


CONFIRMATIONS: Final = ("tell", "record in")

Confirmation = Annotated[
    Annotated[Tell, Tag(TAG + "tell")] | Annotated[Record, Tag(TAG + "record_in")],
    _by_key("tell", "record in", "record_in"),
]


class Service(Part):
    """One thing that a customer can ask for, and the chain that finishes it."""

    title: Wording
    identify: Identify
    inputs: dict[Name, Input] = Field(default_factory=dict)
    steps: Annotated[list[Step], Field(min_length=1)]
    confirm: Annotated[list[Confirmation], Field(min_length=1)]


class Row(Part):
    """A row of a table: all cells of `if` must hold. A cell is a literal, a list of literals, or a comparison such as ">= 3"."""

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
    inputs: dict[Name, Expression]
    outputs: dict[Name, Literal["money", "text", "number", "yes/no"]]
    rows: Annotated[list[Row], Field(min_length=1)]


class Understanding(Part):
    """What is said when a service was not understood; after `tries` questions the execution ends as refused."""

    ask: Name
    tries: Annotated[int, Field(ge=0, le=5)] = 2
    wait: Duration = timedelta(hours=24)
    give_up: Name = Field(alias="give up")


class Alerts(Part):
    """How operators hear of what a person has to see to: the message may use `problem.step` and `problem.code`."""

    by: Annotated[list[Name], Field(min_length=1)]
    say: Name


class Tenant(Part):
    """One tenant's whole configuration."""

    tenant: Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9-]{0,29}$")]
    name: str
    locale: str
    languages: Annotated[list[str], Field(min_length=1)]
    time_zone: str
    currency: Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")]
    channels: dict[Literal["sms"], ChannelConfig]
    systems: dict[Name, SystemConfig]
    operators: dict[Name, Operator]
    not_understood: Understanding = Field(alias="not understood")
    services: Annotated[dict[Name, Service], Field(min_length=1)]
    otherwise: Annotated[list[Confirmation], Field(min_length=1)]
    alerts: Alerts
    tables: dict[Name, Table] = Field(default_factory=dict)
    messages: dict[Name, Wording]

    def system_of(self, channel: str) -> str:
        """Return the system that a channel is answered by: the first whose adapter is the channel's provider."""
        provider = self.channels["sms"].provider if channel == "sms" else None
        return next(name for name, system in self.systems.items() if system.adapter == provider)
