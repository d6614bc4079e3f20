"""No file takes long or much memory to check, whatever is in it, and no expression does when it is evaluated.

Work is counted in calls of functions, which are the same on every machine: a million of them take about a second.
"""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from followthrough.tenant.complaints import Mistake
from followthrough.tenant.expressions import LONGEST_TEXT, MOST_LETTERS, NotEvaluated, compile_expression, evaluate
from followthrough.tenant.home import Home
from followthrough.tenant.positions import LARGEST
from followthrough.tenant.shape import MOST_TOLD
from followthrough.tenant.types import Many, Plain, Scope, record
from infra.local.accounts import source

ROOT = Path(__file__).parents[2]
BRIGHTSMILE = source("brightsmile")
CLEANING = BRIGHTSMILE.split("services:\n")[1].split("\n  emergency:")[0]
MOST_CALLS = 4_000_000
MOST_MEGABYTES = 256
TEN = "[1,2,3,4,5,6,7,8,9,0]"
NESTED = f"{TEN}.all(a,{TEN}.all(b,{TEN}.all(c,{TEN}.all(d,{TEN}.all(e,true)))))"


def _instead(old: str, new: str) -> str:
    assert old in BRIGHTSMILE
    return BRIGHTSMILE.replace(old, new, 1)


def _after(old: str, new: str) -> str:
    return _instead(old, old + new)


def _rule(expression: str) -> str:
    return _instead("when: '=patient.status == \"blocked\"'", f"when: '={expression}'")


def _services(many: int, old: str, new: str) -> str:
    """As many services, each with something of its own."""
    made = (CLEANING.replace("cleaning:", f"c{number}:", 1).replace(old, new, 1) for number in range(many))
    return BRIGHTSMILE.replace(CLEANING, "\n".join(made))


def _refusal(part: str, value: object) -> str:
    return f"          - {{when: '=patient.{part} == \"{value}\"', refuse: not_agreed}}\n"


RULES = "        rules:\n"
ASKED = '      i{}: {{type: text, ask: {{en: "a", es: "b"}}}}\n'
PARTS = ("tier", "name", "id", "phone", "email", "status")
PAIRS = [(f"{one} != patient.{other} || patient.{one}", other) for one in PARTS for other in PARTS]
FILES = {
    "the real one": (BRIGHTSMILE, ""),
    "nested loops": (_rule(NESTED), "takes more steps"),
    "doubling by map": (_rule('["' + "x" * 90 + '"]' + ".map(x,x+x)" * 25 + ".size()>0"), "neither add up"),
    "doubling by exists": (
        _rule('["' + "x" * 90 + '"]' + "".join(f".exists(a{n},[a{n}+a{n}]" for n in range(8)) + "==[]" + ")" * 8),
        "neither add up",
    ),
    "lists of lists": (_rule("[1]" + ".map(x,[x,x])" * 25 + ".size()>0"), "neither add up"),
    "unknown keys": (BRIGHTSMILE + "\n".join(f"key{n}: 1" for n in range(18_000)), "`key0` is not known here"),
    "keys of a step": (_after("      - act: hold\n", "".join(f"        k{n}: 1\n" for n in range(11_000))), "`k0` is"),
    "the same key": (BRIGHTSMILE + "a: 1\n" * 30_000, "said twice"),
    "languages": (_instead("[en, es]", f"[en, es, {', '.join(f'a{n}' for n in range(15_000))}]"), "at most 10"),
    "systems": (_after("systems:\n", "".join(f"  s{n}: {{adapter: twillio}}\n" for n in range(6_000))), "at most 30"),
    "operators": (_after("operators:\n", "".join(f"  o{n}: {{topic: a}}\n" for n in range(8_000))), "at most 30"),
    "confirmations": (_after("otherwise:\n", "  - {tell: desk, by: [notices], say: not_done}\n" * 3_500), "at most 20"),
    "inputs": (_after("    inputs:\n", "".join(ASKED.format(n) for n in range(4_000))), "at most 20"),
    "keywords": (_after("keywords: [", ", ".join(f"k{n}" for n in range(20_000)) + ", "), "at most 200"),
    "values": (_instead("{slot: =slot}", "{" + ", ".join(f"k{n}: =slot" for n in range(10_000)) + "}"), ""),
    "surprises": (_after("keywords: [", "yes, " * 30_000), "`yes` without quotes"),
    "aliases": (_after("keywords: [", "*a, " * 30_000), "refers to another place"),
    "deep": ("a: " + "[" * 200_000, "nested more than"),
    "templates": (
        _after("messages:\n", "".join(f'  m{n}: {{en: "{"{{a|upcase}}" * 160}", es: b}}\n' for n in range(90))), ""
    ),
    "rules": (_services(36, RULES, RULES + "".join(_refusal("tier", n) for n in range(45))), ""),
    "rules of many variables": (_services(36, RULES, RULES + "".join(_refusal(*each) for each in PAIRS)), ""),
}  # fmt: skip


