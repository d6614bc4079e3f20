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

from followthrough.contracts.adapter import Adapter
from followthrough.contracts.call import Answer, Call
from followthrough.contracts.consent import Consent
from followthrough.contracts.manifest import ByKey, ByReadBack, ByRepeating, Lapses, Unsettled
from followthrough.engine.case import Case
from followthrough.errors import (
    Declined,
    Differs,
    Leased,
    OptedOut,
    OutcomeUnknown,
    Refused,
    SystemFailure,
    Taken,
    Throttled,
    Unreachable,
)
from followthrough.ledger.changes import Changes
from followthrough.ledger.models import Effect, EffectStatus, Fact
from followthrough.routing.bounds import MAX_TRIES, longest_pause

LEASE = timedelta(seconds=45)
"""Longer than an agent's Lambda timeout (30 s): who holds a lease that ran out is certainly dead."""

LONGEST_SEARCH = timedelta(hours=1)
"""How long a provider may put off who looks for what became of a call."""

UNSETTLED = "unsettled"
"""The code of what nobody could find out: people have to."""

OPTED_OUT = "opted_out"
"""The code of words that were not sent because the party does not want them, by the ledger or by the provider."""

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
    `fact` is put on record, once, when it is done. `patience` is how long a system that is away is waited for; None for
    as long as a customer can be kept waiting. `to_customer` by a channel: only while they have not opted out of it.
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
    patience: timedelta | None = None
    to_customer: bool = False


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
        effect = case.ports.ledger.begin(intent, case.ports.clock(), consented=deed.to_customer)
    except Leased as leased:
        return Performed("later", seconds=leased.seconds)
    except OptedOut:
        return Performed("failed", code=OPTED_OUT)
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
    consented = any(deed.to_customer for deed in deeds)
    several = len(intents) == len(deeds) > 1
    begun = case.ports.ledger.intend(list(intents.values()), consented=consented) if several else None
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
            return self._done(self._as_asked(self.adapter.run(self.deed.operation, self.deed.request, call), call))
        except Differs as differs:
            return self._differs(differs)
        except OutcomeUnknown as unknown:
            return self._unknown(unknown)
        except (Throttled, Unreachable) as away:
            return self._unknown(away) if self.unsettled else self._away(away)
        except Refused as refused:
            return self._refused(refused)

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
        return Performed("taken", self._write(EffectStatus.UNKNOWN, "lapses"), code="lapses")

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
        return Performed("failed", self._write(EffectStatus.UNKNOWN, UNSETTLED), code=UNSETTLED)

    def read_back(self, lag: timedelta) -> Performed:
        """Look in the provider's records for what an earlier call may have done."""
        call = self.case.call(self.effect.id, self.effect.intended_at)
        try:
            found = self.adapter.read_back(self.deed.operation, self.deed.request, call)
            if found is not None:
                return self._done(self._as_asked(found, call))
        except Differs as differs:
            return self._differs(differs)
        except Declined as declined:
            return Performed("failed", self._write(EffectStatus.NOT_DONE, declined), code=declined.code)
        except (Refused, Throttled, Unreachable, OutcomeUnknown) as failure:
            # The look was turned away, whatever for: that says nothing about what was looked for.
            return self._unknown(failure)
        return self._not_found(lag)

    def _as_asked(self, answer: Answer, call: Call) -> Answer:
        """Take an answer only if it is what was asked for. Raises Differs."""
        self.adapter.operations[self.deed.operation].check(self.adapter.name, self.deed.request, answer, call)
        return answer

    def _refused(self, refused: Refused) -> Performed:
        if self.unsettled and refused.code in _NOT_ABOUT_THE_DEED:
            return self._unknown(refused)
        if self.unsettled and self._lapses and isinstance(refused, Taken):
            # By ourselves, as likely as not.
            return self.let_lapse()
        written = self._write(EffectStatus.NOT_DONE, refused)
        if refused.code == OPTED_OUT:
            # They told their provider, which does not tell us: from now on nobody tries.
            consent = Consent(given=False, since=self.case.ports.clock(), source=f"effect {self.effect.id}")
            self.case.ports.ledger.keep_consent(self.effect.tenant, self.effect.subject, consent)
        return Performed("taken" if isinstance(refused, Taken) else "failed", written, code=refused.code)

    def _differs(self, differs: Differs) -> Performed:
        """Something was done, and it is not this: no looking again helps, so it goes to people at once."""
        return Performed("failed", self._write(EffectStatus.UNKNOWN, differs), code=UNSETTLED)

    def _not_found(self, lag: timedelta) -> Performed:
        missing = (self.effect.called_at + lag - self.case.ports.clock()).total_seconds()
        if missing > 0:
            # Not found yet is not the same as not done: the provider's search may lag.
            self._write(EffectStatus.UNKNOWN, self.effect.failure)
            return Performed("later", seconds=missing)
        if self.deed.found_out_only:
            return Performed("failed", self._write(EffectStatus.NOT_DONE, "not_done"), code="not_done")
        return self.again(unsettled=False)

    def _away(self, away: Throttled | Unreachable) -> Performed:
        """Nothing was done: come back when the system asks for it, unless that is longer than anybody can wait."""
        written = self._write(EffectStatus.NOT_DONE, away)
        patience = self.deed.patience or self.case.tenant.patience.most
        seconds = pause(away, self._visits, patience)
        if self.case.ports.clock() + timedelta(seconds=seconds) > self.effect.intended_at + patience:
            return Performed("failed", written, code=away.code)
        return Performed("later", written, seconds=seconds)

    def _unknown(self, failure: SystemFailure) -> Performed:
        """It may have been done: come back to settle it, until a person has to look."""
        written = self._write(EffectStatus.UNKNOWN, failure)
        seconds = pause(failure, self._visits)
        if self._visits >= MAX_SETTLING_TRIES or seconds > LONGEST_SEARCH.total_seconds():
            return Performed("failed", written, code=UNSETTLED)
        return Performed("later", written, seconds=seconds)

    def _done(self, answer: Answer) -> Performed:
        result = as_json(answer.result)
        return Performed("done", self._write(EffectStatus.DONE, None, evidence=answer.evidence, result=result))

    def _write(self, status: EffectStatus, why: SystemFailure | str | None, **changes: Any) -> Effect:
        """Write how it went. The lease ends here, so that the next visit need not wait for it."""
        now = self.case.ports.clock()
        failure, detail = (why.code, why.detail) if isinstance(why, SystemFailure) else (why, "")
        changes |= {"status": status, "leased_until": now, "failure": failure}
        settled = self.effect.model_copy(update=changes)
        exchange = {**(self.exchange.took(now) if self.exchange else {}), **({"detail": detail} if detail else {})}
        facts = [fact(settled, exchange)]
        if status is EffectStatus.DONE and self.deed.fact is not None:
            facts.append(self.deed.fact)
        self.case.settle(settled, *facts)
        return settled


def pause(failure: SystemFailure, visits: int, patience: timedelta = timedelta()) -> float:
    """Return the seconds to wait: as the provider asks, else 1, 2, 4 ..., at most a minute, or a fortieth of a longer
    patience. Who asks for short pauses again and again is given longer ones: an execution has room for so many visits.
    """
    grown = min(2.0 ** min(visits, 20), longest_pause(patience).total_seconds())
    if not isinstance(failure, Throttled):
        return grown
    return failure.seconds if visits < MAX_TRIES else max(failure.seconds, grown)


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
