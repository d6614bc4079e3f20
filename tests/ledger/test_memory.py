"""The in-memory stores pass the contracts."""

from collections.abc import Callable

import pytest

from followthrough.ledger.memory import MemoryAgenda, MemoryConversations, MemoryKeys, MemoryLedger, MemorySubjects
from followthrough.routing.memory import MemoryReleases
from tests.ledger.agenda_contract import AgendaContract, Kept
from tests.ledger.contract import LedgerContract
from tests.ledger.conversations_contract import ConversationsContract
from tests.ledger.finding_contract import FindingContract
from tests.ledger.people_contract import KeysContract, SubjectsContract
from tests.ledger.releases_contract import ReleasesContract
from tests.ledger.samples import HandClock


@pytest.fixture
def tenant() -> str:
    return "brightsmile"


@pytest.fixture
def keys() -> MemoryKeys:
    return MemoryKeys()


class TestMemoryLedger(LedgerContract):
    @pytest.fixture
    def ledger(self, keys: MemoryKeys) -> MemoryLedger:
        return MemoryLedger(keys)

    @pytest.fixture
    def raw(self, ledger: MemoryLedger) -> Callable[[], str]:
        return lambda: repr(vars(ledger))


class TestMemoryFinding(FindingContract):
    @pytest.fixture
    def ledger(self, keys: MemoryKeys, clock: HandClock) -> MemoryLedger:
        return MemoryLedger(keys, clock=clock)


class TestMemoryConversations(ConversationsContract):
    @pytest.fixture
    def conversations(self, keys: MemoryKeys) -> MemoryConversations:
        return MemoryConversations(keys)

    @pytest.fixture
    def raw(self, conversations: MemoryConversations) -> Callable[[], str]:
        return lambda: repr(vars(conversations))


class TestMemoryAgenda(AgendaContract):
    @pytest.fixture
    def kept(self, keys: MemoryKeys, clock: HandClock) -> Kept:
        agenda = MemoryAgenda()
        return Kept(agenda, MemoryLedger(keys, agenda=agenda, clock=clock), MemoryConversations(keys, agenda))


class TestMemoryKeys(KeysContract):
    pass


class TestMemorySubjects(SubjectsContract):
    @pytest.fixture
    def subjects(self) -> MemorySubjects:
        return MemorySubjects()

    @pytest.fixture
    def raw(self, subjects: MemorySubjects) -> Callable[[], str]:
        return lambda: repr(vars(subjects))


class TestMemoryReleases(ReleasesContract):
    @pytest.fixture
    def releases(self) -> MemoryReleases:
        return MemoryReleases()
