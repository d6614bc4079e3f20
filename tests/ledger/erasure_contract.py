"""What an erasure must do with any stores; a store's test gives `stores` and `tenant`."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta

import pytest

from followthrough.contracts.evidence import Evidence
from followthrough.errors import Missing, StillOpen
from followthrough.ledger.agreement import Recorded
from followthrough.ledger.erasure import Erased, Erasing, erase, replay
from followthrough.ledger.models import EffectStatus, Fact, ObligationStatus, Status
from followthrough.ledger.stores import Subjects
from followthrough.ledger.verification import verify
from tests.ledger.samples import (
    NAME,
    NOW,
    PERSONAL_WORDS,
    PHONE,
    WORDS,
    a_context,
    a_fact,
    an_effect,
    an_interaction,
    an_obligation,
)
from tests.ledger.writing import append, move, owe, save, settle

MAIL = "wilhelmina@oyelaran.example"
LATER = NOW + timedelta(hours=1)
PRIVATE = [*PERSONAL_WORDS, MAIL]


class StoppedMachines:
    """Remembers which machines were asked to stop."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, str, str, int]] = []

    def stop(self, tenant: str, release: str, execution: str, starts: int) -> None:
        self.asked.append((tenant, release, execution, starts))


@dataclass(frozen=True)
class Stores:
    """Everything that holds something of a person, and ways to look at it whole.

    `raw` is every stored byte that can be read without a key, `backup` notes the tables and returns what restores them,
    `afresh` is the same stores with nothing remembered.
    """

    erasing: Erasing
    subjects: Subjects
    machines: StoppedMachines
    raw: Callable[[], str]
    backup: Callable[[], Callable[[], None]]
    afresh: Callable[[], Erasing]


def serve(stores: Stores, tenant: str, *, closed: bool = True) -> str:
    """Let the person be served once, with something personal wherever there is room for it; return the subject."""
    it, subject = stores.erasing, stores.subjects.subject(tenant, PHONE)
    own = {"subject": subject}
    it.conversations.accept(an_interaction(tenant, subject=subject))
    it.conversations.enter(tenant, subject, "execution-1")
    it.conversations.take(tenant, subject, "sms-SM1", "execution-1")
    context = a_context(tenant, inputs={"why": WORDS, "mail": MAIL}, **own)
    it.ledger.open(context)
    effect = it.ledger.begin(an_effect(tenant, undo="refund", request={"payer": NAME, "mail": MAIL}, **own), NOW)
    proof = Evidence(id="pi_1", status="succeeded", at=NOW)
    settle(
        it.ledger, effect.model_copy(update={"status": EffectStatus.DONE, "evidence": proof, "result": {"name": NAME}})
    )
    owed = owe(it.ledger, an_obligation(tenant, **own))
    sent = {"status": ObligationStatus.DELIVERED, "receipt": Evidence(id="SM7", status="sent", at=NOW)}
    move(it.ledger, owed.model_copy(update=sent))
    large = a_fact("large", personal={"said": WORDS, "all": [NAME, MAIL, PHONE] * 20_000})
    append(it.ledger, tenant, "execution-1", subject, NOW, [a_fact("a"), large, *_facts()])
    if closed:
        save(it.ledger, context.model_copy(update={"status": Status.COMPLETED, "closed_at": NOW}))
        append(it.ledger, tenant, "execution-1", subject, NOW, [a_fact("c", kind="closed", outcome="completed")])
        it.conversations.leave(tenant, subject, "execution-1")
    return subject


def _facts() -> list[Fact]:
    evidence = {"id": "pi_1", "status": "succeeded", "at": "2026-11-22T15:04:05Z"}
    of = {"system": "payments", "adapter": "stripe", "operation": "charge", "undoes": None}
    effect = {"effect": "effect-1", "evidence": evidence, **of}
    exchanged = {"request": {"payer": NAME, "mail": MAIL}, "result": {"name": NAME}}
    told = {"obligation": "customer-1", "receipt": {"id": "SM7", "status": "sent", "at": "2026-11-22T15:04:05Z"}}
    return [
        a_fact("payment", kind="effect", outcome="done", facts=effect, personal=exchanged),
        a_fact("tell customer", kind="told", outcome="delivered", facts=told),
    ]


def readable(erasing: Erasing, tenant: str, subject: str) -> str:
    """Everything that the product itself reads of the person, as text."""
    it = erasing
    return repr(
        [
            it.ledger.load(tenant, "execution-1"),
            it.ledger.effects(tenant, "execution-1"),
            it.ledger.obligations(tenant, "execution-1"),
            [entry.model_dump() for entry in it.ledger.trace(tenant, "execution-1")],
            it.conversations.interaction(tenant, "sms-SM1"),
            it.conversations.unread(tenant, subject),
            it.conversations.taken(tenant, subject, "execution-1"),
        ]
    )


def found(text: str) -> list[str]:
    return [word for word in PRIVATE if word in text]


