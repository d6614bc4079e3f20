"""What every agenda does: it knows what is not finished, by when somebody has to look at it."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import NamedTuple

import pytest

from followthrough.ledger.due import IDLE, UNREAD, Due, DueExecution, DueMessage
from followthrough.ledger.models import Status
from followthrough.ledger.stores import Agenda, Conversations, Ledger
from tests.ledger.samples import NOW, HandClock, a_context, an_interaction, at_once
from tests.ledger.writing import save

LATE = NOW + timedelta(hours=1)


class Kept(NamedTuple):
    """An agenda, and the stores that it goes by."""

    agenda: Agenda
    ledger: Ledger
    conversations: Conversations


class AgendaContract:
    @pytest.fixture
    def clock(self) -> HandClock:
        return HandClock()

    @pytest.fixture
    def listed(self, kept: Kept, tenant: str) -> Callable[[datetime], list[Due]]:
        """What of the test's tenant falls due before a moment, earliest first."""
        return lambda before: sorted(
            (it for it in kept.agenda.due(before) if it.tenant == tenant), key=lambda it: it.at
        )

    def test_executions_fall_due_by_when_they_were_saved(
        self, kept: Kept, tenant: str, clock: HandClock, listed: Callable[[datetime], list[Due]]
    ) -> None:
        """What is open, and what has ended but not closed, falls due two minutes after its last save, until closed."""
        for number in range(4):
            kept.ledger.open(a_context(tenant, f"execution-{number}"))
        for minutes, number in enumerate((2, 0, 1), 1):
            clock.now = NOW + timedelta(minutes=minutes)
            status = Status.OPEN if number else Status.COMPLETED
            save(kept.ledger, kept.ledger.load(tenant, f"execution-{number}").model_copy(update={"status": status}))
        order = ["execution-3", "execution-2", "execution-0", "execution-1"]
        found = listed(LATE)
        assert [it.execution for it in found if isinstance(it, DueExecution)] == order
        assert [it.at for it in found] == [NOW + IDLE + timedelta(minutes=minutes) for minutes in range(4)]
        assert listed(found[2].at) == found[:2]
        save(kept.ledger, kept.ledger.load(tenant, "execution-0").model_copy(update={"closed_at": clock.now}))
        assert listed(LATE) == [found[0], found[1], found[3]]

    def test_messages_fall_due_until_they_are_taken(
        self, kept: Kept, tenant: str, listed: Callable[[datetime], list[Due]]
    ) -> None:
        """Messages of all conversations fall due half a minute after they came."""
        for number, subject in ((3, "subject-1"), (1, "subject-2"), (2, "subject-1")):
            kept.conversations.accept(an_interaction(tenant, number, subject=subject))
        found = [it for it in listed(LATE) if isinstance(it, DueMessage)]
        assert [(it.subject, it.interaction) for it in found] == [
            ("subject-2", "sms-SM1"),
            ("subject-1", "sms-SM2"),
            ("subject-1", "sms-SM3"),
        ]
        assert found[0].received_at == NOW + timedelta(seconds=1)
        assert [it.at - it.received_at for it in found] == [UNREAD] * 3
        kept.conversations.take(tenant, "subject-1", "sms-SM2", "execution-1")
        assert listed(LATE) == [found[0], found[2]]
        assert listed(found[0].at) == []

    def test_all_tenants_are_in_it(self, kept: Kept, tenant: str) -> None:
        """One reading serves the whole stage."""
        for name in (tenant, f"{tenant}-other"):
            kept.ledger.open(a_context(name))
        assert {it.tenant for it in kept.agenda.due(LATE)} >= {tenant, f"{tenant}-other"}

    def test_what_is_postponed_falls_due_then(
        self, kept: Kept, tenant: str, listed: Callable[[datetime], list[Due]]
    ) -> None:
        """Later or sooner, and a message as well as an execution."""
        kept.ledger.open(a_context(tenant))
        kept.conversations.accept(an_interaction(tenant, 1))
        for one in listed(LATE):
            later = kept.agenda.postpone(one, LATE)
            assert later is not None
            assert later == one.model_copy(update={"at": LATE})
            assert one not in listed(LATE)
            assert later in listed(LATE + IDLE)
            assert kept.agenda.postpone(later, NOW) is not None
        assert [it.at for it in listed(LATE)] == [NOW, NOW]

    def test_what_changed_since_is_left_alone(
        self, kept: Kept, tenant: str, clock: HandClock, listed: Callable[[datetime], list[Due]]
    ) -> None:
        """Who has an older list does not undo a save, a closing or a taking, nor have it fall due again."""
        for number in range(2):
            kept.ledger.open(a_context(tenant, f"execution-{number}"))
        kept.conversations.accept(an_interaction(tenant, 1))
        found = listed(LATE)
        clock.now = NOW + timedelta(minutes=5)
        saved = save(kept.ledger, kept.ledger.load(tenant, "execution-0"))
        save(kept.ledger, kept.ledger.load(tenant, "execution-1").model_copy(update={"closed_at": clock.now}))
        kept.conversations.take(tenant, "subject-1", "sms-SM1", "execution-1")
        assert [kept.agenda.postpone(it, LATE) for it in found] == [None] * 3
        assert [it.at for it in listed(LATE)] == [clock.now + IDLE]
        assert kept.ledger.load(tenant, "execution-0").version == saved.version

    def test_one_of_many_postpones(self, kept: Kept, tenant: str, listed: Callable[[datetime], list[Due]]) -> None:
        """Of eight with the same list one gets it, and a save of a context that was read before still holds."""
        kept.ledger.open(a_context(tenant))
        read = kept.ledger.load(tenant, "execution-1")
        (one,) = listed(LATE)
        took = at_once(8, lambda number: kept.agenda.postpone(one, LATE + number * IDLE))
        assert [it is None for it in took].count(False) == 1
        assert save(kept.ledger, read).version == read.version + 1
