"""What every Conversations must do; a store's test gives `conversations`, `keys`, `tenant` and `raw`."""

from collections.abc import Callable

import pytest

from followthrough.errors import Conflict, Missing
from followthrough.ledger.stores import Conversations, KeyService
from tests.ledger.samples import CARD, PERSONAL_WORDS, WORDS, an_interaction, at_once


class ConversationsContract:
    def test_accepted_interaction_is_kept_and_in_the_inbox(self, conversations: Conversations, tenant: str) -> None:
        """What was accepted can be read whole, and waits in the conversation's inbox."""
        assert conversations.accept(an_interaction(tenant))
        assert conversations.interaction(tenant, "sms-SM1") == an_interaction(tenant)
        (message,) = conversations.unread(tenant, "subject-1")
        assert (message.interaction, message.text) == ("sms-SM1", WORDS)
        assert message.received_at == an_interaction(tenant).received_at

    def test_redelivery_is_harmless(self, conversations: Conversations, tenant: str) -> None:
        """The same message five times at once is accepted once and is in the inbox once."""
        accepted = at_once(5, lambda _: conversations.accept(an_interaction(tenant)))
        assert accepted.count(True) == 1
        assert len(conversations.unread(tenant, "subject-1")) == 1

    def test_redelivery_after_reading_does_not_fill_the_inbox(self, conversations: Conversations, tenant: str) -> None:
        """A message that comes again when it was taken already stays taken."""
        conversations.accept(an_interaction(tenant))
        conversations.take(tenant, "subject-1", "sms-SM1", "execution-1")
        assert not conversations.accept(an_interaction(tenant))
        assert conversations.unread(tenant, "subject-1") == []

    def test_unknown_interaction_is_missing(self, conversations: Conversations, tenant: str) -> None:
        """Reading or taking what was never accepted raises Missing."""
        conversations.accept(an_interaction(tenant))
        with pytest.raises(Missing):
            conversations.interaction(f"{tenant}-other", "sms-SM1")
        with pytest.raises(Missing):
            conversations.take(tenant, "subject-1", "sms-SM9", "execution-1")
        with pytest.raises(Missing):
            conversations.take(tenant, "subject-2", "sms-SM1", "execution-1")

    def test_inbox_is_in_order_of_arrival(self, conversations: Conversations, tenant: str) -> None:
        """Messages come oldest first, of this subject only."""
        for number in (11, 2, 1):
            conversations.accept(an_interaction(tenant, number))
        conversations.accept(an_interaction(tenant, 5, subject="subject-2"))
        inbox = conversations.unread(tenant, "subject-1")
        assert [message.interaction for message in inbox] == ["sms-SM1", "sms-SM2", "sms-SM11"]

    def test_message_is_taken_by_one_execution(self, conversations: Conversations, tenant: str) -> None:
        """Of eight executions one gets the message, may take it again, and finds it among what it has taken."""
        conversations.accept(an_interaction(tenant))
        took = at_once(8, lambda number: conversations.take(tenant, "subject-1", "sms-SM1", f"execution-{number}"))
        assert took.count(True) == 1
        winner = f"execution-{took.index(True)}"
        assert conversations.take(tenant, "subject-1", "sms-SM1", winner)
        assert [message.taken_by for message in conversations.taken(tenant, "subject-1", winner)] == [winner]
        assert conversations.unread(tenant, "subject-1") == []
        assert conversations.taken(tenant, "subject-1", "execution-99") == []

    def test_conversation_starts_empty(self, conversations: Conversations, tenant: str) -> None:
        """Before anybody entered there is no open execution and no wait."""
        fresh = conversations.conversation(tenant, "subject-1")
        assert (fresh.execution, fresh.tokens, fresh.version) == (None, frozenset(), 0)

    def test_one_execution_is_open(self, conversations: Conversations, tenant: str) -> None:
        """Of eight who enter at once one is in, may enter again, and after it left another can."""
        entered = at_once(8, lambda number: conversations.enter(tenant, "subject-1", f"execution-{number}"))
        assert entered.count(True) == 1
        winner = f"execution-{entered.index(True)}"
        assert conversations.enter(tenant, "subject-1", winner)
        conversations.leave(tenant, "subject-1", "execution-99")
        assert conversations.conversation(tenant, "subject-1").execution == winner
        conversations.leave(tenant, "subject-1", winner)
        assert conversations.enter(tenant, "subject-1", "execution-99")

    def test_token_is_kept_until_it_is_forgotten(self, conversations: Conversations, tenant: str) -> None:
        """A token stored again is there once; forgotten by eight at once, or twice, it is gone."""
        conversations.enter(tenant, "subject-1", "execution-1")
        for _ in range(2):
            conversations.wait(tenant, "subject-1", "execution-1", "token-1")
        assert conversations.conversation(tenant, "subject-1").tokens == {"token-1"}
        at_once(8, lambda _: conversations.forget(tenant, "subject-1", "token-1"))
        conversations.forget(tenant, "subject-1", "token-1")
        assert conversations.conversation(tenant, "subject-1").tokens == set()

    def test_no_wait_takes_another_ones_place(self, conversations: Conversations, tenant: str) -> None:
        """Eight tokens stored at once are all there, an old one stored late too; each is forgotten alone."""
        conversations.enter(tenant, "subject-1", "execution-1")
        at_once(8, lambda number: conversations.wait(tenant, "subject-1", "execution-1", f"token-{number}"))
        conversations.forget(tenant, "subject-1", "token-0")
        conversations.wait(tenant, "subject-1", "execution-1", "token-0")
        assert conversations.conversation(tenant, "subject-1").tokens == {f"token-{number}" for number in range(8)}
        conversations.forget(tenant, "subject-1", "token-7")
        assert conversations.conversation(tenant, "subject-1").tokens == {f"token-{number}" for number in range(7)}

    def test_forgetting_where_nobody_waits(self, conversations: Conversations, tenant: str) -> None:
        """What is not there is not missed, and leaves no trace."""
        conversations.forget(tenant, "subject-1", "token-1")
        assert conversations.conversation(tenant, "subject-1").version == 0
        conversations.enter(tenant, "subject-1", "execution-1")
        conversations.forget(tenant, "subject-1", "token-1")
        assert conversations.conversation(tenant, "subject-1").version == 1

    def test_only_the_open_execution_waits(self, conversations: Conversations, tenant: str) -> None:
        """An execution that is not the open one cannot take over the wait."""
        conversations.enter(tenant, "subject-1", "execution-1")
        for execution, subject in (("execution-2", "subject-1"), ("execution-1", "subject-2")):
            with pytest.raises(Conflict):
                conversations.wait(tenant, subject, execution, "token-1")

    def test_leaving_forgets_the_wait(self, conversations: Conversations, tenant: str) -> None:
        """The next execution does not inherit tokens; leaving where nobody was does nothing."""
        conversations.leave(tenant, "subject-1", "execution-1")
        conversations.enter(tenant, "subject-1", "execution-1")
        conversations.wait(tenant, "subject-1", "execution-1", "token-1")
        conversations.leave(tenant, "subject-1", "execution-1")
        assert conversations.conversation(tenant, "subject-1").tokens == set()

    def test_versions_count_changes(self, conversations: Conversations, tenant: str) -> None:
        """Each change of the conversation is a new version."""
        conversations.enter(tenant, "subject-1", "execution-1")
        conversations.wait(tenant, "subject-1", "execution-1", "token-1")
        assert conversations.conversation(tenant, "subject-1").version == 2

    def test_nothing_personal_is_stored(
        self, conversations: Conversations, tenant: str, raw: Callable[[], str]
    ) -> None:
        """The raw stored items hold neither the words nor the number."""
        conversations.accept(an_interaction(tenant))
        stored = raw()
        assert "sms-SM1" in stored
        assert [word for word in PERSONAL_WORDS if word in stored] == []

    def test_cards_are_masked(self, conversations: Conversations, tenant: str) -> None:
        """Neither the interaction nor the inbox has a card number that a customer sent."""
        conversations.accept(an_interaction(tenant, text=f"use {CARD} cvv 123"))
        expected = "use [card ending 4242] cvv [masked]"
        assert conversations.interaction(tenant, "sms-SM1").text == expected
        assert conversations.unread(tenant, "subject-1")[0].text == expected

    def test_erased_subject_is_empty(self, conversations: Conversations, keys: KeyService, tenant: str) -> None:
        """After an erasure interaction and inbox load without words and number."""
        conversations.accept(an_interaction(tenant))
        keys.erase(tenant, "subject-1")
        read = conversations.interaction(tenant, "sms-SM1")
        assert (read.text, read.sender.phone, read.sender.subject) == ("", None, "subject-1")
        assert conversations.unread(tenant, "subject-1")[0].text == ""
