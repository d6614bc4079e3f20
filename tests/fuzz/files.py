"""Tenant files of any kind: each is loaded or refused with its mistakes, in bounded time."""

import random
from collections.abc import Iterator
from functools import partial

from followthrough.errors import Misconfigured
from followthrough.integration.registry import operations, settings_of
from followthrough.interaction.registry import providers
from followthrough.tenant.load import load
from infra.local.accounts import source
from tests.fuzz.tally import Tally

WHOLE = (
    *(
        "",
        " ",
        "\t",
        "\x00",
        "\ufeff",
        "null",
        "7",
        "[]",
        "{}",
        "- - - -",
        "a: b: c",
        "&a [*a]",
        "? ?",
        "!!python/object:os.system x",
    ),
    *(
        "[" * 5000,
        "{" * 5000,
        "a:\n " * 3000,
        "- " * 3000,
        "%YAML 9.9\n---\n",
        "--- a\n--- b\n",
        "'" * 999,
        '"\\x"',
        "a: |\n" + " x\n" * 9999,
    ),
    "a: &a [x,x,x,x,x,x,x,x,x]\n"
    + "".join(f"{b}: &{b} [{','.join([f'*{a}'] * 9)}]\n" for a, b in zip("abcdefgh", "bcdefghi", strict=True)),
    *(
        "tenant: " + "x" * 100_000,
        "x: y\n" * 5000,
        "<<: *x",
        "a: 1\na: 2",
        "a: 1e9999",
        "a: 0x" + "f" * 5000,
        "a: 9999-99-99",
    ),
)
"""Whole files."""

WORDS = (
    *(
        "",
        "''",
        "null",
        "true",
        "~",
        "-1",
        "0",
        "1e309",
        "[]",
        "{}",
        "=",
        "=(",
        "=1/0",
        "=[1,2].all(x, [3].all(y, true))",
        "={}",
        "='a'+'a'",
    ),
    *(
        "{{",
        "{% if",
        "{{ x | date: 1 }}",
        "2026-02-30",
        "9999 weeks",
        "'\\u0000'",
        "&a",
        "*a",
        "!x y",
        "|",
        ">",
        "%",
        "@",
        "`",
        "\u202e",
        "Ω" * 500,
    ),
)
"""What stands in the place of one value."""


def fuzz(share: float, seed: int) -> Tally:
    """Load this share of all files; return what came of them."""
    chance = random.Random(seed)
    tally = Tally("tenant files")
    for name, text in _files(chance):
        if name.startswith("whole") or chance.random() < share:
            tally.count(name, partial(_loaded, text))
    return tally


def _files(chance: random.Random) -> Iterator[tuple[str, str]]:
    for number, text in enumerate(WHOLE):
        yield f"whole {number}", text
    good = source("brightsmile")
    lines = good.splitlines(keepends=True)
    for number, line in enumerate(lines):
        before, after = "".join(lines[:number]), "".join(lines[number + 1 :])
        yield f"without line {number + 1}", before + after
        yield f"line {number + 1} twice", before + line + line + after
        yield f"line {number + 1} indented", before + "  " + line + after
        key, colon, _ = line.partition(": ")
        if colon:
            word = chance.choice(WORDS)
            yield f"line {number + 1} is {word[:20]!r}", f"{before}{key}: {word}\n{after}"
    for _ in range(200):
        cut = chance.randrange(len(good))
        yield f"cut at {cut}", good[:cut]
        yield f"spoiled at {cut}", good[:cut] + chance.choice("\x00\t:-{}[]'\"&*!|>%@`#,\u202e") + good[cut + 1 :]


def _loaded(text: str) -> str:
    try:
        load(text, operations(), settings_of(), providers())
    except Misconfigured as refusal:
        return "refused" if refusal.problems else "refused without a word"
    return "loaded"
