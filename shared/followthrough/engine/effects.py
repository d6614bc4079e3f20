"""Do one thing in one external system exactly once, as far as the provider lets anybody know.

The intent is written before the call and the evidence after it. A crash or a lost answer in between leaves the effect
`intended` or `unknown`; whoever comes next settles it first, by what the operation declares, and never repeats it
blindly.
"""

import hashlib
import json
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Literal, assert_never

from pydantic import BaseModel, TypeAdapter

from followthrough.contracts.adapter import Adapter, Answer
from followthrough.contracts.manifest import ByKey, ByReadBack, ByRepeating, Lapses, Unsettled
from followthrough.engine.case import Case
from followthrough.errors import Declined, Leased, OutcomeUnknown, Refused, SystemFailure, Taken, Throttled, Unreachable
from followthrough.ledger.changes import Changes
from followthrough.ledger.models import Effect, EffectStatus, Fact
from followthrough.routing.bounds import MAX_TRIES

LEASE = timedelta(seconds=45)
"""Longer than an agent's Lambda timeout (30 s): who holds a lease that ran out is certainly dead."""

_NOT_ABOUT_THE_DEED = frozenset({"unauthorized", "forbidden"})
"""Refusals of whoever asks, which say nothing about what was asked."""

MAX_SETTLING_TRIES = 60
"""About an hour: how long the outcome of a call is looked for before a person has to look."""

MAX_HOLDING_TRIES = 2
"""How often a hold without an answer is asked for again: the customer waits, and other times may do as well."""

_JSON = TypeAdapter[Any](Any)


def as_json(result: object) -> Any:
    """Return an operation's answer as the JSON values that contexts and effects keep."""
    return _JSON.dump_python(result, mode="json")


@dataclass(frozen=True)
class Performed:
    """How it went: `done` with its result, `later` in seconds, or `failed` with a code (`taken` says that somebody
    was faster).

    `effect` is the ledger's record.
    """

    outcome: Literal["done", "later", "taken", "failed"]
    effect: Effect | None = None
    seconds: float = 0
    code: str = ""

    @property
    def result(self) -> Any:
        """What the operation gave, as JSON values."""
        return self.effect.result if self.effect else None


@dataclass(frozen=True)
class Deed:
    """What is to be done: an operation of one of the tenant's systems, with its request as the port's model.

    `iteration` tells apart what is deliberately done more than once with the same words (a question asked again).
    `effect` takes up that effect of the ledger; `found_out_only`: what turns out not to have been done is left so.
    `fact` is put on record, once, when it is done.
    """

    step: str
    system: str
    operation: str
    request: BaseModel
    undo: str | None = None
    undoes: str | None = None
    iteration: int = 0
    effect: str | None = None
    found_out_only: bool = False
    fact: Fact | None = None


def effect_id(execution: str, deed: Deed) -> str:
    """Return the effect's id: 32 hex digits over execution, step path, iteration and input."""
    if deed.effect is not None:
        return deed.effect
    request = deed.request.model_dump_json()
    path = [execution, deed.step, deed.system, deed.operation, str(deed.iteration), request]
    return hashlib.sha256(json.dumps(path).encode()).hexdigest()[:32]


def perform(case: Case, deed: Deed) -> Performed:
    """Do it, or find out that it was done. Exceptions that escape from here are safe to retry.

    What the visit found out before is written first, and what comes of this with the visit's next transaction.
    """
    case.commit()
    adapter = case.ports.systems.adapter(case.tenant, deed.system)
    intent = _intent(case, deed, adapter.name)
    try:
        effect = case.ports.ledger.begin(intent, case.ports.clock())
    except Leased as leased:
        return Performed("later", seconds=leased.seconds)
    return _go_on(_Attempt(case, deed, adapter, effect))


def perform_all(case: Case, deeds: Sequence[Deed]) -> list[Performed]:
    """Do several things that do not depend on one another: their intents are written at once, and what comes of all of
    them with the visit's next transaction. Where any was begun before, each goes its own way.
    """
    case.commit()
    adapters = [case.ports.systems.adapter(case.tenant, deed.system) for deed in deeds]
    intents = {
        effect_id(case.context.execution, deed): _intent(case, deed, adapter.name)
        for deed, adapter in zip(deeds, adapters, strict=True)
    }
    # The same words to the same address are one effect, however many parties they are for.
    begun = case.ports.ledger.intend(list(intents.values())) if len(intents) == len(deeds) > 1 else None
    if begun is None:
        return [perform(case, deed) for deed in deeds]
    return [
        _go_on(_Attempt(case, deed, adapter, effect))
        for deed, adapter, effect in zip(deeds, adapters, begun, strict=True)
    ]


