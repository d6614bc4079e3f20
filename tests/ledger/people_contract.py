"""What every KeyService and every Subjects must do; a store's test gives `keys`, `subjects`, `tenant` and `raw`."""

import re
from collections.abc import Callable
from typing import Protocol

from followthrough.ledger.erasure import People
from followthrough.ledger.stores import KeyService, Subjects
from tests.ledger.samples import PHONE, at_once


class ErasableSubjects(Subjects, People, Protocol):
    """What both stores are: for who comes in, and for who is erased."""


class KeysContract:
    def test_key_is_made_once(self, keys: KeyService, tenant: str) -> None:
        """A subject's key has 32 bytes and stays the same; another subject or tenant has another."""
        key = keys.key(tenant, "subject-1")
        assert key is not None
        assert len(key) == 32
        assert keys.key(tenant, "subject-1") == key
        assert key not in (keys.key(tenant, "subject-2"), keys.key(f"{tenant}-other", "subject-1"))

    def test_first_uses_at_once_agree(self, keys: KeyService, tenant: str) -> None:
        """Eight concurrent first uses get one key."""
        assert len(set(at_once(8, lambda _: keys.key(tenant, "subject-1")))) == 1

    def test_erased_key_stays_gone(self, keys: KeyService, tenant: str) -> None:
        """After an erasure there is no key, however often it is asked for or erased."""
        keys.key(tenant, "subject-1")
        keys.erase(tenant, "subject-1")
        keys.erase(tenant, "subject-1")
        assert keys.key(tenant, "subject-1") is None
        assert keys.key(tenant, "subject-2") is not None

    def test_erasure_before_first_use(self, keys: KeyService, tenant: str) -> None:
        """A subject that is erased before it ever had a key gets none afterwards."""
        keys.erase(tenant, "subject-1")
        assert keys.key(tenant, "subject-1") is None


class SubjectsContract:
    def test_address_has_one_subject(self, subjects: Subjects, tenant: str) -> None:
        """The same address is the same subject within a tenant, also when asked for by eight at once."""
        found = set(at_once(8, lambda _: subjects.subject(tenant, PHONE)))
        assert len(found) == 1
        assert subjects.subject(tenant, PHONE) in found

    def test_subjects_differ(self, subjects: Subjects, tenant: str) -> None:
        """Other addresses and other tenants have other subjects."""
        asked = [(tenant, PHONE), (tenant, "+13125550189"), (f"{tenant}1", PHONE), (tenant, f"1{PHONE}")]
        assert len({subjects.subject(*one) for one in asked}) == len(asked)

    def test_asking_makes_nobody(self, subjects: ErasableSubjects, tenant: str) -> None:
        """Whoever only wants to know whether an address is known does not make it so."""
        assert subjects.known(tenant, PHONE) is None
        subject = subjects.subject(tenant, PHONE)
        assert subjects.known(tenant, PHONE) == subject
        assert subjects.known(f"{tenant}-other", PHONE) is None

    def test_forgotten_address_comes_back_as_somebody_else(self, subjects: ErasableSubjects, tenant: str) -> None:
        """After an erasure the same number is a new subject, which erasing the old one again leaves alone."""
        old, other = subjects.subject(tenant, PHONE), subjects.subject(tenant, "+13125550189")
        subjects.forget(tenant, old)
        subjects.forget(tenant, old)
        assert subjects.known(tenant, PHONE) is None
        new = subjects.subject(tenant, PHONE)
        assert new not in (old, other)
        subjects.forget(tenant, old)
        assert subjects.known(tenant, PHONE) == new
        assert subjects.known(tenant, "+13125550189") == other

    def test_forgetting_leaves_no_way_back(
        self, subjects: ErasableSubjects, tenant: str, raw: Callable[[], str]
    ) -> None:
        """Not even the hash of the address stays: who has the pepper cannot try out numbers on the erased."""
        subject = subjects.subject(tenant, PHONE)
        (lookup,) = set(re.findall("[0-9a-f]{64}", raw()))
        subjects.forget(tenant, subject)
        assert lookup not in raw()

    def test_address_is_not_stored(self, subjects: Subjects, tenant: str, raw: Callable[[], str]) -> None:
        """The raw items do not list phone numbers."""
        subject = subjects.subject(tenant, PHONE)
        stored = raw()
        assert subject in stored
        assert PHONE[1:] not in stored
