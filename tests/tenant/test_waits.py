"""A question that may be answered after what was held for it is gone is warned of, and refuses nothing."""

import pytest

from followthrough.errors import Problem
from followthrough.integration.registry import operations, settings_of
from followthrough.interaction.registry import providers
from followthrough.tenant.load import load
from infra.local.accounts import source

BRIGHTSMILE = source("brightsmile")
ANSWERED = 'say: quote\n        wait: "15 minutes"'


def _warned(*changes: tuple[str, str]) -> list[tuple[str, Problem]]:
    """Return the warnings that say how long something is held, each with the text at its place."""
    text = BRIGHTSMILE
    for old, new in changes:
        assert old in text
        text = text.replace(old, new, 1)
    lines = text.split("\n")
    loaded = load(text, operations(), settings_of(), providers())
    return [(lines[it.line - 1][it.column - 1 :], it) for it in loaded.warnings if "is held for" in it.message]


def test_held_as_long_as_it_is_asked_for() -> None:
    """A question that is open for as long as the slot is held is fine."""
    assert _warned() == []


@pytest.mark.parametrize(
    ("change", "at", "said"),
    [
        ((ANSWERED, ANSWERED.replace("15 minutes", "2 days")), '"2 days"', "for 15 minutes, and by this answer 2 days"),
        ((ANSWERED, "say: quote"), "ask: agreed", "for 15 minutes, and by this answer 1 day may"),
        (("{event_type: 1201}", "{event_type: 1201, hold_minutes: 10}"), '"15 minutes"', "is held for 10 minutes"),
    ],
)
def test_answered_after_the_hold_is_gone(change: tuple[str, str], at: str, said: str) -> None:
    """T8: "2 days" to answer at a hold of 15 minutes is warned of at the wait, by what the tenant's calendar holds."""
    where, warning = _warned(change)[0]
    assert where.startswith(at)
    assert said in warning.message


def test_two_questions_at_one_hold() -> None:
    """T8: two questions of ten minutes each outlast a hold of fifteen, at the second one."""
    first = ANSWERED.replace("15 minutes", "10 minutes")
    second = f"- ask: sure\n        type: yes/no\n        {first}\n        if no: {{refuse: not_agreed}}\n      "
    (warned,) = _warned((ANSWERED, first), ("- act: payment", f"{second}- act: payment"))
    assert warned[1].path == "services.cleaning.steps[8].wait"


def test_question_after_the_hold_was_used() -> None:
    """What is asked when the booking is made waits for nothing that is held."""
    late = "- ask: review\n        type: yes/no\n        say: quote\n        if no: {refuse: not_agreed}\n      "
    assert _warned(("- act: note", f"{late}- act: note")) == []