def _go_on(attempt: "_Attempt") -> Performed:
    """Call, settle what an earlier visit did, or return what stands."""
    effect = attempt.effect
    if effect.status in {EffectStatus.DONE, EffectStatus.UNDONE}:
        return Performed("done", effect)
    if effect.attempt == 1:
        return attempt.asking("call").call()
    if effect.attempt > MAX_TRIES + 1 and effect.status is EffectStatus.INTENDED:
        # Every visit before this one ended without an answer of any kind: whoever makes this call breaks.
        return attempt.give_up()
    if effect.status is EffectStatus.NOT_DONE:
        # Somebody else may have found that out since this was asked for.
        found_out_only = attempt.deed.found_out_only
        return Performed("failed", effect, code="not_done") if found_out_only else attempt.again(unsettled=False)
    return attempt.settle()


def _intent(case: Case, deed: Deed, adapter: str) -> Effect:
    now = case.ports.clock()
    return Effect(
        id=effect_id(case.context.execution, deed),
        tenant=case.context.tenant,
        execution=case.context.execution,
        subject=case.context.subject,
        step=deed.step,
        system=deed.system,
        adapter=adapter,
        operation=deed.operation,
        undo=deed.undo,
        undoes=deed.undoes,
        owner=secrets.token_hex(8),
        leased_until=now + LEASE,
        intended_at=now,
        called_at=now,
        request=deed.request.model_dump(mode="json"),
    )


@dataclass(frozen=True)
class Exchange:
    """A request to a system: the `call` itself, or a `read back`; how long its answer took is by our own clock."""

    kind: str
    began: datetime

    def took(self, ended: datetime) -> dict[str, Any]:
        """Return what the trace keeps of it."""
        return {"exchange": self.kind, "milliseconds": round((ended - self.began) / timedelta(milliseconds=1))}


