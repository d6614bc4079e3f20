"""What every Ledger must do; a store's test gives the fixtures `ledger`, `keys`, `tenant` and `raw`."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from followthrough.contracts.consent import Consent
from followthrough.contracts.evidence import Evidence
from followthrough.errors import Conflict, Leased, Missing, OptedOut
from followthrough.ledger.chain import verify
from followthrough.ledger.models import EffectStatus, Note, Obligation, ObligationStatus, Status
from followthrough.ledger.stores import KeyService, Ledger
from tests.ledger.samples import (
    CARD,
    NAME,
    NOW,
    PERSONAL_WORDS,
    WORDS,
    a_context,
    a_fact,
    an_effect,
    an_obligation,
    at_once,
)
from tests.ledger.writing import append, move, owe, save, settle

LATER = NOW + timedelta(seconds=61)


class LedgerContract:
    def test_context_comes_back_as_it_was_opened(self, ledger: Ledger, tenant: str) -> None:
        """Every field survives storage, also fractions and nested values."""
        assert ledger.open(a_context(tenant))
        written = dict.fromkeys(("inputs.why", "variables.patient", "variables.price"), 0)
        assert ledger.load(tenant, "execution-1") == a_context(tenant, written=written)

    def test_context_opens_once(self, ledger: Ledger, tenant: str) -> None:
        """A second open changes nothing and says so."""
        ledger.open(a_context(tenant))
        assert not ledger.open(a_context(tenant, language="es"))
        assert ledger.load(tenant, "execution-1").language == "en"

    def test_unknown_execution_is_missing(self, ledger: Ledger, tenant: str) -> None:
        """Loading what was never opened raises Missing, also for another tenant's execution."""
        ledger.open(a_context(tenant))
        with pytest.raises(Missing):
            ledger.load(f"{tenant}-other", "execution-1")

    def test_save_counts_versions(self, ledger: Ledger, tenant: str) -> None:
        """A saved context comes back with its next version and its changes."""
        ledger.open(a_context(tenant))
        saved = save(ledger, a_context(tenant, status=Status.COMPLETED, service="cleaning"))
        assert saved.version == 1
        assert ledger.load(tenant, "execution-1") == saved

    def test_save_refuses_what_is_out_of_date(self, ledger: Ledger, tenant: str) -> None:
        """Whoever read before another wrote gets Conflict; so does who never opened."""
        ledger.open(a_context(tenant))
        save(ledger, a_context(tenant, language="es"))
        with pytest.raises(Conflict):
            save(ledger, a_context(tenant, language="fr"))
        with pytest.raises(Conflict):
            save(ledger, a_context(tenant, "execution-2"))

    def test_save_can_take_values_away(self, ledger: Ledger, tenant: str) -> None:
        """A field set back to None is None when read."""
        ledger.open(a_context(tenant, service="cleaning"))
        save(ledger, a_context(tenant, service=None))
        assert ledger.load(tenant, "execution-1").service is None

    def test_new_effect_is_stored_as_given(self, ledger: Ledger, tenant: str) -> None:
        """The first to begin gets its own intent back."""
        assert ledger.begin(an_effect(tenant), NOW) == an_effect(tenant)
        assert ledger.effects(tenant, "execution-1") == [an_effect(tenant)]

    @pytest.mark.parametrize("status", [EffectStatus.INTENDED, EffectStatus.UNKNOWN])
    def test_lease_keeps_others_out(self, ledger: Ledger, tenant: str, status: EffectStatus) -> None:
        """While a lease runs, another owner gets Leased with the seconds that remain."""
        settle(ledger, ledger.begin(an_effect(tenant), NOW).model_copy(update={"status": status}))
        with pytest.raises(Leased) as refused:
            ledger.begin(an_effect(tenant, "two"), NOW + timedelta(seconds=20))
        assert refused.value.seconds == pytest.approx(40)

    @pytest.mark.parametrize("status", [EffectStatus.INTENDED, EffectStatus.UNKNOWN])
    def test_lease_that_ran_out_is_taken_over(self, ledger: Ledger, tenant: str, status: EffectStatus) -> None:
        """The next owner takes over the recorded request and status, as a further attempt."""
        settle(ledger, ledger.begin(an_effect(tenant), NOW).model_copy(update={"status": status}))
        until = LATER + timedelta(seconds=60)
        ours = an_effect(tenant, "two", leased_until=until, intended_at=LATER, called_at=LATER)
        taken = ledger.begin(ours, LATER)
        assert (taken.owner, taken.leased_until, taken.attempt, taken.status) == ("two", until, 2, status)
        assert (taken.intended_at, taken.called_at, taken.request["payer"]) == (NOW, NOW, NAME)
        assert ledger.effects(tenant, "execution-1") == [taken]

    def test_not_done_effect_is_free(self, ledger: Ledger, tenant: str) -> None:
        """What was surely not done may be tried by anybody at once, lease or not."""
        settle(ledger, ledger.begin(an_effect(tenant), NOW).model_copy(update={"status": EffectStatus.NOT_DONE}))
        taken = ledger.begin(an_effect(tenant, "two"), NOW)
        assert (taken.owner, taken.attempt, taken.status) == ("two", 2, EffectStatus.NOT_DONE)

    @pytest.mark.parametrize("status", [EffectStatus.DONE, EffectStatus.UNDONE])
    def test_finished_effect_is_returned_untouched(self, ledger: Ledger, tenant: str, status: EffectStatus) -> None:
        """Nobody takes over what is done: the evidence comes back instead."""
        proof = Evidence(id="pi_1", status="succeeded", at=NOW)
        done = {"status": status, "evidence": proof, "result": {"id": "pi_1", "fee": 1.5}}
        settled = settle(ledger, ledger.begin(an_effect(tenant), NOW).model_copy(update=done))
        assert ledger.begin(an_effect(tenant, "two"), LATER) == settled
        assert settled.evidence == proof

    def test_same_owner_starts_anew(self, ledger: Ledger, tenant: str) -> None:
        """An invocation that crashed and runs again under its name is not kept out by its own lease."""
        ledger.begin(an_effect(tenant), NOW)
        assert ledger.begin(an_effect(tenant), NOW).attempt == 2

    def test_who_lost_the_lease_cannot_settle(self, ledger: Ledger, tenant: str) -> None:
        """After a takeover the first owner's result is refused, and the second's stands."""
        first = ledger.begin(an_effect(tenant), NOW)
        second = ledger.begin(an_effect(tenant, "two"), LATER)
        with pytest.raises(Conflict):
            settle(ledger, first.model_copy(update={"status": EffectStatus.DONE}))
        assert settle(ledger, second.model_copy(update={"status": EffectStatus.UNKNOWN})).version == second.version + 1

    def test_who_opted_out_is_not_begun_with(self, ledger: Ledger, tenant: str) -> None:
        """C1: what must be consented to is begun neither anew nor again, alone or with others; all else still is."""
        ledger.keep_consent(tenant, "subject-1", Consent(given=False, since=NOW, source="interaction 1"))
        with pytest.raises(OptedOut):
            ledger.begin(an_effect(tenant), NOW, consented=True)
        assert ledger.intend([an_effect(tenant, id="a"), an_effect(tenant, id="b")], consented=True) is None
        assert ledger.effects(tenant, "execution-1") == []
        ledger.begin(an_effect(tenant), NOW)
        with pytest.raises(OptedOut):
            ledger.begin(an_effect(tenant, "two"), LATER, consented=True)
        assert ledger.effects(tenant, "execution-1") == [an_effect(tenant)]

    def test_what_was_done_before_an_opt_out_is_still_known(self, ledger: Ledger, tenant: str) -> None:
        """C1: who asks for it again is told that it was done, not that it may not be."""
        done = {"status": EffectStatus.DONE, "evidence": Evidence(id="SM1", status="sent", at=NOW)}
        settled = settle(ledger, ledger.begin(an_effect(tenant), NOW, consented=True).model_copy(update=done))
        ledger.keep_consent(tenant, "subject-1", Consent(given=False, since=NOW, source="interaction 1"))
        assert ledger.begin(an_effect(tenant, "two"), LATER, consented=True) == settled

    def test_consent_is_the_last_that_was_said(self, ledger: Ledger, tenant: str) -> None:
        """C1: a late word changes nothing, a later one does, and each party has its own."""
        assert ledger.consent(tenant, "subject-1") is None
        out = Consent(given=False, since=NOW, source="interaction 1")
        ledger.keep_consent(tenant, "subject-1", out)
        ledger.keep_consent(tenant, "subject-1", Consent(given=True, since=NOW - timedelta(1), source="interaction 0"))
        assert ledger.consent(tenant, "subject-1") == out
        back = Consent(given=True, since=LATER, source="interaction 2")
        ledger.keep_consent(tenant, "subject-1", back)
        assert ledger.consent(tenant, "subject-1") == back
        assert ledger.consent(tenant, "subject-2") is None
        assert ledger.begin(an_effect(tenant), NOW, consented=True) == an_effect(tenant)
        assert ledger.begin(an_effect(tenant), LATER, consented=True).attempt == 2

    def test_concurrent_begins_have_one_winner(self, ledger: Ledger, tenant: str) -> None:
        """Of eight who begin a new effect at once, one gets it and seven see the lease."""

        def begin(number: int) -> bool:
            try:
                return ledger.begin(an_effect(tenant, str(number)), NOW).owner == str(number)
            except Leased:
                return False

        assert at_once(8, begin).count(True) == 1

    def test_concurrent_takeovers_have_one_winner(self, ledger: Ledger, tenant: str) -> None:
        """Of eight who find a lease run out at once, one takes over and seven see the new lease."""
        ledger.begin(an_effect(tenant), NOW)

        def begin(number: int) -> bool:
            ours = an_effect(tenant, f"late {number}", leased_until=LATER + timedelta(seconds=60))
            try:
                return ledger.begin(ours, LATER).attempt == 2
            except Leased:
                return False

        assert at_once(8, begin).count(True) == 1

    def test_effects_come_oldest_first(self, ledger: Ledger, tenant: str) -> None:
        """The order is that of the intents, not of the ids."""
        for id_, seconds in (("a", 3), ("b", 1), ("c", 2)):
            ledger.begin(an_effect(tenant, id=id_, intended_at=NOW + timedelta(seconds=seconds)), NOW)
        assert [effect.id for effect in ledger.effects(tenant, "execution-1")] == ["b", "c", "a"]
        assert ledger.effects(tenant, "execution-10") == []

    def test_obligation_is_owed_once(self, ledger: Ledger, tenant: str) -> None:
        """Owing again returns the obligation that is there."""
        first = owe(ledger, an_obligation(tenant))
        assert first == an_obligation(tenant)
        assert owe(ledger, an_obligation(tenant, message="other")) == first

    def test_obligation_changes_with_its_version(self, ledger: Ledger, tenant: str) -> None:
        """An update counts the version up; one from an older reading raises Conflict, with or without a receipt."""
        first = owe(ledger, an_obligation(tenant))
        proof = Evidence(id="SM77", status="sent", at=NOW)
        sent = move(ledger, first.model_copy(update={"status": ObligationStatus.SENT, "receipt": proof}))
        assert sent.version == 1
        for stale in (first, first.model_copy(update={"receipt": proof})):
            with pytest.raises(Conflict):
                move(ledger, stale)
        assert ledger.obligations(tenant, "execution-1") == [sent]

    def test_obligations_come_by_id(self, ledger: Ledger, tenant: str) -> None:
        """All obligations of an execution are listed, and no other's."""
        for id_ in ("record-1", "customer-1", "desk-1"):
            owe(ledger, an_obligation(tenant, id=id_))
        owe(ledger, an_obligation(tenant, execution="execution-10"))
        found = [obligation.id for obligation in ledger.obligations(tenant, "execution-1")]
        assert found == ["customer-1", "desk-1", "record-1"]

    def test_receipt_finds_its_obligation(self, ledger: Ledger, tenant: str) -> None:
        """A provider's id leads to the obligation as it stands now, within its tenant only."""
        first = owe(ledger, an_obligation(tenant))
        proof = Evidence(id="SM77", status="sent", at=NOW)
        sent = move(ledger, first.model_copy(update={"receipt": proof}))
        done = move(ledger, sent.model_copy(update={"status": ObligationStatus.DELIVERED}))
        assert _carried(ledger, tenant, "SM77") == done
        assert ledger.find_receipt(tenant, "SM78") is None
        assert ledger.find_receipt(f"{tenant}-other", "SM77") is None

    def test_what_comes_before_the_receipt_is_kept(self, ledger: Ledger, tenant: str) -> None:
        """A provider's word on an id that nobody knows yet waits for whoever writes it down; the last one counts."""
        for status in ("failed", "delivered"):
            ledger.keep_early(tenant, "SM79", status)
        assert ledger.early(tenant, "SM79") == "delivered"
        assert ledger.early(tenant, "SM78") is None
        assert ledger.early(f"{tenant}-other", "SM79") is None
        assert ledger.find_receipt(tenant, "SM79") is None

    def test_receipt_stays_with_its_first_obligation(self, ledger: Ledger, tenant: str) -> None:
        """Two systems that give the same id do not keep the second obligation from being updated."""
        proof = Evidence(id="77", status="sent", at=NOW)
        for id_ in ("a", "b"):
            owed = owe(ledger, an_obligation(tenant, id=id_))
            assert move(ledger, owed.model_copy(update={"receipt": proof})).version == 1
        assert _carried(ledger, tenant, "77").id == "a"

    def test_trace_is_one_chain_in_order(self, ledger: Ledger, tenant: str) -> None:
        """Entries come back numbered, linked and with the facts that were given."""
        append(ledger, tenant, "execution-1", "subject-1", NOW, [a_fact("a"), a_fact("b")])
        added = append(ledger, tenant, "execution-1", "subject-1", LATER, [a_fact("c")])
        trace = ledger.trace(tenant, "execution-1")
        assert [(entry.sequence, entry.fact) for entry in trace] == [
            (1, a_fact("a")),
            (2, a_fact("b")),
            (3, a_fact("c")),
        ]
        assert trace[2:] == added
        assert (trace[0].at, trace[2].at) == (NOW, LATER)
        assert verify(trace) is None

    def test_many_entries_at_once(self, ledger: Ledger, tenant: str) -> None:
        """More entries than a transaction holds still make one chain; none make no change."""
        assert append(ledger, tenant, "execution-1", "subject-1", NOW, []) == []
        append(ledger, tenant, "execution-1", "subject-1", NOW, [a_fact(str(number)) for number in range(130)])
        trace = ledger.trace(tenant, "execution-1")
        assert [entry.fact.step for entry in trace] == [str(number) for number in range(130)]
        assert verify(trace) is None

    def test_fifty_concurrent_appends_make_one_chain(self, ledger: Ledger, tenant: str) -> None:
        """Branches that append at once neither fork the chain nor lose or repeat an entry; batches stay together."""

        def add(number: int) -> None:
            facts = [a_fact(f"{number}"), a_fact(f"{number} too")][: 1 + number % 2]
            append(ledger, tenant, "execution-1", "subject-1", NOW, facts)

        at_once(50, add)
        trace = ledger.trace(tenant, "execution-1")
        steps = [entry.fact.step for entry in trace]
        assert verify(trace) is None
        assert len(set(steps)) == len(steps) == 75
        assert all(steps[steps.index(f"{number}") + 1] == f"{number} too" for number in range(1, 50, 2))

    def test_note_is_written_with_its_record(self, ledger: Ledger, tenant: str) -> None:
        """Whatever a record may change with is on record in the same order, and a record without a note adds none."""
        ledger.open(a_context(tenant), _noted("opened"))
        save(ledger, a_context(tenant), _noted("saved", "and why"))
        effect = ledger.begin(an_effect(tenant), NOW)
        done = {"status": EffectStatus.DONE, "evidence": Evidence(id="pi_1", status="succeeded", at=NOW)}
        settled = settle(ledger, effect.model_copy(update=done), _noted("done"))
        settle(ledger, settled.model_copy(update={"status": EffectStatus.UNDONE}))
        sent = {"status": ObligationStatus.SENT, "receipt": Evidence(id="SM1", status="queued", at=NOW)}
        owed = move(ledger, owe(ledger, an_obligation(tenant)).model_copy(update=sent), _noted("told"))
        move(ledger, owed.model_copy(update={"failure": "undelivered"}))
        assert _kinds(ledger, tenant) == ["opened", "saved", "and why", "done", "told"]
        assert verify(ledger.trace(tenant, "execution-1")) is None
        assert _carried(ledger, tenant, "SM1") == ledger.obligations(tenant, "execution-1")[0]

    def test_note_of_what_was_refused_is_not_written(self, ledger: Ledger, tenant: str) -> None:
        """Who comes too late changes nothing, and the trace does not tell of it."""
        ledger.open(a_context(tenant), _noted("opened"))
        assert not ledger.open(a_context(tenant), _noted("opened again"))
        save(ledger, a_context(tenant))
        first = ledger.begin(an_effect(tenant), NOW)
        ledger.begin(an_effect(tenant, "two"), LATER)
        owed = owe(ledger, an_obligation(tenant))
        move(ledger, owed)
        with pytest.raises(Conflict):
            save(ledger, a_context(tenant), _noted("saved"))
        with pytest.raises(Conflict):
            settle(ledger, first, _noted("done"))
        with pytest.raises(Conflict):
            move(ledger, owed, _noted("told"))
        assert _kinds(ledger, tenant) == ["opened"]

    def test_twenty_concurrent_notes_make_one_chain(self, ledger: Ledger, tenant: str) -> None:
        """Records that change at once wait for each other's place in the chain; only the same record conflicts."""
        ledger.open(a_context(tenant), _noted("opened"))

        def change(number: int) -> bool:
            try:
                if number % 2:
                    save(ledger, a_context(tenant), _noted("saved"))
                else:
                    settle(ledger, ledger.begin(an_effect(tenant, id=f"effect-{number}"), NOW), _noted("done"))
            except Conflict:
                return False
            return True

        won = at_once(20, change)
        assert (won[::2].count(True), won[1::2].count(True)) == (10, 1)
        assert sorted(_kinds(ledger, tenant)) == ["done"] * 10 + ["opened", "saved"]
        assert verify(ledger.trace(tenant, "execution-1")) is None

    def test_nothing_personal_is_stored(self, ledger: Ledger, tenant: str, raw: Callable[[], str]) -> None:
        """The raw stored items hold none of the customer's words, name or number."""
        _write_everything(ledger, tenant)
        stored = raw()
        assert tenant in stored
        assert [word for word in PERSONAL_WORDS if word in stored] == []

    def test_cards_are_masked_before_they_are_sealed(self, ledger: Ledger, tenant: str) -> None:
        """Who has the key reads no card number either, in any record, and gets back what was stored."""
        paid = {"said": f"charge {CARD}"}
        expected = {"said": "charge [card ending 4242]"}
        ledger.open(a_context(tenant))
        assert save(ledger, a_context(tenant, inputs=paid)).inputs == expected
        assert ledger.begin(an_effect(tenant, request=paid), NOW).request == expected
        assert owe(ledger, an_obligation(tenant, words=CARD)).words == "[card ending 4242]"
        fact = a_fact(reason=f"paid by {CARD}", facts=paid, personal=paid)
        (entry,) = append(ledger, tenant, "execution-1", "subject-1", NOW, [fact])
        assert (entry.fact.facts, entry.fact.personal) == (expected, expected)
        assert "4242 4242" not in entry.body
        assert ledger.load(tenant, "execution-1").inputs == expected

    def test_erased_subject_leaves_empty_records(self, ledger: Ledger, keys: KeyService, tenant: str) -> None:
        """After an erasure everything still loads without what was personal, and the chain verifies."""
        _write_everything(ledger, tenant)
        keys.erase(tenant, "subject-1")
        context = ledger.load(tenant, "execution-1")
        assert (context.inputs, context.variables, context.language) == ({}, {}, "en")
        assert ledger.effects(tenant, "execution-1")[0].request == {}
        assert ledger.obligations(tenant, "execution-1")[0].words is None
        trace = ledger.trace(tenant, "execution-1")
        assert (trace[0].fact.personal, trace[0].fact.outcome) == ({}, "chosen")
        assert verify(trace) is None

    def test_erased_subject_cannot_come_back(self, ledger: Ledger, keys: KeyService, tenant: str) -> None:
        """What is written after an erasure keeps its form and loses what is personal."""
        ledger.open(a_context(tenant))
        keys.erase(tenant, "subject-1")
        save(ledger, a_context(tenant, inputs={"why": WORDS}))
        append(ledger, tenant, "execution-1", "subject-1", NOW, [a_fact()])
        assert ledger.load(tenant, "execution-1").inputs == {}
        assert ledger.trace(tenant, "execution-1")[0].fact.personal == {}


def _noted(*kinds: str) -> Note:
    return Note(NOW, [a_fact(kind=kind) for kind in kinds])


def _carried(ledger: Ledger, tenant: str, receipt: str) -> Obligation:
    found = ledger.find_receipt(tenant, receipt)
    assert found is not None
    return next(it for it in ledger.obligations(tenant, found.execution) if it.id == found.obligation)


def _kinds(ledger: Ledger, tenant: str) -> list[str]:
    return [entry.fact.kind for entry in ledger.trace(tenant, "execution-1")]


def _write_everything(ledger: Ledger, tenant: str) -> None:
    ledger.open(a_context(tenant))
    effect = ledger.begin(an_effect(tenant), NOW)
    settle(ledger, effect.model_copy(update={"status": EffectStatus.DONE, "result": {"name": NAME}}))
    owed = owe(ledger, an_obligation(tenant))
    move(ledger, owed.model_copy(update={"receipt": Evidence(id="SM77", status="sent", at=NOW)}))
    append(ledger, tenant, "execution-1", "subject-1", NOW, [a_fact(), a_fact(personal={"name": NAME})])
