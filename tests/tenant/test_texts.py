"""What is told by text: how long it becomes, what its provider would not take, and which letters make it dear."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from followthrough.errors import Problem
from followthrough.integration.registry import operations, settings_of
from followthrough.interaction.registry import providers
from followthrough.tenant.load import Loaded, load
from infra.cli.main import app
from infra.local.accounts import source
from tests.tenant.test_mistakes import problems

BRIGHTSMILE = source("brightsmile")


def _load(*changes: tuple[str, str]) -> Loaded:
    text = BRIGHTSMILE
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new, 1)
    return load(text, operations(), settings_of(), providers())


def _parts(path: str, *changes: tuple[str, str]) -> tuple[int, int, str]:
    (found,) = [it for it in _load(*changes).texts if it.path == path]
    return found.characters, found.parts, found.encoding


def _of(changes: tuple[str, str], word: str = "characters") -> list[Problem]:
    return [it for it in _load(changes).warnings if word in it.message]


@pytest.mark.parametrize(
    ("old", "at"),
    [
        ('booked:\n    en: "Booked', "booked"),
        ('which: {en: "', "which"),
        ('  offer:\n    en: "', "offer"),
        ('  quote:\n    en: "', "quote"),
        ('not_done: {en: "', "not_done"),
        ('when: {type: datetime, ask: {en: "', "ask"),
    ],
)
def test_text_that_no_provider_takes(old: str, at: str) -> None:
    """T9: a question, an offer or a confirmation of 1,700 characters told by text is refused at its words."""
    text, (problem,) = problems((old, old + "a" * 1700))
    assert "as a text this has 1,7" in problem.message or at == "offer"
    assert "a text has 1,600 at most: say it shorter" in problem.message
    assert text.split("\n")[problem.line - 1][problem.column :].startswith(("aaaa", "Bookedaaaa"))
    assert at in problem.path


def test_mail_may_be_long() -> None:
    """T9: the same words that are told by mail and notice alone are no mistake."""
    assert problems(('noted: {en: "', 'noted: {en: "' + "a" * 1700))[1] == []


def test_reason_that_is_told_by_text() -> None:
    """T9: a reason of 1,700 characters makes the text too long in which it is told, and that is refused."""
    _, found = problems(('declined: {en: "', 'declined: {en: "' + "a" * 1700))
    assert [it.path for it in found] == ["messages.not_done.en"]


def test_branches_and_loops_at_their_longest() -> None:
    """T9: of several branches the longest counts, and of a loop as many rounds as there are offers."""
    either = "{% if service %}" + "a" * 900 + "{% else %}" + "b" * 800 + "{% endif %}"
    assert problems(('not_done: {en: "', f'not_done: {{en: "{either}'))[1] == []
    both = "{% if service %}" + "a" * 900 + "{% endif %}{% unless service %}" + "b" * 800 + "{% endunless %}"
    assert len(problems(('not_done: {en: "', f'not_done: {{en: "{both}'))[1]) == 1
    listed = "{% for slot in offers %}" + "a" * 600 + "{% endfor %}"
    assert len(problems(('  offer:\n    en: "', f'  offer:\n    en: "{listed}'))[1]) == 1
    single = ("        say: offer\n", "        offer: 1\n        say: offer\n")
    assert problems(single, ('  offer:\n    en: "', f'  offer:\n    en: "{listed}'))[1] == []


def test_what_customers_said_is_warned_of() -> None:
    """T9: words that nobody knows yet may make a text too long: that is warned of and refuses nothing."""
    told = ("We look forward to seeing you.", "You wrote: {{ interaction.text }} " * 5)
    (warning,) = _of(told)
    assert "with names and words of the usual length this text has 1,6" in warning.message
    assert warning.path == "messages.booked.en"


def test_parts_that_are_told() -> None:
    """T9: the length of a text counts its dates, amounts, titles and references at their longest."""
    assert _parts("messages.booked.en") == (len(
        "Booked: Emergency visit, Wednesday, September 23, 2026, 10:58 PM. $99,999.99 paid, thank you. "
        "We look forward to seeing you. Ref. XXXXXXXX."
    ), 1, "GSM-7")  # fmt: skip
    assert _parts("messages.quote.es")[2] == "UCS-2"


def test_smart_quote_that_doubles_the_parts() -> None:
    """T9: one letter of a word processor that makes 3 parts of 1 is pointed out with what to write instead."""
    change = ("thank you. We look", "thank you. It\u2019s a pleasure \u2013 we look")
    assert _parts("messages.booked.en", change)[1:] == (3, "UCS-2")
    (warning,) = _of(change, "makes a text of")
    said = "`\u2019` makes a text of 3 parts out of one of 1: write `'` for `\u2019`, `-` for `\u2013`"
    assert (warning.path, warning.message) == ("messages.booked.en", said)
    line = BRIGHTSMILE.replace(*change).split("\n")[warning.line - 1]
    assert line[warning.column - 1] == "\u2019"


def test_smart_quote_that_costs_nothing() -> None:
    """T9: where the language's own letters need the larger alphabet anyway, a quote is nobody's business."""
    assert _of(("Le esperamos. Ref.", "Le \u201cesperamos\u201d. Ref."), "makes a text of") == []


def test_smart_quote_in_a_name_that_is_shown() -> None:
    """T9: a letter of the tenant's name that makes its texts longer is warned of where the name is shown."""
    warnings = _of(("name: Bright Smile Dental", "name: Bright Smile\u2019s"), "makes a text of")
    assert [it.path for it in warnings] == ["messages.which_service.en", "messages.which_service.es"]
    assert "a letter of what is shown here makes a text of 2 parts" in warnings[0].message


def test_the_command_tells_parts(tmp_path: Path) -> None:
    """T9: `validate` says of each text in how many parts it is sent, and so does its JSON."""
    path = tmp_path / "tenant.yaml"
    path.write_text(BRIGHTSMILE)
    printed = CliRunner().invoke(app, ["validate", str(path)]).output
    assert f"{path}: messages.not_done.en: 482 characters, sent in 4 parts (GSM-7)" in printed
    told = json.loads(CliRunner().invoke(app, ["validate", str(path), "--json"]).output)
    assert {"path": "messages.booked.en", "encoding": "GSM-7", "characters": 139, "parts": 1} in told["texts"]
