"""Decision tables: the first row that holds decides, exactly."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, strategies as st

from followthrough.tenant.home import Home
from followthrough.tenant.models import OutputType, Table
from followthrough.tenant.money import to_major, to_minor
from followthrough.tenant.tables import cell_mistake, covers, decide, holds, output_mistake
from followthrough.tenant.types import Plain, Type

HOME = Home("USD", "America/Chicago")
SCOPE: dict[str, Type] = {"tier": Plain.TEXT, "count": Plain.WHOLE, "weekend": Plain.YES_NO}


def table(*rows: dict[str, Any], **outputs: str) -> Table:
    """Build a table over the three inputs."""
    inputs = {name: f"={name}" for name in SCOPE}
    return Table.model_validate({"hit": "first", "inputs": inputs, "outputs": outputs, "rows": list(rows)})


PRICES = table(
    {"if": {"tier": ["gold", "silver"], "weekend": False}, "then": {"amount": Decimal("90.00"), "why": "Member"}},
    {"if": {"count": ">= 3"}, "then": {"amount": Decimal("100.5"), "why": "Regular"}},
    {"otherwise": {"amount": 120, "why": "Standard"}},
    amount="money",
    why="text",
)


@pytest.mark.parametrize(
    ("tier", "count", "weekend", "row", "amount"),
    [
        ("gold", 9, False, 0, 9000),
        ("silver", 0, False, 0, 9000),
        ("gold", 3, True, 1, 10050),
        ("gold", 2, True, 2, 12000),
        ("", 0, False, 2, 12000),
    ],
)
def test_first_row_that_holds(tier: str, count: int, weekend: bool, row: int, amount: int) -> None:  # noqa: FBT001
    """The first row whose cells all hold fires, and money comes out in minor units."""
    verdict = decide(PRICES, SCOPE, {"tier": tier, "count": count, "weekend": weekend}, HOME)
    assert (verdict.row, verdict.outputs["amount"]) == (row, amount)


def test_why() -> None:
    """A verdict tells what was looked at, and for every row that did not fire which cell failed."""
    verdict = decide(PRICES, SCOPE, {"tier": "gold", "count": 1, "weekend": True}, HOME)
    assert verdict.inputs == {"tier": "gold", "count": 1, "weekend": True}
    assert verdict.why == ("row 1: weekend is not False", "row 2: count is not >= 3")


def test_stored_release_decides_the_same() -> None:
    """A table that was stored as JSON and read again is the same table."""
    assert Table.model_validate_json(PRICES.model_dump_json()) == PRICES
    assert Table.model_validate_json(PRICES.model_dump_json(by_alias=True)) == PRICES


_cells = st.one_of(
    st.integers(-5, 5),
    st.lists(st.integers(-5, 5), min_size=1, max_size=3),
    st.builds("{} {}".format, st.sampled_from(["<", "<=", ">", ">="]), st.integers(-5, 5)),
)


def _naive(cell: Any, value: int) -> bool:
    if isinstance(cell, list):
        return value in cell
    return bool(eval(f"{value} {cell}")) if isinstance(cell, str) else value == cell


@given(st.lists(_cells, max_size=5), st.integers(-6, 6))
def test_decides_like_reading_the_rows(cells: list[Any], value: int) -> None:
    """For any rows and value, the table does what somebody does who reads the rows from the top."""
    rows = [{"if": {"count": cell}, "then": {"n": str(number)}} for number, cell in enumerate(cells)]
    built = table(*rows, {"otherwise": {"n": "none"}}, n="text")
    expected = next((number for number, cell in enumerate(cells) if _naive(cell, value)), len(cells))
    assert decide(built, SCOPE, {"tier": "", "count": value, "weekend": False}, HOME).row == expected


@given(_cells, _cells, st.integers(-6, 6))
def test_a_covered_row_never_fires(earlier: Any, later: Any, value: int) -> None:
    """What is reported as unreachable really is: where the later row holds, the earlier one does too."""
    if covers({"count": earlier}, {"count": later}) and holds(later, value):
        assert holds(earlier, value)


def test_cells_do_not_mix_kinds() -> None:
    """True is not 1, and the text 3 is not the number 3."""
    assert not holds(1, True)  # noqa: FBT003
    assert not holds(True, 1)  # noqa: FBT003
    assert not holds(3, "3")
    assert holds("3", 3), "a decimal of a stored release is text"


@pytest.mark.parametrize(
    ("cell", "of", "fine"),
    [
        (3, Plain.WHOLE, True),
        (">= 3", Plain.MONEY, True),
        ("< 2.5", Plain.NUMBER, True),
        ([1, 2], Plain.WHOLE, True),
        ([], Plain.WHOLE, False),
        (True, Plain.WHOLE, False),
        ("=> 3", Plain.WHOLE, False),
        ("gold", Plain.TEXT, True),
        (3, Plain.TEXT, False),
        ("> 3", Plain.TEXT, False),
        (False, Plain.YES_NO, True),
        ("no", Plain.YES_NO, False),
        ({"a": 1}, Plain.TEXT, False),
        (None, Plain.TEXT, False),
    ],
)
def test_cell_mistakes(cell: object, of: Plain, fine: bool) -> None:  # noqa: FBT001
    """A cell that could never be compared with its input is refused."""
    assert (cell_mistake(cell, of) is None) is fine


@pytest.mark.parametrize(
    ("value", "kind", "fine"),
    [
        (Decimal("90.00"), "money", True),
        ("90.00", "money", True),
        ("1e9999999", "money", False),
        (Decimal("0.005"), "money", False),
        (True, "money", False),
        ("NaN", "money", False),
        (1, "number", True),
        ("1.5", "number", True),
        ("x", "number", False),
        (True, "yes/no", True),
        ("true", "yes/no", False),
        ("x", "text", True),
        (3, "text", False),
    ],
)
def test_output_mistakes(value: object, kind: OutputType, fine: bool) -> None:  # noqa: FBT001
    """An output that is not of its kind is refused."""
    assert (output_mistake(value, kind, "USD") is None) is fine


@given(st.integers(-(10**12), 10**12), st.sampled_from(["USD", "JPY", "KWD", "EUR"]))
def test_money_is_exact(minor: int, currency: str) -> None:
    """Money goes to what people read and back without losing anything, whatever the currency's decimals."""
    assert to_minor(to_major(minor, currency), currency) == minor


def test_minor_units() -> None:
    """The currency says how many decimals an amount has."""
    assert [to_minor("12.30", "USD"), to_minor(12, "JPY"), to_minor("1.234", "KWD")] == [1230, 12, 1234]
    with pytest.raises(ValueError, match="more decimals than JPY has"):
        to_minor("12.30", "JPY")
