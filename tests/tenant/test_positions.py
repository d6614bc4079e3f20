"""Reading YAML: exact, placed, and without surprises."""

from decimal import Decimal

import pytest
from hypothesis import given, strategies as st

from followthrough.tenant.positions import LARGEST, read


def complaint(text: str) -> tuple[int, int, str]:
    """Return the place and words of the only problem of a text."""
    (problem,) = read(text).problems
    return problem.line, problem.column, problem.message


def test_plain_data() -> None:
    """Scalars are read as people mean them, and decimals stay exact."""
    document = read('a: 90.10\nb: [1, -2, true, false, word, "90.10", null]\nc: {type: yes/no, if no: x, no: z}\n')
    assert document.problems == []
    assert document.data == {
        "a": Decimal("90.10"),
        "b": [1, -2, True, False, "word", "90.10", None],
        "c": {"type": "yes/no", "if no": "x", "no": "z"},
    }
    assert str(document.data["a"]) == "90.10"


def test_places() -> None:
    """Keys, values and the insides of texts are found again, and what is missing is at what surrounds it."""
    places = read('a:\n  - {b: "x = y"}\nc: |\n  one\n  two\n').places
    assert places.key(("a", 0, "b")) == (2, 6)
    assert places.value(("a", 0, "b")) == (2, 9)
    assert places.inside(("a", 0, "b"), 1, 3) == (2, 12)
    assert places.inside(("c",), 2, 1) == (5, 3)
    assert places.value(("a", 0, "missing")) == (2, 5)


@pytest.mark.parametrize(
    ("text", "where", "said"),
    [
        ("a: 1\na: 2\n", (2, 1), "first on line 1"),
        ("a: &x 1\nb: 2\n", (1, 4), "leave it out"),
        ("a: 1\nb: *x\n", (2, 4), "write it out here"),
        ("a: !!str 1\n", (1, 4), "tags such as"),
        ("a: !!python/object/apply:os.system [x]\n", (1, 4), "tags such as"),
        ("a: 1\n---\nb: 2\n", (2, 1), "a second document"),
        ("a: yes\n", (1, 4), "write true"),
        ("a: Off\n", (1, 4), "write false"),
        ("a: TRUE\n", (1, 4), "write true"),
        ("a: [en, no]\n", (1, 9), 'or "no" in quotes'),
        ("a: 12:30\n", (1, 4), "base 60"),
        ("a: 010\n", (1, 4), "octal"),
        ("a: 2026-01-02\n", (1, 4), "a date"),
        ("a: 0x1F\n", (1, 4), "another base"),
        ("a: 1_000\n", (1, 4), "a number"),
        ("a: 1e3\n", (1, 4), "a number"),
        ("a: .5\n", (1, 4), "a number"),
        ("a: +1\n", (1, 4), "a number"),
        ("a: .inf\n", (1, 4), "no ordinary number"),
        ("a: 99999999999999999999\n", (1, 4), "a number"),
        ("1: a\n", (1, 1), "cannot be a key"),
        ("? [a]\n: b\n", (1, 3), "cannot be a key"),
        ("<<: {a: 1}\n", (1, 1), "cannot be a key"),
        ("a: b: c\n", (1, 5), "put the whole text in quotes"),
        ("a:\n\t- b\n", (2, 1), "indent with spaces"),
        ("a: [b\n", (2, 1), "not readable as YAML"),
        ("", (1, 1), "empty"),
        ("a: \x00\n", (1, 1), "characters that YAML does not allow"),
        ("[" * 30 + "]" * 30, (1, 21), "nested more than"),
        ("a: " + "x" * LARGEST, (1, 1), "larger than 256 KB"),
    ],
)
def test_refused(text: str, where: tuple[int, int], said: str) -> None:
    """What readers of YAML disagree on, or could be abused, is refused at its place with advice."""
    line, column, message = complaint(text)
    assert said in message
    assert (line, column) == where


def test_every_surprise_is_told() -> None:
    """One surprise does not hide the next."""
    assert [problem.line for problem in read("a: yes\nb: 010\nb: 1\n").problems] == [1, 2, 3]


def test_many_aliases_cost_nothing() -> None:
    """A bomb of aliases is refused before it can grow."""
    bomb = "a: &a [x, x]\n" + "".join(f"{b}: &{b} [*{a}, *{a}]\n" for a, b in zip("abcdefgh", "bcdefghi", strict=True))
    assert any("write it out here" in problem.message for problem in read(bomb).problems)


@given(st.text(max_size=60))
def test_any_text(text: str) -> None:
    """Whatever is uploaded gives data or problems with real places, never a crash."""
    document = read(text)
    assert document.data is not None or document.problems or text.strip() in {"null", "~"}
    assert all(problem.line >= 1 and problem.column >= 1 for problem in document.problems)