@dataclass(frozen=True)
class _Attempt:
    """One visit to a system, while we hold the effect's lease.

    `unsettled`: an earlier call may have done it. Then only an answer about the deed itself settles it; being sent
    away says nothing about that earlier call. `exchange` is the one with the provider that this visit comes to.
    """

    case: Case
    deed: Deed
    adapter: Adapter
    effect: Effect
    unsettled: bool = False
    exchange: Exchange | None = None

    def asking(self, kind: str) -> "_Attempt":
        """Begin an exchange."""
        return replace(self, exchange=Exchange(kind, self.case.ports.clock()))

    def call(self) -> Performed:
        """Make the call, whose intent is written."""
        call = self.case.call(self.effect.id, self.effect.intended_at)
        try:
            answer = self.adapter.run(self.deed.operation, self.deed.request, call)
        except OutcomeUnknown as unknown:
            return self._unknown(unknown)
        except (Throttled, Unreachable) as away:
            return self._unknown(away) if self.unsettled else self._away(away)
        except Refused as refused:
            if self.unsettled and refused.code in _NOT_ABOUT_THE_DEED:
                return self._unknown(refused)
            if self.unsettled and self._lapses and isinstance(refused, Taken):
                # By ourselves, as likely as not.
                return self.let_lapse()
            written = self._write(EffectStatus.NOT_DONE, failure=refused.code)
            return Performed("taken" if isinstance(refused, Taken) else "failed", written, code=refused.code)
        return self._done(answer)

    def again(self, *, unsettled: bool) -> Performed:
        """Write the intent anew, then call."""
        now = self.case.ports.clock()
        changes = {"status": EffectStatus.INTENDED, "called_at": now, "leased_until": now + LEASE, "failure": None}
        intent = self.effect.model_copy(update=changes)
        (effect,) = self.case.ports.ledger.write(self.case.context, Changes(effects=[intent])).effects
        return replace(self, effect=effect, unsettled=unsettled).asking("call").call()

    def settle(self) -> Performed:
        """Find out what became of an earlier call, by what the operation declares, and go on from there."""
        settle = self.adapter.operations[self.deed.operation].settle
        match settle:
            case ByKey() as by_key if self._keeps(by_key):
                return self.again(unsettled=True)
            case ByRepeating() | Unsettled(repeat=True):
                return self.again(unsettled=True)
            case ByReadBack(lag) | ByKey(afterwards=ByReadBack(lag)):
                return self.asking("read back").read_back(lag)
            case Lapses() if self._visits <= MAX_HOLDING_TRIES and not self.deed.found_out_only:
                return self.again(unsettled=True)
            case Lapses():
                return self.let_lapse()
            case ByKey() | Unsettled() | None:
                return self.give_up()
            case _:
                assert_never(settle)

    def let_lapse(self) -> Performed:
        """It cannot be known, and need not be: it undoes itself. For this chain the slot counts as taken."""
        return Performed("taken", self._write(EffectStatus.UNKNOWN, failure="lapses"), code="lapses")

    @property
    def _lapses(self) -> bool:
        return isinstance(self.adapter.operations[self.deed.operation].settle, Lapses)

    @property
    def _visits(self) -> int:
        """How many visits came before this one: each effect has its own patience."""
        return self.effect.attempt - 1

    def _keeps(self, settle: ByKey) -> bool:
        """Tell whether the provider still knows the key, and the call itself may be repeated to find out."""
        asks = self.deed.found_out_only and settle.afterwards is not None
        return not asks and self.case.ports.clock() - self.effect.intended_at < settle.valid_for

    def give_up(self) -> Performed:
        """Leave it to people to find out what became of it."""
        return Performed("failed", self._write(EffectStatus.UNKNOWN, failure="unsettled"), code="unsettled")

    def read_back(self, lag: timedelta) -> Performed:
        """Look in the provider's records for what an earlier call may have done."""
        call = self.case.call(self.effect.id, self.effect.intended_at)
        try:
            found = self.adapter.read_back(self.deed.operation, self.deed.request, call)
        except Declined as declined:
            return Performed("failed", self._write(EffectStatus.NOT_DONE, failure=declined.code), code=declined.code)
        except (Refused, Throttled, Unreachable, OutcomeUnknown) as failure:
            # The look was turned away, whatever for: that says nothing about what was looked for.
            return self._unknown(failure)
        return self._done(found) if found is not None else self._not_found(lag)

    def _not_found(self, lag: timedelta) -> Performed:
        missing = (self.effect.called_at + lag - self.case.ports.clock()).total_seconds()
        if missing > 0:
            # Not found yet is not the same as not done: the provider's search may lag.
            self._write(EffectStatus.UNKNOWN, failure=self.effect.failure)
            return Performed("later", seconds=missing)
        if self.deed.found_out_only:
            return Performed("failed", self._write(EffectStatus.NOT_DONE, failure="not_done"), code="not_done")
        return self.again(unsettled=False)

    def _away(self, away: Throttled | Unreachable) -> Performed:
        """Nothing was done: come back when the system asks for it, but not for ever."""
        written = self._write(EffectStatus.NOT_DONE, failure=away.code)
        if self._visits >= MAX_TRIES:
            return Performed("failed", written, code=away.code)
        return Performed("later", written, seconds=self._pause(away))

    def _unknown(self, failure: SystemFailure) -> Performed:
        """It may have been done: come back to settle it, until a person has to look."""
        written = self._write(EffectStatus.UNKNOWN, failure=failure.code)
        if self._visits >= MAX_SETTLING_TRIES:
            return Performed("failed", written, code="unsettled")
        return Performed("later", written, seconds=self._pause(failure))

    def _done(self, answer: Answer) -> Performed:
        result = as_json(answer.result)
        return Performed("done", self._write(EffectStatus.DONE, failure=None, evidence=answer.evidence, result=result))

    def _write(self, status: EffectStatus, **changes: Any) -> Effect:
        """Write how it went. The lease ends here, so that the next visit need not wait for it."""
        now = self.case.ports.clock()
        settled = self.effect.model_copy(update={"status": status, "leased_until": now, **changes})
        facts = [fact(settled, self.exchange.took(now) if self.exchange else {})]
        if status is EffectStatus.DONE and self.deed.fact is not None:
            facts.append(self.deed.fact)
        self.case.settle(settled, *facts)
        return settled

    def _pause(self, failure: SystemFailure) -> float:
        """As the provider asks, else come back after 1, 2, 4 ... seconds, at most a minute."""
        return failure.seconds if isinstance(failure, Throttled) else float(min(2 ** min(self._visits, 6), 60))


def fact(effect: Effect, exchange: Mapping[str, Any]) -> Fact:
    """Put on record how an effect stands, with the provider's evidence and what is known of the exchange."""
    evidence = effect.evidence
    return Fact(
        kind="effect",
        step=effect.step,
        outcome=effect.status.value,
        reason=f"{effect.system} confirmed it as {evidence.id}"
        if evidence
        else f"{effect.system} said {effect.failure}",
        facts={
            "effect": effect.id,
            "system": effect.system,
            "adapter": effect.adapter,
            "operation": effect.operation,
            "attempt": effect.attempt,
            "evidence": evidence.model_dump(mode="json") if evidence else None,
            "undoes": effect.undoes,
            **exchange,
        },
        personal={"request": effect.request, "result": effect.result},
    )


def undone(case: Case, effect: Effect, at: datetime) -> None:
    """Note that an effect no longer stands. Its own fact is the undoing effect's."""
    case.settle(effect.model_copy(update={"status": EffectStatus.UNDONE, "leased_until": at}))
