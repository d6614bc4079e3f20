"""The records of an execution: its context, decisions, effects, obligations and trace entries."""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any, NamedTuple

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from followthrough.contracts.consent import Signal
from followthrough.contracts.evidence import Evidence
from followthrough.contracts.interaction import Interaction
from followthrough.personal import PERSONAL, PersonalFacts, PersonalText


class Status(StrEnum):
    """How an execution stands; all but `open` are outcomes."""

    OPEN = "open"
    COMPLETED = "completed"
    REFUSED = "refused"
    FAILED = "failed"
    EXPIRED = "expired"


class ExecutionContext(BaseModel):
    """All that one execution knows: the single source of truth, saved with optimistic versions.

    `variables` holds what each step added, by the step's name, as JSON values (money in minor units, times as ISO 8601
    UTC); `inputs` what the customer told us (`vague` names the times among them of which only the day was said);
    `offers` what was offered to choose from, by the choosing step; `said` the words that were read before the service
    was known, by interaction. `answers` lists, by question, what became of each answer so far (`done`, `again`, ...),
    and `read` names the interactions that were weighed for them. `opened_by` is the interaction that opened it.
    `outcome_message` names the tenant's message that explains an outcome other than completed, and `failed_step` where
    the chain ended. `closed_at` is set when everybody has been told. `at` names the place in the chain that saved last,
    where a machine that died is taken up again, `since` by what time it reckoned and `reached_at` when the chain went
    on from it; `starts` counts its machines, `started_at` is when the last one took up a dead one's work.

    The ledger's own: `version` counts the saves, `written` says in which of them each value was written (see
    ledger/values.py), and `entries` and `last_hash` how far the trace had come, so that an append asks nothing first.
    """

    tenant: str
    execution: str
    release: str
    subject: str
    interaction: str
    channel: str
    language: str
    opened_at: AwareDatetime
    opened_by: Interaction | None = None
    service: str | None = None
    status: Status = Status.OPEN
    outcome_message: str | None = None
    failed_step: str | None = None
    answers: dict[str, list[str]] = Field(default_factory=dict)
    read: list[str] = Field(default_factory=list)
    closed_at: AwareDatetime | None = None
    at: str = ""
    since: AwareDatetime | None = None
    reached_at: AwareDatetime | None = None
    starts: int = 1
    started_at: AwareDatetime | None = None
    version: int = 0
    written: dict[str, int] = Field(default_factory=dict)
    entries: int = 0
    last_hash: str = ""
    inputs: PersonalFacts = Field(default_factory=dict)
    variables: PersonalFacts = Field(default_factory=dict)
    offers: PersonalFacts = Field(default_factory=dict)
    said: PersonalFacts = Field(default_factory=dict)
    vague: list[str] = Field(default_factory=list)

    @property
    def reference(self) -> str:
        """The short reference that people may quote: eight characters of the execution's id."""
        return self.execution[-8:].upper()


class Decision(BaseModel):
    """Something that was decided by the tenant's rules, and why.

    `outcome` is a short word (`chosen`, `refused`, a row's label); `reason` a sentence without personal data; `inputs`
    the values the rules looked at, by name; `fired` the rule or row that fired (its place in the file), if any, and
    `not_fired` each of the others with why it did not, in the configuration's words.
    """

    model_config = ConfigDict(frozen=True)

    step: str
    outcome: str
    reason: str
    fired: str | None = None
    not_fired: list[str] = Field(default_factory=list)
    inputs: PersonalFacts = Field(default_factory=dict)
    result: PersonalFacts = Field(default_factory=dict)


class EffectStatus(StrEnum):
    """Where one action on one external system stands."""

    INTENDED = "intended"
    DONE = "done"
    NOT_DONE = "not done"
    UNKNOWN = "unknown"
    UNDONE = "undone"


