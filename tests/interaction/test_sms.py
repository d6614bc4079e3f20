"""A text is kept before anything else, once however often it comes, and started or handed to whoever waits."""

import pytest

from followthrough.errors import Forged
from followthrough.interaction.reception import receive
from followthrough.interaction.sms import SMS
from tests.workbench.bench import MAYA, OMAR, Bench
from tests.workbench.watched import Reaper, watched
from tests.workbench.world import TENANT, World

CLEANING = "I'd like a cleaning next Wednesday at 3 pm"
SID = "SM" + "1" * 32


def test_same_message_five_times(bench: Bench) -> None:
    """One message delivered five times is one interaction, one execution and one answer."""
    for _ in range(5):
        bench.text(MAYA, CLEANING, message=SID)
    assert len(bench.conversations.interactions) == 1
    assert len(bench.contexts()) == 1
    assert len(bench.heard(MAYA)) == 1


def test_late_redelivery_is_no_answer(bench: Bench) -> None:
    """A message that comes again while its own question waits does not answer it."""
    bench.text(MAYA, "yes", message=SID)
    asked = bench.heard(MAYA)
    bench.text(MAYA, "yes", message=SID)
    assert bench.heard(MAYA) == asked
    assert bench.context().answers == {"service": ["again"]}


def test_redelivery_after_the_end_starts_nothing(bench: Bench) -> None:
    """A message that comes again after its execution has closed is nothing new."""
    bench.text(MAYA, CLEANING, message=SID)
    bench.text(MAYA, "yes")
    assert bench.text(MAYA, CLEANING, message=SID) == []
    assert len(bench.contexts()) == 1


def test_two_messages_with_the_same_words(bench: Bench) -> None:
    """The same words in two messages are two messages."""
    bench.text(MAYA, CLEANING, settle=False)
    bench.text(MAYA, CLEANING, settle=False)
    assert len(bench.conversations.interactions) == 2


def test_customer_is_known_by_number_and_tenant(bench: Bench) -> None:
    """One number is one subject, another number another."""
    for number in (MAYA, MAYA, OMAR):
        bench.text(number, "hello", settle=False)
    subjects = {bench.conversations.interaction(*key).sender.subject for key in bench.conversations.interactions}
    assert len(subjects) == 2


@pytest.mark.parametrize("at", range(3))
def test_death_after_it_was_kept_loses_nothing(here: World, at: int) -> None:
    """Wherever ingress dies after keeping the text, the next delivery of it or of another text starts it."""
    reaper = Reaper(at, of=("conversations.enter", "ledger.open", "machines.start"))
    bench = Bench(here, wrap=lambda ports: watched(ports, reaper))
    bench.text(MAYA, "I'd like a cleaning", message=SID)
    assert bench.heard(MAYA) == []
    bench.text(MAYA, "next Wednesday at 3 pm")
    assert [context.execution for context in bench.contexts()] == [bench.execution(SID)]
    assert "3:00" in bench.heard(MAYA)[-1]


def test_failed_start_is_no_refusal(here: World) -> None:
    """A text that is kept but cannot be started is accepted all the same; redelivery starts it."""
    broken = ["machines.start"]

    def watch(point: str, _argument: object) -> None:
        if point == "before machines.start" and broken:
            broken.pop()
            raise RuntimeError("Step Functions is away")

    bench = Bench(here, wrap=lambda ports: watched(ports, watch))
    assert bench.text(MAYA, CLEANING, message=SID) == []
    assert len(bench.conversations.interactions) == 1
    assert "Shall we book it" in bench.text(MAYA, CLEANING, message=SID)[-1]


def test_forged_text_leaves_no_trace(bench: Bench) -> None:
    """What is refused is not kept, under no number."""
    post = bench.post("sms", {"MessageSid": SID, "From": MAYA, "To": OMAR, "Body": "hi"})
    with pytest.raises(Forged):
        receive(SMS, type(post)(TENANT, post.url + "/x", post.headers, post.body), bench.ports, bench.secrets)
    assert bench.conversations.interactions == {}


def test_card_number_is_masked_before_it_is_kept(bench: Bench) -> None:
    """A card number in a text is nowhere in what is stored, nor in what is told."""
    bench.text(MAYA, "I'd like a cleaning, my card is 4242 4242 4242 4242")
    subject = bench.context().subject
    words = [it.text for it in bench.conversations.taken(TENANT, subject, bench.context().execution)]
    assert words
    everything = [*words, str(bench.trace()), str(bench.context())]
    assert not any("4242 4242 4242" in text for text in everything)