@pytest.mark.parametrize("case", FILES)
def test_checking_takes_neither_long_nor_much(case: str) -> None:
    """T14: the worst files of the allowed size are answered within a bounded amount of work and of memory."""
    text, said = FILES[case]
    assert len(text.encode()) <= LARGEST
    took = _measured(text)
    assert said in took["first"]
    assert bool(said) <= bool(took["problems"])
    assert took["problems"] <= MOST_TOLD + 1
    assert took["calls"] < MOST_CALLS
    assert took["megabytes"] < MOST_MEGABYTES


def _measured(text: str) -> dict[str, Any]:
    done = subprocess.run(
        [sys.executable, "-m", "tests.tenant.measured"],
        input=text.encode(),
        cwd=ROOT,
        env={"PYTHONPATH": f"{ROOT}:{ROOT / 'shared'}"},
        stdout=subprocess.PIPE,
        check=True,
    )
    took: dict[str, Any] = json.loads(done.stdout)
    return took


HOME = Home("USD", "America/Chicago")
SCOPE: Scope = {"guest": record("guest", {"name": Plain.TEXT}), "words": Many(Plain.TEXT), "others": Many(Plain.TEXT)}


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("=words == others", {"words": ["x" * LONGEST_TEXT] * 11, "others": ["x" * LONGEST_TEXT]}),
        ("=words.all(word, words.all(other, words == others))", dict.fromkeys(("words", "others"), ["x" * 900] * 100)),
        ("=" + "+".join(["guest.name"] * 20), {"guest": {"name": "x" * LONGEST_TEXT}}),
        ("=words.all(a, words.all(b, words.all(c, a == c)))", {"words": ["x"] * 100}),
    ],
)
def test_what_systems_give_is_bounded(text: str, values: dict[str, Any]) -> None:
    """T14: what an expression looks at, what it gives and how often it goes round is bounded, whatever systems gave."""
    with pytest.raises(NotEvaluated):
        evaluate(text, SCOPE, values, HOME)


def test_what_is_looked_at_every_day_is_not() -> None:
    """T14: loops over what a system gave, and sums outside of loops, work as they did."""
    words = ["x" * 900] * (MOST_LETTERS // 900)
    assert evaluate('=words.exists(word, word.startsWith("x"))', SCOPE, {"words": words}, HOME) is True
    assert evaluate('=guest.name + "!"', SCOPE, {"guest": {"name": "Ana"}}, HOME) == "Ana!"
    assert evaluate('=words.all(word, word != "[a + b]")', SCOPE, {"words": ["a"]}, HOME) is True
    assert evaluate('=["a", "b"].exists(word, word == guest.name)', SCOPE, {"guest": {"name": "b"}}, HOME) is True


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("=words.map(word, word + word)", 21),
        ("=words.filter( word , [word] == words)", 21),
        ('=words.exists(word, {"a": word} == {})', 19),
        ('=words . all(word, true) && guest.name + guest.name == ""', 38),
    ],
)
def test_what_could_grow_is_refused_at_its_place(text: str, at: int) -> None:
    """T14: a sum or a list of variables in an expression that loops is refused where it stands."""
    with pytest.raises(Mistake, match="neither add up nor make another list") as caught:
        compile_expression(text, SCOPE, HOME)
    assert caught.value.offset == at
