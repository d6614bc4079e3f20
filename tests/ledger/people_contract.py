"""What every KeyService and every Subjects must do; a store's test gives `keys`, `subjects`, `tenant` and `raw`."""

from collections.abc import Callable

from followthrough.ledger.ports import KeyService, Subjects
from tests.ledger.samples import PHONE, at_once


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

    def test_address_is_not_stored(self, subjects: Subjects, tenant: str, raw: Callable[[], str]) -> None:
        """The raw items do not list phone numbers."""
        subject = subjects.subject(tenant, PHONE)
        stored = raw()
        assert subject in stored
        assert PHONE[1:] not in stored