def sound(erasing: Erasing, tenant: str) -> bool:
    """Tell whether the trace verifies, also against the records beside it."""
    ledger = erasing.ledger
    recorded = Recorded(
        ledger.load(tenant, "execution-1"),
        ledger.effects(tenant, "execution-1"),
        ledger.obligations(tenant, "execution-1"),
    )
    return verify("execution-1", ledger.trace(tenant, "execution-1"), recorded=recorded).fault is None


class ErasureContract:
    def test_nothing_personal_is_left(self, stores: Stores, tenant: str) -> None:
        """What could be read before reads as empty everywhere, and the trace verifies as before."""
        subject = serve(stores, tenant)
        assert set(found(readable(stores.erasing, tenant, subject))) >= {PHONE, "my molar", "Wilhelmina", MAIL}
        assert sound(stores.erasing, tenant)
        erased = erase(stores.erasing, tenant, PHONE)
        assert (erased.subject, erased.executions, erased.ended) == (subject, ["execution-1"], [])
        afresh = stores.afresh()
        assert found(readable(afresh, tenant, subject)) == []
        assert found(stores.raw()) == []
        assert sound(afresh, tenant)

    def test_the_trace_tells_of_the_erasure(self, stores: Stores, tenant: str) -> None:
        """An auditor sees why the personal parts are empty."""
        subject = serve(stores, tenant)
        erase(stores.erasing, tenant, subject)
        last = stores.erasing.ledger.trace(tenant, "execution-1")[-1].fact
        assert (last.kind, last.personal) == ("erased", {})

    def test_the_person_may_come_again(self, stores: Stores, tenant: str) -> None:
        """A later text of the same number is a new subject's, with a key of its own."""
        subject = serve(stores, tenant)
        erase(stores.erasing, tenant, PHONE)
        again = stores.subjects.subject(tenant, PHONE)
        assert again != subject
        assert stores.erasing.keys.key(tenant, again) is not None
        assert stores.erasing.keys.key(tenant, subject) is None

    def test_a_restored_backup_is_erased_again(self, stores: Stores, tenant: str) -> None:
        """Yesterday's tables bring the person back, and the tombstones take them away again."""
        subject = serve(stores, tenant)
        restore = stores.backup()
        erase(stores.erasing, tenant, PHONE)
        restore()
        assert "my molar" in readable(stores.afresh(), tenant, subject)
        assert replay(stores.afresh()) >= 1
        afresh = stores.afresh()
        assert found(readable(afresh, tenant, subject)) == []
        assert afresh.people.known(tenant, PHONE) is None
        assert sound(afresh, tenant)

    def test_erasing_twice_is_erasing_once(self, stores: Stores, tenant: str) -> None:
        """By the subject's id an erasure can be repeated; by the address nobody is known any more."""
        subject = serve(stores, tenant)
        erase(stores.erasing, tenant, subject)
        (first,) = [it for it in stores.erasing.tombstones.all() if it.subject == subject]
        erase(replace(stores.erasing, clock=lambda: LATER + timedelta(days=1)), tenant, subject)
        assert [it for it in stores.erasing.tombstones.all() if it.subject == subject] == [first]
        with pytest.raises(Missing) as refused:
            erase(stores.erasing, tenant, PHONE)
        assert PHONE not in str(refused.value)

    def test_who_is_being_served_is_not_erased(self, stores: Stores, tenant: str) -> None:
        """An execution that is not closed needs its words: the erasure is refused, and names it."""
        subject = serve(stores, tenant, closed=False)
        with pytest.raises(StillOpen, match="execution-1 is not closed"):
            erase(stores.erasing, tenant, PHONE)
        assert "my molar" in readable(stores.afresh(), tenant, subject)
        assert not [it for it in stores.erasing.tombstones.all() if it.subject == subject]

    def test_who_waits_for_an_answer_is_not_erased(self, stores: Stores, tenant: str) -> None:
        """A message that nobody has read keeps its words, too, until somebody has, or it is forced."""
        subject = serve(stores, tenant)
        stores.erasing.conversations.accept(an_interaction(tenant, 2, subject))
        with pytest.raises(StillOpen, match="1 unread"):
            erase(stores.erasing, tenant, subject)
        erase(stores.erasing, tenant, subject, force=True)
        assert stores.erasing.conversations.unread(tenant, subject) == []

    def test_force_ends_what_is_open(self, stores: Stores, tenant: str) -> None:
        """The machine is stopped, the execution closed where it stands, and what stands is handed to a person."""
        subject = serve(stores, tenant, closed=False)
        erased: Erased = erase(stores.erasing, tenant, PHONE, force=True)
        assert erased.ended == ["execution-1"]
        assert [(it["system"], it["evidence"]) for it in erased.stands] == [("payments", "pi_1")]
        assert stores.machines.asked == [(tenant, "r1", "execution-1", 1)]
        afresh = stores.afresh()
        context = afresh.ledger.load(tenant, "execution-1")
        assert (context.status, context.closed_at) == (Status.FAILED, LATER)
        assert afresh.conversations.conversation(tenant, subject).execution is None
        assert found(readable(afresh, tenant, subject)) == []
        assert sound(afresh, tenant)
