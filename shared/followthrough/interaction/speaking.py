"""Say something to the customer of an execution that is not over, by the channel that they came by."""

from datetime import timedelta
from typing import Final

from followthrough.engine.case import Case
from followthrough.engine.effects import Deed, Performed, perform
from followthrough.engine.variables import worded
from followthrough.engine.work import Outcome
from followthrough.interaction.registry import CHANNELS
from followthrough.ledger.models import Fact
from followthrough.tenant.ways import way

A_MOMENT: Final = timedelta(minutes=1)
"""How long a customer waits without a word."""

DELAY: Final = "delay"
"""The step under which a customer is told that it takes longer."""


def speak(case: Case, step: str, text: str, fact: Fact, iteration: int = 0) -> Performed | None:
    """Send words, once; `fact` is put on record with them. None where the customer has no address any more."""
    words = CHANNELS[case.context.channel].words(case.interaction.sender, text, None)
    if words is None:
        return None
    system = case.tenant.system_of(case.context.channel)
    sending = way(case.ports.systems.operations()[case.tenant.systems[system].adapter])
    assert sending is not None, "a channel is provided by what sends words"
    return perform(case, Deed(step, system, sending[0], words, iteration=iteration, fact=fact, to_customer=True))


def later(case: Case, seconds: float) -> Outcome:
    """Ask the machine to come back, and tell the customer once that it takes longer, if the tenant has words for it."""
    say = case.tenant.patience.say
    over = case.ports.clock() + timedelta(seconds=seconds) - case.now
    if say is not None and over > A_MOMENT and all(effect.step != DELAY for effect in case.effects()):
        text = worded(case, say)
        reason = f"a system is away or busy, and the customer has waited for longer than {A_MOMENT}"
        fact = Fact(kind="delayed", step=DELAY, outcome="told", reason=reason, personal={"text": text})
        speak(case, DELAY, text, fact)
    return case.later(seconds)