class Effect(BaseModel):
    """One action on one external system.

    `id` is a hash of execution, step path, iteration and input. `owner` and `leased_until` say who is at work on it;
    `undoes` names the effect that this one undoes. `request` and `result` are what was asked and answered, as JSON
    values. `attempt` counts the invocations that worked on it; `intended_at` (the first intent) starts the validity of
    the provider's idempotency key, `called_at` (the last one) how long its search may lag behind.
    """

    id: str
    tenant: str
    execution: str
    subject: str
    step: str
    system: str
    adapter: str
    operation: str
    status: EffectStatus = EffectStatus.INTENDED
    undo: str | None = None
    undoes: str | None = None
    owner: str
    leased_until: AwareDatetime
    attempt: int = 1
    intended_at: AwareDatetime
    called_at: AwareDatetime
    evidence: Evidence | None = None
    failure: str | None = None
    request: PersonalFacts = Field(default_factory=dict)
    result: Annotated[Any, PERSONAL] = None
    version: int = 0


class ObligationStatus(StrEnum):
    """How far a confirmation has come; it only ever moves down this list."""

    OWED = "owed"
    SENT = "sent"
    DELIVERED = "delivered"
    EXHAUSTED = "exhausted"


class Obligation(BaseModel):
    """A confirmation that is owed to one party.

    `party` is `customer`, `operator` or `record`; `name` tells which one (`desk`); `ways` the systems to try in order;
    `message` names the tenant's message. `receipt` is the provider's evidence of the way that worked; `asked_at` when
    the provider was last asked for a report on it.
    """

    id: str
    tenant: str
    execution: str
    subject: str
    party: str
    name: str
    ways: list[str]
    message: str
    status: ObligationStatus = ObligationStatus.OWED
    way: str | None = None
    receipt: Evidence | None = None
    failure: str | None = None
    asked_at: AwareDatetime | None = None
    words: Annotated[str | None, PERSONAL] = None
    version: int = 0


class Fact(BaseModel):
    """What an agent wants to have on record: the part of a trace entry that its author writes.

    `kind` is `accepted`, `identified`, `decided`, `effect`, `obligation`, `asked`, `answered`, `closed`...; `facts`
    hold nothing personal, `personal` may.
    """

    model_config = ConfigDict(frozen=True)

    kind: str
    step: str
    outcome: str
    reason: str
    facts: dict[str, Any] = Field(default_factory=dict)
    personal: PersonalFacts = Field(default_factory=dict)


class Note(NamedTuple):
    """Facts that are put on record together with what they tell of, and the moment."""

    at: datetime
    facts: Sequence[Fact]


class TraceEntry(BaseModel):
    """One link of an execution's chain.

    `body` is the exact text that was stored (canonical JSON with personal parts encrypted); `hash` is SHA-256, in hex,
    over `previous` and `body`. `fact` is the readable form; personal parts of an erased subject read as {}.
    """

    model_config = ConfigDict(frozen=True)

    tenant: str
    execution: str
    sequence: int
    at: datetime
    fact: Fact
    body: str
    previous: str
    hash: str


class Summary(BaseModel):
    """One line of a list of executions; nothing personal."""

    tenant: str
    execution: str
    subject: str
    service: str | None
    status: Status
    opened_at: AwareDatetime
    closed_at: AwareDatetime | None


class Message(BaseModel):
    """A message in a conversation's inbox; `taken_by` is the execution that has read it, `signal` the interaction's."""

    interaction: str
    text: PersonalText
    received_at: AwareDatetime
    taken_by: str | None = None
    signal: Signal | None = None


class Conversation(BaseModel):
    """The one conversation between a tenant and a subject: at most one open execution, and its waits' task tokens.

    Of those at most one is still waited on. The others are of a machine that died, or were stored again by a late
    repetition of a wait's function; only ending them tells which is which, so no token takes another one's place.
    """

    tenant: str
    subject: str
    execution: str | None = None
    tokens: frozenset[str] = frozenset()
    version: int = 0
