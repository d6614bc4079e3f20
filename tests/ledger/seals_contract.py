"""What every Seals with its Chains must do; a store's test gives `seals`, `chains`, `ledger` and `tenant`."""

from datetime import timedelta

from followthrough.ledger.seals import Chains, Seal, Seals, seal
from followthrough.ledger.stores import Ledger
from followthrough.ledger.verification import Sealed, read_seals, verify
from tests.ledger.samples import NOW, a_fact, at_once
from tests.ledger.writing import append

HOUR = timedelta(hours=1)


def write(ledger: Ledger, tenant: str, execution: str, hours: int = 0, entries: int = 1) -> None:
    append(ledger, tenant, execution, "subject-1", NOW + hours * HOUR, [a_fact()] * entries)


def sealed(seals: Seals, tenant: str) -> Sealed:
    return read_seals(tenant, seals.read(tenant))


class SealsContract:
    def test_an_hour_is_sealed_when_it_is_over(self, seals: Seals, chains: Chains, ledger: Ledger, tenant: str) -> None:
        """The seal names the last entry of every chain of that hour, of this tenant alone."""
        write(ledger, tenant, "execution-1", entries=3)
        write(ledger, f"{tenant}-other", "execution-9")
        made = seal(chains, seals, tenant, NOW + HOUR)
        assert made is not None
        assert (made.hour, made.previous) == ("2026-11-22T15", "")
        last = ledger.trace(tenant, "execution-1")[-1]
        assert [(one.execution, one.sequence, one.hash) for one in made.chains] == [("execution-1", 3, last.hash)]
        assert seals.latest(tenant) == made

    def test_sealing_twice_is_sealing_once(self, seals: Seals, chains: Chains, ledger: Ledger, tenant: str) -> None:
        """Whoever comes second in an hour, or at the same moment, changes nothing."""
        write(ledger, tenant, "execution-1")
        made = at_once(4, lambda _: seal(chains, seals, tenant, NOW + HOUR))
        assert sum(one is not None for one in made) == 1
        assert seal(chains, seals, tenant, NOW + HOUR) is None
        assert len(seals.read(tenant)) == 1

    def test_seals_follow_from_each_other(self, seals: Seals, chains: Chains, ledger: Ledger, tenant: str) -> None:
        """Each seal holds the hash of the one before, also over an hour in which nothing happened."""
        write(ledger, tenant, "execution-1")
        first, empty = (seal(chains, seals, tenant, NOW + hours * HOUR) for hours in (1, 2))
        assert first is not None
        assert empty is not None
        assert (empty.previous, empty.since, empty.chains) == (first.hash, "2026-11-22T16", [])
        assert sealed(seals, tenant).problems == []

    def test_missed_hours_are_caught_up(self, seals: Seals, chains: Chains, ledger: Ledger, tenant: str) -> None:
        """After hours without a run, one seal covers them all and leaves no gap."""
        write(ledger, tenant, "execution-1")
        seal(chains, seals, tenant, NOW + HOUR)
        for hours in (1, 3):
            write(ledger, tenant, f"execution-{hours + 1}", hours)
        late = seal(chains, seals, tenant, NOW + 5 * HOUR)
        assert late is not None
        assert (late.since, late.hour) == ("2026-11-22T16", "2026-11-22T19")
        assert [one.execution for one in late.chains] == ["execution-2", "execution-4"]
        assert sealed(seals, tenant).problems == []

    def test_what_came_late_in_an_hour_is_in_the_next_seal(
        self, seals: Seals, chains: Chains, ledger: Ledger, tenant: str
    ) -> None:
        """An entry that was not listed yet when its hour was sealed is found an hour later; no other is repeated."""
        write(ledger, tenant, "execution-1")
        write(ledger, tenant, "execution-2")
        seal(chains, seals, tenant, NOW + HOUR)
        write(ledger, tenant, "execution-1")
        made = seal(chains, seals, tenant, NOW + 2 * HOUR)
        assert made is not None
        assert [(one.execution, one.sequence) for one in made.chains] == [("execution-1", 2)]

    def test_seals_from_an_hour_on(self, seals: Seals, chains: Chains, ledger: Ledger, tenant: str) -> None:
        """An auditor of one day need not read the years before."""
        write(ledger, tenant, "execution-1")
        for hours in (1, 2, 3):
            seal(chains, seals, tenant, NOW + hours * HOUR)
        assert [one.hour for one in seals.read(tenant, "2026-11-22T16")] == ["2026-11-22T16", "2026-11-22T17"]
        assert seals.read(f"{tenant}-other") == []

    def test_a_seal_holds_hashes_only(self, seals: Seals, chains: Chains, ledger: Ledger, tenant: str) -> None:
        """What leaves for another account names executions, hashes and hours, and nothing of what was done."""
        write(ledger, tenant, "execution-1")
        seal(chains, seals, tenant, NOW + HOUR)
        (kept,) = seals.read(tenant)
        assert set(Seal.model_validate_json(kept.text).model_dump()["chains"][0]) == {"execution", "sequence", "hash"}
        assert not any(word in kept.text for word in ("subject", "decided", "identify"))

    def test_a_sealed_chain_verifies(self, seals: Seals, chains: Chains, ledger: Ledger, tenant: str) -> None:
        """A chain that grew after its seal is sound, and vouched for as far as the seal reaches."""
        write(ledger, tenant, "execution-1", entries=4)
        seal(chains, seals, tenant, NOW + HOUR)
        write(ledger, tenant, "execution-1", 1)
        verdict = verify("execution-1", ledger.trace(tenant, "execution-1"), sealed(seals, tenant))
        assert (verdict.fault, verdict.entries, verdict.sealed) == (None, 5, 4)
